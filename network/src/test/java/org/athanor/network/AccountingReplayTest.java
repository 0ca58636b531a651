package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.athanor.ledger.Credit;
import org.athanor.ledger.PayScheme;
import org.athanor.ledger.PerShare;
import org.athanor.ledger.PoolEvent;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weighting;
import org.athanor.ledger.WindowPay;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs with records of every kind, credits of upstreams beside them, and what follows from both. */
class AccountingReplayTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = START.plusSeconds(1_000_000);
    private static final BigInteger EASY = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE); // two hashes
    private static final BigInteger NETWORK = BigInteger.ONE.shiftLeft(253).subtract(BigInteger.ONE); // eight
    private static final Rate RATE = new Rate(BigInteger.ONE, BigInteger.ONE.shiftLeft(64)); // a msat a hash
    private static final PoolFee FEE = new PoolFee(new BigDecimal("0.01"));
    private static final String POOL = "pool.example:3333";
    private static final List<PayScheme> SCHEMES =
            List.of(PerShare.PPS, PerShare.FPPS, new WindowPay(BigDecimal.TWO), WindowPay.TIDES);

    @TempDir
    Path folder;

    private int number;

    private static LogRecord.Header header(Instant time) {
        return new LogRecord.Header(time, NETWORK, RATE, "a test", Optional.of(FEE));
    }

    private String share(ShareLog log, String user, int second, boolean block) {
        var hash = String.format("%064x", ++number);
        var sequence = log.accounts().account(user).accepted + 1;
        log.append(
                new LogRecord.Share(user, sequence, hash, EASY, Work.ofTarget(EASY), block, START.plusSeconds(second)));
        return hash;
    }

    private static LogRecord.Forward forward(String user, String hash, LogRecord.Outcome outcome) {
        return new LogRecord.Forward(user, hash, POOL, NETWORK, START.plusSeconds(9), outcome);
    }

    /** A record of every kind. */
    private void write() {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            log.append(new LogRecord.Template(100, NETWORK, 6000, 5000));
            log.append(new LogRecord.Upstream(POOL, START));
            var first = share(log, "a", 1, false);
            var second = share(log, "b", 2, true);
            var third = share(log, "b", 3, false);
            log.append(new LogRecord.Block(100, second, OptionalLong.of(6000), Optional.empty()));
            log.append(new LogRecord.Refused(third, "stale"));
            log.append(forward("a", first, new LogRecord.Outcome.Accepted()));
            log.append(forward("b", second, new LogRecord.Outcome.Lost()));
            log.append(forward(
                    "b", third, new LogRecord.Outcome.Rejected(ShareVerdict.Reason.JOB_NOT_FOUND, "job not found")));
            log.append(new LogRecord.Reject("a", ShareVerdict.Reason.DUPLICATE));
            log.append(log.accounts().close(START.plusSeconds(10), user -> Weighting.REAL));
            log.append(new LogRecord.Network(NETWORK.shiftRight(1)));
            log.append(new LogRecord.Upstream("", START.plusSeconds(11)));
            log.append(new LogRecord.Orphan(100, second));
            share(log, "a", 12, false);
        }
    }

    private CreditsLog.Entry enter(int from, int to, long msat) {
        return CreditsLog.enter(folder, credit(from, to, msat), false);
    }

    private static UpstreamCredit credit(int from, int to, long msat) {
        return new UpstreamCredit(POOL, START.plusSeconds(from), START.plusSeconds(to), new Millisatoshis(msat), LATER);
    }

    @Test
    void whatIsInTheLogIsInTheBooks() {
        write();
        assertInstanceOf(CreditsLog.Entry.Entered.class, enter(0, 10, 100));
        var replay = ShareLog.replay(folder);
        assertEquals(List.of(), replay.differences());
        assertEquals(17, replay.records());
        assertEquals(List.of(1L, 1L, 1L), List.of(replay.blocksFound(), replay.blocksTaken(), replay.blocksOrphaned()));
        assertEquals(Optional.of(FEE), replay.poolFee());
        assertEquals(BigInteger.valueOf(6).shiftLeft(64), replay.owed());

        var b = replay.users().get(1).forwards();
        assertEquals(new Forwards(0, Work.ZERO, Map.of(ShareVerdict.Reason.JOB_NOT_FOUND, 1L), 1), b);
        var pool = replay.upstreams().getFirst();
        assertEquals(3, pool.forwards().count());
        assertEquals(Work.ofTarget(NETWORK), pool.forwards().acceptedWork());
        assertEquals(Work.ofTarget(EASY).times(3), pool.work(), "what came after the session is not for the pool");
        assertEquals(4.0, pool.forwardedPart());
        assertEquals(Math.sqrt(3 * 64) / 6, pool.forwardedPartError(), 1e-12);
        // a hundred less one, a third and two thirds
        var books = UpstreamStatement.of(replay.upstreams(), replay.rate(), FEE);
        assertEquals(Map.of("a", new Millisatoshis(33), "b", new Millisatoshis(66)), books.paidTo());
        assertEquals(new Millisatoshis(1), books.fees());
        assertEquals(Map.of(), books.expectedFor());
    }

    @Test
    void aLogOfEveryKindCutAnywhereReplaysAsItsWholeLines() throws IOException {
        write();
        var file = folder.resolve(ShareLog.FILE_NAME);
        var whole = Files.readAllBytes(file);
        var lines = 0;
        for (var length = 0; length <= whole.length; length++) {
            if (length > 0 && whole[length - 1] == '\n') lines++;
            Files.write(file, Arrays.copyOf(whole, length));
            var recount = ShareLog.recount(folder);
            assertEquals(lines, recount.replay().records(), "cut at " + length);
            assertEquals(List.of(), recount.replay().differences(), "cut at " + length);
            for (var scheme : SCHEMES) scheme.pay(recount.events().events(), FEE);
        }
    }

    @Test
    void damageInARecordOfAnyKindNamesItsLine() throws IOException {
        write();
        var file = folder.resolve(ShareLog.FILE_NAME);
        var whole = Files.readAllBytes(file);
        var number = 1;
        for (var place = 0; place < whole.length; place++) {
            if (whole[place] == '\n') {
                number++;
                continue;
            }
            if (place % 7 != 0 || number == 17) continue; // the last line is torn, not damaged
            var damaged = whole.clone();
            damaged[place] ^= 1;
            Files.write(file, damaged);
            var error = assertThrows(ShareLogException.class, () -> ShareLog.replay(folder));
            assertTrue(error.getMessage().contains("line " + number + ": damaged"), error.getMessage());
        }
        assertEquals(18, number);
    }

    @Test
    void aBlockThatIsBackInTheChainPaysAgain() {
        write();
        assertEquals(0, blocks());
        try (var log = ShareLog.open(folder)) {
            log.append(header(LATER));
            log.append(new LogRecord.Block(100, String.format("%064x", 2), OptionalLong.of(6000), Optional.empty()));
        }
        assertEquals(1, blocks());
        var replay = ShareLog.replay(folder);
        assertEquals(List.of(1L, 0L), List.of(replay.blocksTaken(), replay.blocksOrphaned()));
    }

    @Test
    void aBlockThatIsToldOfTwiceIsOneBlock() {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            var hash = share(log, "a", 1, true);
            log.append(new LogRecord.Orphan(100, hash)); // the node knew it, but not in its best chain
            log.append(new LogRecord.Block(100, hash));
            log.append(new LogRecord.Block(100, hash, OptionalLong.of(6000), Optional.empty()));
            log.append(new LogRecord.Block(100, hash));
        }
        var recount = ShareLog.recount(folder);
        assertEquals(1, recount.replay().blocksTaken());
        assertEquals(0, recount.replay().blocksOrphaned());
        assertEquals(
                Map.of("a", new Credit(new Millisatoshis(6_000_000), BigInteger.ZERO)),
                WindowPay.TIDES.pay(recount.events().events(), PoolFee.NONE).users());
    }

    private long blocks() {
        return ShareLog.recount(folder).events().events().stream()
                .filter(PoolEvent.Block.class::isInstance)
                .count();
    }

    @Test
    void afterAStartThePoolWorksForNobodyUntilItSaysSo() {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            log.append(new LogRecord.Upstream(POOL, START));
            share(log, "a", 1, false);
            log.append(header(START.plusSeconds(5)));
            share(log, "a", 6, false);
        }
        assertEquals(
                Work.ofTarget(EASY),
                ShareLog.replay(folder).upstreams().getFirst().work());
    }

    @Test
    void aShareAtTheEndOfACreditsTimeBelongsToTheNext() {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            log.append(new LogRecord.Upstream(POOL, START));
            for (var second = 4; second <= 6; second++) share(log, "at " + second, second, false);
        }
        assertInstanceOf(CreditsLog.Entry.Entered.class, enter(5, 6, 7));
        assertInstanceOf(CreditsLog.Entry.Entered.class, enter(0, 5, 3));
        var books = UpstreamStatement.of(ShareLog.replay(folder).upstreams(), RATE, PoolFee.NONE);
        assertEquals(Map.of("at 4", new Millisatoshis(3), "at 5", new Millisatoshis(7)), books.paidTo());
        assertEquals(Map.of("at 6", new Credit(new Millisatoshis(2), BigInteger.ZERO)), books.expectedFor());
    }

    @Test
    void moreSharesHandedOnThanAcceptedIsADifference() {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            var hash = share(log, "a", 1, false);
            log.append(forward("a", hash, new LogRecord.Outcome.Accepted()));
            log.append(forward("a", hash, new LogRecord.Outcome.Accepted()));
        }
        assertEquals(
                List.of("in all: 2 shares of \"a\" were handed on, 1 accepted"),
                ShareLog.replay(folder).differences());
    }

    @Test
    void aCreditIsEnteredWhileThePoolHoldsItsLog() {
        write();
        try (var log = ShareLog.open(folder)) {
            log.append(header(START.plusSeconds(20)));
            log.append(new LogRecord.Upstream(POOL, START.plusSeconds(20)));
            share(log, "b", 21, false);
            assertInstanceOf(CreditsLog.Entry.Entered.class, enter(0, 25, 100));
            share(log, "b", 26, false);
            assertInstanceOf(CreditsLog.Entry.Entered.class, enter(25, 30, 50));
        }
        var paid = UpstreamStatement.of(ShareLog.replay(folder).upstreams(), RATE, PoolFee.NONE)
                .paidTo();
        assertEquals(Map.of("a", new Millisatoshis(25), "b", new Millisatoshis(125)), paid);
    }

    @Test
    void aLogCanBeReadWhileItGrows() throws Exception {
        try (var log = ShareLog.open(folder)) {
            log.append(header(START));
            var writer = Thread.ofPlatform().start(() -> {
                for (var i = 0; i < 20_000; i++) share(log, "a", i, false);
            });
            long records = 0;
            while (writer.isAlive()) {
                var replay = ShareLog.replay(folder);
                assertEquals(List.of(), replay.differences());
                assertTrue(replay.records() >= records, replay.records() + " after " + records);
                records = replay.records();
            }
            writer.join();
            assertEquals(20_001, ShareLog.replay(folder).records());
        }
    }

    @Test
    void creditsHaveOneWriter() throws IOException {
        write();
        var file = folder.resolve(CreditsLog.FILE_NAME);
        try (var other = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                var lock = other.lock()) {
            assertTrue(lock.isValid());
            var error = assertThrows(ShareLogException.class, () -> enter(0, 10, 100));
            assertTrue(error.getMessage().contains("is being written by"), error.getMessage());
        }
        assertInstanceOf(CreditsLog.Entry.Entered.class, enter(0, 10, 100));
    }

    @Test
    void creditsCutAnywhereReadAsTheirWholeLines() throws IOException {
        write();
        for (var i = 1; i < 4; i++) assertInstanceOf(CreditsLog.Entry.Entered.class, enter(i, i + 1, i));
        var file = folder.resolve(CreditsLog.FILE_NAME);
        var whole = Files.readAllBytes(file);
        var lines = 0;
        for (var length = 0; length <= whole.length; length++) {
            var ended = length > 0 && whole[length - 1] == '\n';
            if (ended) lines++;
            Files.write(file, Arrays.copyOf(whole, length));
            var contents = CreditsLog.read(file);
            assertEquals(Math.max(0, lines - 1), contents.credits().size(), "cut at " + length);
            assertEquals(length > 0 && !ended, contents.torn().isPresent(), "cut at " + length);
            if (length % 37 != 0) continue;
            var next = enter(lines < 2 ? 1 : 12, lines < 2 ? 2 : 13, 5);
            // 12 to 13 was not for the pool: refused, and what was torn stays for the next entry to cut off
            assertEquals(lines < 2, next instanceof CreditsLog.Entry.Entered, "cut at " + length + ": " + next);
            if (lines < 2) assertEquals(1, CreditsLog.read(file).credits().size());
        }
    }

    @Property(tries = 60)
    void theLogAloneGivesTheSameMoneyEachTime(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count)
            throws IOException {
        var folder = Files.createTempDirectory("athanor-accounting"); // jqwik has no @TempDir
        try {
            writeAtRandom(folder, new Random(seed), count);
            var recount = ShareLog.recount(folder);
            assertEquals(List.of(), recount.replay().differences());
            assertEquals(recount, ShareLog.recount(folder));
            for (var scheme : SCHEMES) {
                var pay = scheme.pay(recount.events().events(), FEE);
                assertEquals(pay, scheme.pay(ShareLog.recount(folder).events().events(), FEE));
                for (var payout : pay.payouts()) {
                    var paid = payout.amounts().values().stream().reduce(Millisatoshis.ZERO, Millisatoshis::plus);
                    assertEquals(
                            payout.block().reward(),
                            payout.fee().plus(payout.unassigned()).plus(paid));
                }
            }
            assertPaidAndUnpaidAreAllWork(recount.replay());
        } finally {
            delete(folder);
        }
    }

    private static void assertPaidAndUnpaidAreAllWork(Replay replay) {
        var credits = Millisatoshis.ZERO;
        for (var upstream : replay.upstreams()) {
            var work = upstream.unpaid().values().stream().reduce(Work.ZERO, Work::plus);
            for (var window : upstream.paid()) {
                work = window.work().values().stream().reduce(work, Work::plus);
                credits = credits.plus(window.credit().msat());
            }
            assertEquals(upstream.work(), work);
        }
        var books = UpstreamStatement.of(replay.upstreams(), RATE, FEE);
        assertEquals(credits, books.paidTo().values().stream().reduce(books.fees(), Millisatoshis::plus));
        var parts = books.upstreams().stream()
                .map(UpstreamStatement.Part::paid)
                .reduce(Millisatoshis.ZERO, Millisatoshis::plus);
        assertEquals(credits, parts);
    }

    private void writeAtRandom(Path folder, Random random, int count) {
        number = 0;
        List<String> blocks = new ArrayList<>();
        var last = new TreeMap<String, String>();
        var log = ShareLog.open(folder);
        try {
            log.append(header(START));
            for (var i = 0; i < count; i++) {
                var user = "user " + random.nextInt(4);
                switch (random.nextInt(12)) {
                    case 0 ->
                        log.append(new LogRecord.Template(
                                100 + i, NETWORK.shiftRight(random.nextInt(3)), 6000 + random.nextInt(1000), 5000));
                    case 1 ->
                        log.append(new LogRecord.Upstream(random.nextInt(4) == 0 ? "" : POOL, START.plusSeconds(i)));
                    case 2 -> {
                        var hash = last.remove(user);
                        if (hash != null)
                            log.append(forward(
                                    user,
                                    hash,
                                    random.nextBoolean()
                                            ? new LogRecord.Outcome.Accepted()
                                            : new LogRecord.Outcome.Rejected(ShareVerdict.Reason.OTHER, "no")));
                    }
                    case 3 -> {
                        if (!blocks.isEmpty()) log.append(new LogRecord.Orphan(1, blocks.getFirst()));
                    }
                    case 4 -> {
                        log.close();
                        log = ShareLog.open(folder);
                        log.append(header(START.plusSeconds(i)));
                    }
                    case 5 -> log.append(log.accounts().close(START.plusSeconds(i), who -> Weighting.REAL));
                    case 6 -> {
                        var hash = String.format("%064x", number + 1);
                        log.append(new LogRecord.Block(
                                100 + i, hash, OptionalLong.of(random.nextInt(10_000)), Optional.empty()));
                        share(log, user, i, true);
                        blocks.add(hash);
                    }
                    default -> last.put(user, share(log, user, i, false));
                }
            }
        } finally {
            log.close();
        }
        for (var i = 0; i < 5; i++) {
            var from = random.nextInt(count);
            CreditsLog.enter(
                    folder,
                    credit(from, from + 1 + random.nextInt(20), random.nextInt(100_000)),
                    random.nextInt(4) == 0);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
