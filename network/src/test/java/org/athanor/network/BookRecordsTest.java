package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.stratum.ShareVerdict;
import org.junit.jupiter.api.Test;

/** The records that accounting needs: to a line and back, and what of a line cannot be. */
class BookRecordsTest {
    private static final String HASH = "0".repeat(63) + "a";

    private static byte[] line(LogRecord entry) {
        var line = new LogCodec().encode(entry);
        return Arrays.copyOf(line.bytes(), line.length() - 1);
    }

    private static String payload(LogRecord entry) {
        var line = line(entry);
        return new String(line, LogLine.CHECK, line.length - LogLine.CHECK, StandardCharsets.US_ASCII);
    }

    @Property(tries = 2000)
    void everyRecordComesBack(@ForAll("records") LogRecord entry) {
        assertEquals(entry, LogCodec.decode(payload(entry)));
    }

    @Property(tries = 500)
    void aChangedByteIsFound(@ForAll("records") LogRecord entry, @ForAll int place, @ForAll byte change) {
        var line = line(entry);
        line[Math.floorMod(place, line.length)] ^= change;
        assertEquals(change == 0, LogLine.intact(line, line.length));
    }

    @Property(tries = 500)
    void aMissingOrAnAdditionalFieldIsRefused(@ForAll("fixed") LogRecord entry) {
        var payload = payload(entry);
        assertThrows(IllegalArgumentException.class, () -> LogCodec.decode(payload + "\tmore"));
        assertThrows(
                IllegalArgumentException.class, () -> LogCodec.decode(payload.substring(0, payload.lastIndexOf('\t'))));
    }

    @Provide
    Arbitrary<LogRecord> records() {
        var fee = Arbitraries.longs()
                .between(0, 1_000_000_000)
                .map(nano -> new PoolFee(BigDecimal.valueOf(nano, 9)))
                .optional();
        Arbitrary<LogRecord> headers = Combinators.combine(times(), targets(), Arbitraries.strings(), fee)
                .as((time, target, scenario, poolFee) -> new LogRecord.Header(
                        time, target, new Rate(BigInteger.ONE, BigInteger.TWO), scenario, poolFee));
        Arbitrary<LogRecord> blocks = Combinators.combine(
                        heights(),
                        hashes(),
                        amounts().optional(),
                        Arbitraries.strings().optional())
                .as((height, hash, sats, upstream) -> new LogRecord.Block(
                        height, hash, sats.map(OptionalLong::of).orElse(OptionalLong.empty()), upstream));
        return Arbitraries.oneOf(List.of(headers, blocks, fixed()));
    }

    /** Those whose lines have no optional fields. */
    @Provide
    Arbitrary<LogRecord> fixed() {
        Arbitrary<LogRecord> templates = Combinators.combine(heights(), targets(), amounts(), amounts())
                .as((height, target, one, other) ->
                        new LogRecord.Template(height, target, Math.max(one, other), Math.min(one, other)));
        Arbitrary<LogRecord> orphans = Combinators.combine(heights(), hashes()).as(LogRecord.Orphan::new);
        Arbitrary<LogRecord> upstreams =
                Combinators.combine(Arbitraries.strings(), times()).as(LogRecord.Upstream::new);
        Arbitrary<LogRecord> forwards = Combinators.combine(
                        Arbitraries.strings(), hashes(), Arbitraries.strings(), targets(), times(), outcomes())
                .as(LogRecord.Forward::new);
        Arbitrary<LogRecord> rejects = Combinators.combine(
                        Arbitraries.strings(), Arbitraries.of(ShareVerdict.Reason.class))
                .as(LogRecord.Reject::new);
        return Arbitraries.oneOf(List.of(templates, orphans, upstreams, forwards, rejects));
    }

    private static Arbitrary<LogRecord.Outcome> outcomes() {
        Arbitrary<LogRecord.Outcome> rejected = Combinators.combine(
                        Arbitraries.of(ShareVerdict.Reason.class),
                        Arbitraries.strings().ofMaxLength(300))
                .as(LogRecord.Outcome.Rejected::new);
        return Arbitraries.oneOf(
                Arbitraries.of(new LogRecord.Outcome.Accepted(), new LogRecord.Outcome.Lost()), rejected);
    }

    private static Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(0, 4_102_444_800_000_000L)
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static Arbitrary<BigInteger> targets() {
        return Arbitraries.bigIntegers()
                .between(BigInteger.ZERO, BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    }

    private static Arbitrary<Long> heights() {
        return Arbitraries.longs().greaterOrEqual(0);
    }

    private static Arbitrary<Long> amounts() {
        return Arbitraries.longs().between(0, LogRecord.MOST_SATS);
    }

    private static Arbitrary<String> hashes() {
        return targets().map(number -> String.format("%064x", number));
    }

    @Test
    void recordsOfFormatOneReadAsTheyWereWritten() {
        assertEquals(
                new LogRecord.Header(
                        Instant.parse("2026-01-01T00:00:00Z"),
                        BigInteger.valueOf(255),
                        new Rate(BigInteger.ONE, BigInteger.TWO),
                        "old",
                        Optional.empty()),
                LogCodec.decode("header\t1\t2026-01-01T00:00:00Z\tff\t1/2\told"));
        assertEquals(new LogRecord.Block(7, HASH), LogCodec.decode("block\t7\t" + HASH));
        assertEquals("block\t7\t" + HASH, payload(new LogRecord.Block(7, HASH)), "and are still written so");
    }

    @Test
    void everyKindHasTheFormThatTheReadmeTells() {
        var time = Instant.parse("2026-01-01T00:00:00Z");
        assertEquals(
                "header\t2\t2026-01-01T00:00:00Z\tff\t1/2\tnew\t0.02",
                payload(new LogRecord.Header(
                        time,
                        BigInteger.valueOf(255),
                        new Rate(BigInteger.ONE, BigInteger.TWO),
                        "new",
                        Optional.of(new PoolFee(new BigDecimal("0.020"))))));
        assertEquals(
                "template\t840000\tff\t312500123\t312500000",
                payload(new LogRecord.Template(840_000, BigInteger.valueOf(255), 312_500_123, 312_500_000)));
        assertEquals(
                "block\t7\t" + HASH + "\t312500123",
                payload(new LogRecord.Block(7, HASH, OptionalLong.of(312_500_123), Optional.empty())));
        assertEquals(
                "block\t7\t" + HASH + "\t\tpool:1",
                payload(new LogRecord.Block(7, HASH, OptionalLong.empty(), Optional.of("pool:1"))));
        assertEquals("orphan\t7\t" + HASH, payload(new LogRecord.Orphan(7, HASH)));
        assertEquals("upstream\tpool:1\t2026-01-01T00:00:00Z", payload(new LogRecord.Upstream("pool:1", time)));
        assertEquals(
                "forward\tme\t" + HASH + "\tpool:1\tff\t1767225600000000\tLOW_DIFFICULTY\ttoo \\u00e9asy",
                payload(new LogRecord.Forward(
                        "me",
                        HASH,
                        "pool:1",
                        BigInteger.valueOf(255),
                        time,
                        new LogRecord.Outcome.Rejected(ShareVerdict.Reason.LOW_DIFFICULTY, "too éasy"))));
    }

    @Test
    void whatCannotBeIsRefused() {
        for (var wrong : List.of(
                "template\t1\tff\t5\t6", // more subsidy than coinbase value
                "template\t1\tff\t2100000000000001\t0",
                "template\t-1\tff\t5\t5",
                "template\t1\t-ff\t5\t5",
                "block\t1\t" + HASH + "\t-1",
                "block\t1\t" + HASH + "\t2100000000000001",
                "block\t1\tabc",
                "orphan\t1\tabc",
                "upstream\tpool:1\tyesterday",
                "forward\tme\t" + HASH + "\tpool:1\tff\t1\tperhaps",
                "forward\tme\t" + HASH + "\tpool:1\tff\t1\taccepted\twith thanks",
                "header\t2\t2026-01-01T00:00:00Z\tff\t1/2\tnew\t1.5",
                "header\t0\t2026-01-01T00:00:00Z\tff\t1/2\tnew",
                "credit\tpool:1")) assertThrows(IllegalArgumentException.class, () -> LogCodec.decode(wrong), wrong);
    }

    @Test
    void anUpstreamCannotFillTheLogWithItsWords() {
        var rejected = new LogRecord.Outcome.Rejected(ShareVerdict.Reason.OTHER, "no ".repeat(10_000));
        assertTrue(rejected.detail().length() <= LogRecord.Outcome.Rejected.MOST_DETAIL);
    }
}
