package org.athanor.network;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.athanor.hash.Target;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Settlement;
import org.athanor.units.Work;

/** Reads a share log from its first line and believes none of the sums in it. */
final class Replayer {
    private static final int LISTED_DIFFERENCES = 100;
    private static final int CACHED_TARGETS = 4096;
    private static final int OWED_BITS = 128;
    private static final Rate NO_RATE = new Rate(BigInteger.ZERO, BigInteger.ONE);

    private final Path file;
    private final Consumer<CreditLine> credits;
    private final Accounts accounts = new Accounts();
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Seen> extras = new HashMap<>();
    private final RunningTime time = new RunningTime();
    private long differenceCount;
    private long line;
    private long intactBytes;
    private Optional<String> torn = Optional.empty();
    private final Optional<String> tornCredits;
    private final Upstreams upstreams;
    /** Null when nobody wants them. */
    private final PoolEvents events;

    private final LogFields.Known known = new LogFields.Known();
    private final Map<BigInteger, SeenTarget> targets = new HashMap<>();
    private long shares;
    private BigInteger shareUnits = BigInteger.ZERO;
    private long creditLines;
    /** In 2⁻¹²⁸ msat, so that what is lost here is far below what settlement may lose. */
    private BigInteger owed = BigInteger.ZERO;

    /** @param text 64 hex digits */
    private record SeenTarget(Work work, String text) {}

    /** What the accounts of a running pool need not know. */
    private static final class Seen {
        double squares;
        long blocks;
    }

    private Replayer(
            Path file, Consumer<CreditLine> credits, CreditsLog.Contents upstreamCredits, boolean collectEvents) {
        this.file = file;
        this.credits = credits;
        upstreams = new Upstreams(upstreamCredits.credits());
        tornCredits = upstreamCredits.torn();
        events = collectEvents ? new PoolEvents() : null;
    }

    /**
     * @param credits is given every credit line as it follows from the log's shares, in order
     * @throws ShareLogException if the file cannot be read, or a line before the last is damaged
     */
    static Replayer read(Path file, Consumer<CreditLine> credits) {
        return read(file, credits, CreditsLog.Contents.NONE, false);
    }

    /**
     * @param upstreamCredits to divide among the work that they are for
     * @param collectEvents whether {@link #events} will be asked for
     */
    static Replayer read(
            Path file, Consumer<CreditLine> credits, CreditsLog.Contents upstreamCredits, boolean collectEvents) {
        var replayer = new Replayer(file, credits, upstreamCredits, collectEvents);
        try (var in = new FileInputStream(file.toFile())) {
            replayer.read(new Bytes(in, in.getChannel().size()));
        } catch (IOException e) {
            throw new ShareLogException(file, "cannot be read: " + e.getMessage(), e);
        }
        return replayer;
    }

    Accounts accounts() {
        return accounts;
    }

    long intactBytes() {
        return intactBytes;
    }

    SchemeEvents events() {
        return events.result();
    }

    /** Once only: it adds what only the end of a log shows to the differences. */
    Replay result() {
        var users = accounts.status();
        var total = Accounts.total(users);
        var replayedUpstreams = upstreams.result(what -> differ(CreditsLog.FILE_NAME + ": ", what));
        checkTotals(total);
        var header = Optional.ofNullable(accounts.header()); // none in an empty log
        var seconds = time.total().toNanos() / 1e9;
        List<ReplayedUser> replayed = new ArrayList<>();
        long unsettled = 0;
        var unsettledUnits = BigInteger.ZERO;
        var carried = BigInteger.ZERO;
        var squares = 0.0;
        for (var account : accounts.all()) {
            var extra = extras.getOrDefault(account.user, new Seen());
            var status = account.status();
            replayed.add(new ReplayedUser(
                    status,
                    extra.blocks,
                    account.openShares,
                    new Work(account.openUnits),
                    account.carried,
                    MeasuredHashrate.of(status.work(), extra.squares, seconds)));
            unsettled += account.openShares;
            unsettledUnits = unsettledUnits.add(account.openUnits);
            carried = carried.add(account.carried);
            squares += extra.squares;
        }
        var all = new ReplayedUser(
                total,
                accounts.blocksFound(),
                unsettled,
                new Work(unsettledUnits),
                carried,
                MeasuredHashrate.of(total.work(), squares, seconds));
        return new Replay(
                file,
                line,
                accounts.intervals(),
                unsettled,
                users,
                total,
                List.copyOf(replayed),
                all,
                time.begun(),
                time.last(),
                time.total(),
                accounts.blocksFound(),
                accounts.blocksTaken(),
                accounts.blocksOrphaned(),
                accounts.blocksRefused(),
                accounts.expectedBlocks(),
                header.map(LogRecord.Header::scenario).orElse(""),
                header.map(LogRecord.Header::rate).orElse(NO_RATE),
                header.flatMap(LogRecord.Header::poolFee),
                owed.shiftRight(OWED_BITS - Settlement.FRACTION_BITS),
                replayedUpstreams,
                differenceCount,
                List.copyOf(differences),
                torn,
                tornCredits);
    }

    private void read(Bytes in) throws IOException {
        var bytes = new Line();
        while (true) {
            bytes.reset();
            var ended = in.line(bytes);
            if (bytes.size() == 0 && !ended) return;
            if (!ended || !bytes.intact()) {
                // a crash tears the end of the file and nothing before it
                if (in.more() || (ended && line == 0))
                    throw new ShareLogException(file, line + 1, "damaged: its checksum does not fit");
                torn = Optional.of("line " + (line + 1) + " (" + bytes.size() + " bytes) is unfinished or damaged");
                return;
            }
            line++;
            intactBytes += bytes.size() + 1;
            LogRecord entry;
            try {
                entry = LogCodec.decode(bytes.payload(), known);
            } catch (
                    RuntimeException e) { // the checksum fits, so it was written so: by another version or another hand
                throw new ShareLogException(file, "line " + line + ": not understood: " + e.getMessage(), e);
            }
            try {
                apply(entry);
            } catch (ArithmeticException | IllegalArgumentException | IllegalStateException e) {
                throw new ShareLogException(file, "line " + line + ": cannot be computed: " + e.getMessage(), e);
            }
        }
    }

    private void apply(LogRecord entry) {
        if (accounts.header() == null && !(entry instanceof LogRecord.Header))
            throw new ShareLogException(file, line, "a share log begins with a header");
        switch (entry) {
            case LogRecord.Share share -> {
                var checked = checked(share);
                accounts.apply(checked);
                note(checked);
                upstreams.share(checked);
                if (events != null) events.share(checked);
            }
            case LogRecord.Interval interval -> {
                var recomputed = recomputed(interval);
                accounts.apply(recomputed);
                time.seen(recomputed.end());
                recomputed.lines().forEach(this::owe);
                recomputed.lines().forEach(credits);
            }
            case LogRecord.Header header -> {
                accounts.apply(header);
                time.started(header.opened());
                upstreams.restarted();
                if (events != null) events.network(Work.ofTarget(header.networkTarget()));
            }
            case LogRecord.Network network -> {
                accounts.apply(network);
                if (events != null) events.network(Work.ofTarget(network.target()));
            }
            case LogRecord.Template template -> {
                accounts.apply(template);
                if (events != null) events.template(template);
            }
            case LogRecord.Block block -> {
                accounts.apply(block);
                if (events != null) events.block(block);
            }
            case LogRecord.Orphan orphan -> {
                accounts.apply(orphan);
                if (events != null) events.orphan(orphan);
            }
            case LogRecord.Upstream upstream -> {
                accounts.apply(upstream);
                time.seen(upstream.start());
                upstreams.session(upstream);
            }
            case LogRecord.Forward forward -> {
                accounts.apply(forward);
                time.seen(forward.time());
                upstreams.forward(forward);
            }
            case LogRecord.Reject reject -> accounts.apply(reject);
            case LogRecord.Refused refused -> accounts.apply(refused);
        }
    }

    private void owe(CreditLine line) {
        creditLines++;
        owed = owed.add(line.work()
                .units()
                .multiply(line.weighting().weight().numerator())
                .multiply(line.rate().msat())
                .shiftLeft(OWED_BITS)
                .divide(line.weighting()
                        .weight()
                        .denominator()
                        .multiply(line.rate().units())));
    }

    /**
     * The books against a second count of the same shares: as many shares and as much work as were read, and credits and
     * carried fractions that are together what the work is worth, less at most 2⁻⁶⁴ msat a line.
     */
    private void checkTotals(UserStatus total) {
        if (total.accepted() != shares || !total.work().units().equals(shareUnits))
            differ(
                    "in all: ",
                    "users have " + total.accepted() + " shares of "
                            + total.work().units() + " units of work, the log " + shares + " of " + shareUnits);
        var booked = BigInteger.valueOf(total.credited().value()).shiftLeft(Settlement.FRACTION_BITS);
        for (var account : accounts.all()) {
            booked = booked.add(account.carried);
            if (account.forwards.count() > account.accepted)
                differ(
                        "in all: ",
                        account.forwards.count() + " shares of \"" + account.user + "\" were handed on, "
                                + account.accepted + " accepted");
        }
        var lost = owed.subtract(booked.shiftLeft(OWED_BITS - Settlement.FRACTION_BITS));
        var most = BigInteger.valueOf(creditLines).shiftLeft(OWED_BITS - Settlement.FRACTION_BITS);
        // a line's own rounding to 2⁻¹²⁸ msat may make what is owed a trace smaller
        if (lost.compareTo(BigInteger.valueOf(-creditLines)) < 0 || lost.compareTo(most) > 0)
            differ(
                    "in all: ",
                    "the settled shares are worth " + owed.shiftRight(OWED_BITS) + " msat, credited are "
                            + total.credited().value() + " msat with what is carried");
    }

    private void note(LogRecord.Share share) {
        var own = extras.computeIfAbsent(share.user(), user -> new Seen());
        var hashes = share.work().units().doubleValue() / 0x1p64;
        own.squares += hashes * hashes;
        if (share.block()) own.blocks++;
        shares++;
        shareUnits = shareUnits.add(share.work().units());
        time.seen(share.time());
    }

    private LogRecord.Share checked(LogRecord.Share share) {
        var expected = accounts.account(share.user()).accepted + 1;
        if (share.sequence() != expected)
            differ("share " + share.sequence() + " of \"" + share.user() + "\" follows its share " + (expected - 1));
        var target = targets.get(share.target());
        if (target == null) {
            if (targets.size() >= CACHED_TARGETS) targets.clear();
            target = new SeenTarget(Work.ofTarget(share.target()), new Target(share.target()).toString());
            targets.put(share.target(), target);
        }
        var work = target.work();
        if (!work.equals(share.work())) differ("work " + share.work().units() + ", its target gives " + work.units());
        if (share.hash().compareTo(target.text()) > 0) // both have 64 digits
        differ("hash " + share.hash() + " misses the share's target");
        if (share.sequence() == expected && work.equals(share.work())) return share;
        return new LogRecord.Share(
                share.user(), expected, share.hash(), share.target(), work, share.block(), share.time());
    }

    /** The interval with every line computed from the shares read; weights and ends are what only the record knows. */
    private LogRecord.Interval recomputed(LogRecord.Interval logged) {
        var number = accounts.intervals() + 1;
        if (logged.number() != number) differ("interval " + logged.number() + " follows interval " + (number - 1));
        if (!logged.start().equals(accounts.openSince()))
            differ("interval " + number + " starts at " + logged.start() + ", the one before ended at "
                    + accounts.openSince());
        var seen = new HashSet<String>();
        List<CreditLine> lines = new ArrayList<>();
        for (var line : logged.lines()) {
            if (!seen.add(line.user())) {
                differ("interval " + number + " credits \"" + line.user() + "\" twice");
                continue;
            }
            var own = accounts.account(line.user())
                    .line(
                            number,
                            accounts.openSince(),
                            logged.end(),
                            line.weighting(),
                            accounts.header().rate());
            if (!own.equals(line)) differ("interval " + number + " has " + line + ", its shares give " + own);
            lines.add(own);
        }
        for (var account : accounts.all())
            if (account.openShares > 0 && !seen.contains(account.user))
                differ("interval " + number + " leaves out " + account.openShares + " shares of \"" + account.user
                        + "\"");
        return new LogRecord.Interval(number, accounts.openSince(), logged.end(), List.copyOf(lines));
    }

    private void differ(String what) {
        differ("line " + line + ": ", what);
    }

    private void differ(String where, String what) {
        differenceCount++;
        if (differences.size() < LISTED_DIFFERENCES) differences.add(where + what);
    }

    /**
     * The file as long as it was when reading began: a pool that goes on writing must not make a line that is unfinished
     * now look like one that is damaged.
     */
    private static final class Bytes {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private long left;
        private int next;
        private int end;

        Bytes(InputStream in, long length) {
            this.in = in;
            left = length;
        }

        /** Whether anything is left. */
        boolean more() throws IOException {
            if (next < end) return true;
            if (left == 0) return false;
            next = 0;
            end = Math.max(0, in.read(buffer, 0, (int) Math.min(buffer.length, left)));
            left = end == 0 ? 0 : left - end; // nothing comes when the file was cut meanwhile
            return end > 0;
        }

        /** Takes what is there up to a line feed, which is taken and left out; false where there is none. */
        boolean line(Line line) throws IOException {
            while (more()) {
                var start = next;
                while (next < end && buffer[next] != '\n') next++;
                line.write(buffer, start, next - start);
                if (next < end) {
                    next++;
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Line extends ByteArrayOutputStream {
        boolean intact() {
            return LogLine.intact(buf, count);
        }

        String payload() {
            return new String(buf, LogLine.CHECK, count - LogLine.CHECK, StandardCharsets.US_ASCII);
        }
    }
}
