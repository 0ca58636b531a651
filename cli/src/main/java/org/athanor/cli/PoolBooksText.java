package org.athanor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.cli.terminal.Printable;
import org.athanor.ledger.Credit;
import org.athanor.ledger.WindowPay;
import org.athanor.network.Forwards;
import org.athanor.network.MeasuredHashrate;
import org.athanor.network.ReplayedUpstream;
import org.athanor.network.ReplayedUser;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** Books as tables and sentences. */
final class PoolBooksText {
    private static final String ROW = "%-24s %12s %9s %7s %22s %22s %26s %10s";

    private static final String UPSTREAM_ROW = "%-24s %12s %9s %9s %9s %18s %22s";
    private static final String SCHEME_ROW = "%-24s %26s";
    private static final int DIGITS = 4;
    private static final int DISPLAYED_SCALE = 8;
    /** Chance leaves this many standard deviations once in a thousand times. */
    private static final double SELDOM = 3.29;

    private static final long ENOUGH = 10;

    private final PoolBooks books;

    private PoolBooksText(PoolBooks books) {
        this.books = books;
    }

    static List<String> lines(PoolBooks books) {
        return new PoolBooksText(books).lines();
    }

    private List<String> lines() {
        var replay = books.replay();
        var lines = new ArrayList<String>();
        lines.add("share log " + replay.file());
        lines.add(format(
                "%d records, %d intervals settled, %s to %s, of which the pool ran %.1f s",
                replay.records(),
                replay.intervals(),
                replay.from(),
                replay.to(),
                replay.logged().toNanos() / 1e9));
        lines.add(format(
                "%d blocks found (%.2f expected), %d taken by the chain%s, %d refused",
                replay.blocksFound(),
                replay.expectedBlocks(),
                replay.blocksTaken(),
                replay.blocksOrphaned() > 0 ? " (" + replay.blocksOrphaned() + " left it again)" : "",
                replay.blocksRefused()));
        lines.add("");
        lines.add(format(
                ROW,
                "user",
                "accepted",
                "rejected",
                "blocks",
                "work (hashes)",
                "hash rate",
                "credited (msat)",
                "open"));
        for (var user : replay.accounts()) lines.add(row(name(user.status().user()), user));
        lines.add(row("together", replay.all()));
        for (var user : replay.accounts())
            if (user.status().rejectedCount() > 0)
                lines.add("rejected of " + name(user.status().user()) + ": "
                        + reasons(user.status().rejected()));
        if (replay.all().carried().signum() > 0)
            lines.add("(+ ...) is a fraction of a millisatoshi, carried until it makes a whole one");
        if (replay.unsettled() > 0)
            lines.add(replay.unsettled() + " open shares are not credited yet: their interval is not settled");
        if (replay.agrees())
            lines.add("adds up: the settled shares are worth " + amount(worth())
                    + " msat by the log's rate, and that is what is credited and carried");
        upstreams(lines);
        if (books.pay() != null) scheme(lines);
        replay.torn().ifPresent(torn -> lines.add("left out: " + torn));
        replay.tornCredits().ifPresent(torn -> lines.add("left out: " + torn));
        for (var difference : replay.differences()) lines.add("difference: " + Printable.text(difference));
        if (replay.differenceCount() > replay.differences().size())
            lines.add((replay.differenceCount() - replay.differences().size()) + " more differences");
        return lines;
    }

    private Credit worth() {
        return Credit.ofUnits(books.replay().owed());
    }

    private void upstreams(List<String> lines) {
        if (books.upstreams().upstreams().isEmpty()) return;
        for (var part : books.upstreams().upstreams()) {
            var upstream = part.upstream();
            lines.add("");
            lines.add(format(
                    "upstream %s: %d sessions since %s, %s done for it",
                    Printable.text(upstream.name()), upstream.sessions(), upstream.since(), upstream.work()));
            lines.add("  handed on: " + handedOn(upstream));
            for (var i = 0; i < part.splits().size(); i++) {
                var credit = upstream.paid().get(i).credit();
                var split = part.splits().get(i);
                lines.add(format(
                        "  paid for %s to %s: %d msat, %d to %d users, %d kept by the pool",
                        credit.from(),
                        credit.to(),
                        credit.msat().value(),
                        credit.msat().minus(split.fee()).value(),
                        split.users().size(),
                        split.fee().value()));
            }
            lines.add("  not paid yet: " + part.unpaid() + ", of which " + amount(part.expected())
                    + " msat are expected");
        }
        lines.add("");
        lines.add("expected is the work at the rate of: "
                + Printable.text(books.replay().scenario()));
        lines.add(format(
                UPSTREAM_ROW,
                "user",
                "handed on",
                "accepted",
                "rejected",
                "lost",
                "paid (msat)",
                "expected, not paid"));
        for (var user : books.replay().accounts()) {
            var status = user.status();
            if (!books.concerned(status)) continue;
            lines.add(upstreamRow(name(status.user()), status.forwards(), books.paid(status), books.expected(status)));
        }
        lines.add(upstreamRow(
                "together",
                books.replay().total().forwards(),
                books.upstreams().credits().minus(books.upstreams().fees()),
                books.upstreams().expected()));
        lines.add(format(
                "adds up: %d msat paid by upstreams, %d to users, %d kept by the pool",
                books.upstreams().credits().value(),
                books.upstreams().credits().minus(books.upstreams().fees()).value(),
                books.upstreams().fees().value()));
        for (var user : books.replay().accounts())
            if (user.status().forwards().rejectedCount() > 0)
                lines.add("rejected by upstreams of " + name(user.status().user()) + ": "
                        + reasons(user.status().forwards().rejected()));
    }

    private static String upstreamRow(String name, Forwards forwards, Millisatoshis paid, Credit expected) {
        return format(
                UPSTREAM_ROW,
                name,
                forwards.count(),
                forwards.accepted(),
                forwards.rejectedCount(),
                forwards.lost(),
                paid.value(),
                amount(expected));
    }

    private static String handedOn(ReplayedUpstream upstream) {
        var forwards = upstream.forwards();
        var text = format(
                "%d shares, %d accepted (%s), %d rejected, %d lost",
                forwards.count(),
                forwards.accepted(),
                forwards.acceptedWork(),
                forwards.rejectedCount(),
                forwards.lost());
        if (forwards.count() == 0 || !Double.isFinite(upstream.forwardedPart())) return text;
        text += format(
                "; %.4g%% +- %.2g%% of the work", 100 * upstream.forwardedPart(), 100 * upstream.forwardedPartError());
        return unlikely(upstream) ? text + ", more off than chance explains" : text;
    }

    private static boolean unlikely(ReplayedUpstream upstream) {
        return upstream.forwards().count() >= ENOUGH
                && Math.abs(upstream.forwardedPart() - 1) > SELDOM * upstream.forwardedPartError();
    }

    private void scheme(List<String> lines) {
        var events = books.recount().events();
        lines.add("");
        if (books.scheme() instanceof WindowPay window)
            lines.add(format(
                    "by %s, over the last %s x the network's work, pool fee %s: %d blocks pay %d msat, %d to users,"
                            + " %d kept by the pool",
                    PoolBooks.name(books.scheme()),
                    window.n().toPlainString(),
                    books.fee(),
                    books.pay().payouts().size(),
                    books.pay().rewards().value(),
                    books.pay().total().msat().value(),
                    books.pay().fees().plus(books.pay().unassigned()).value()));
        else
            lines.add(format(
                    "by %s, pool fee %s: each hash at what the log's templates make it worth",
                    PoolBooks.name(books.scheme()), books.fee()));
        if (events.orphaned() > 0) lines.add("  paying nothing: " + events.orphaned() + " blocks that left the chain");
        if (events.ofUpstreams() > 0) lines.add("  paid by upstreams: " + events.ofUpstreams() + " blocks of theirs");
        if (events.unvalued() > 0)
            lines.add("  left out: " + events.unvalued() + " blocks of which the log does not say what they pay");
        if (!books.pay().unpriced().equals(Work.ZERO))
            lines.add("  left out: " + books.pay().unpriced() + " from before the log's first template");
        lines.add(format(SCHEME_ROW, "user", "owed (msat)"));
        books.pay().users().forEach((user, credit) -> lines.add(format(SCHEME_ROW, name(user), amount(credit))));
        lines.add(format(SCHEME_ROW, "together", amount(books.pay().total())));
    }

    /** Whole millisatoshis as they are; what has a fraction with some digits of it. */
    private static String amount(Credit credit) {
        if (credit.remainder().signum() == 0) return Long.toString(credit.msat().value());
        var digits = DIGITS + Long.toString(credit.msat().value()).length() - 1;
        var text = credit.rounded(digits);
        return text.scale() > DISPLAYED_SCALE ? format("%.3e", text) : text.toPlainString();
    }

    private static String row(String name, ReplayedUser user) {
        var status = user.status();
        return format(
                ROW,
                name,
                status.accepted(),
                status.rejectedCount(),
                user.blocks(),
                status.work().hashes(),
                rate(user.hashrate()),
                credited(user),
                user.unsettledShares());
    }

    /** A small computer earns less than a millisatoshi for a long time, and a bare zero would not say so. */
    private static String credited(ReplayedUser user) {
        var whole = Long.toString(user.status().credited().value());
        if (user.carried().signum() == 0) return whole;
        return whole + " (+ " + amount(Credit.ofUnits(user.carried())) + ")";
    }

    private static String rate(MeasuredHashrate measured) {
        if (!Double.isFinite(measured.relativeError())) return "-";
        return format("%s +- %.2g%%", measured.rate(), 100 * measured.relativeError());
    }

    private static String reasons(Map<ShareVerdict.Reason, Long> rejected) {
        return new TreeMap<>(rejected)
                .entrySet().stream()
                        .map(entry -> entry.getValue() + " " + PoolBooks.key(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }

    /** Nobody's rejected shares have an empty name; miners choose theirs, so nothing in them may move the cursor. */
    private static String name(String user) {
        return user.isEmpty() ? "(nobody)" : Printable.text(user);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
