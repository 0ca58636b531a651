package org.athanor.network;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.athanor.units.Work;

/** Whose work is for which upstream and which of its credits; fed with the records of a share log in their order. */
final class Upstreams {
    private final Map<String, Book> books = new LinkedHashMap<>();
    private final List<UpstreamCredit> credits;
    /** Null while the pool works for itself. */
    private Book current;

    private static final class Book {
        final String name;
        final Instant since;
        final TreeMap<Instant, Window> windows = new TreeMap<>();
        final Map<String, BigInteger> unpaid = new TreeMap<>();
        long sessions;
        BigInteger units = BigInteger.ZERO;
        Forwards forwards = Forwards.NONE;
        Work forwarded = Work.ZERO;
        double squares;

        Book(String name, Instant since) {
            this.name = name;
            this.since = since;
        }

        Map<String, BigInteger> at(Instant time) {
            var window = windows.floorEntry(time);
            return window != null && window.getValue().credit.covers(time) ? window.getValue().units : unpaid;
        }
    }

    private record Window(UpstreamCredit credit, Map<String, BigInteger> units) {}

    /** @param credits none overlapping another of the same upstream */
    Upstreams(List<UpstreamCredit> credits) {
        this.credits = credits;
    }

    void restarted() {
        current = null;
    }

    void session(LogRecord.Upstream upstream) {
        if (upstream.name().isEmpty()) {
            current = null;
            return;
        }
        current = book(upstream.name(), upstream.start());
        current.sessions++;
    }

    void share(LogRecord.Share share) {
        if (current == null) return;
        current.units = current.units.add(share.work().units());
        current.at(share.time()).merge(share.user(), share.work().units(), BigInteger::add);
    }

    void forward(LogRecord.Forward forward) {
        var book = book(forward.upstream(), forward.time());
        var work = Work.ofTarget(forward.target());
        book.forwards = book.forwards.plus(forward);
        book.forwarded = book.forwarded.plus(work);
        book.squares += work.toDouble() * work.toDouble();
    }

    private Book book(String name, Instant since) {
        return books.computeIfAbsent(name, _ -> {
            var book = new Book(name, since);
            for (var credit : credits)
                if (credit.upstream().equals(name))
                    book.windows.put(credit.from(), new Window(credit, new TreeMap<>()));
            return book;
        });
    }

    /** @param differences is told of each credit that is for no work */
    List<ReplayedUpstream> result(Consumer<String> differences) {
        for (var credit : credits)
            if (!books.containsKey(credit.upstream()))
                differences.accept(credit + ": the share log knows no such upstream");
        List<ReplayedUpstream> upstreams = new ArrayList<>();
        for (var book : books.values()) {
            List<PaidWindow> paid = new ArrayList<>();
            for (var window : book.windows.values()) {
                if (window.units.isEmpty())
                    differences.accept(window.credit + ": no share was accepted for this upstream in that time");
                else paid.add(new PaidWindow(window.credit, work(window.units)));
            }
            var work = new Work(book.units).toDouble();
            upstreams.add(new ReplayedUpstream(
                    book.name,
                    book.since,
                    book.sessions,
                    new Work(book.units),
                    book.forwards,
                    book.forwarded.toDouble() / work,
                    Math.sqrt(book.squares) / work,
                    List.copyOf(paid),
                    work(book.unpaid)));
        }
        return List.copyOf(upstreams);
    }

    private static SortedMap<String, Work> work(Map<String, BigInteger> units) {
        var work = new TreeMap<String, Work>();
        units.forEach((user, sum) -> work.put(user, new Work(sum)));
        return Collections.unmodifiableSortedMap(work);
    }
}
