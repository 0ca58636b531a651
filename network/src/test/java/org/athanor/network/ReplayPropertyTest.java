package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Settlement;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

class ReplayPropertyTest {
    private static final Rate RATE = MiningScenario.JULY_2025.rate();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** An exact fraction. */
    private record Fraction(BigInteger numerator, BigInteger denominator) {
        static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

        Fraction plus(Fraction other) {
            return new Fraction(
                    numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                    denominator.multiply(other.denominator));
        }

        int compareTo(Fraction other) {
            return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
        }
    }

    @Property(tries = 150)
    void theLogAloneGivesEveryMillisatoshiThatWasPaid(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int users,
            @ForAll @IntRange(min = 1, max = 12) int intervals)
            throws IOException {
        var folder = Files.createTempDirectory("athanor-share-log"); // jqwik has no @TempDir
        try {
            paysAndReplays(folder, new Random(seed), users, intervals);
        } finally {
            delete(folder);
        }
    }

    private static void paysAndReplays(Path folder, Random random, int users, int intervals) {
        List<CreditLine> live = new ArrayList<>();
        Map<String, Fraction> owed = new HashMap<>();
        List<UserStatus> status;
        var log = open(folder);
        try {
            for (var interval = 0; interval < intervals; interval++) {
                Map<String, Work> work = new HashMap<>();
                for (var shares = random.nextInt(20); shares > 0; shares--) {
                    var user = "user " + random.nextInt(users);
                    work.merge(user, share(log, user, random), Work::plus);
                }
                if (random.nextInt(4) == 0) { // the pool ends and is started again
                    log.close();
                    log = open(folder);
                }
                Map<String, Weighting> weights = new HashMap<>();
                var record = log.accounts()
                        .close(
                                START.plusSeconds(interval),
                                user -> weights.computeIfAbsent(user, u -> weighting(random)));
                log.append(record);
                live.addAll(record.lines());
                work.forEach((user, sum) ->
                        owed.merge(user, value(sum, weights.get(user).weight()), Fraction::plus));
            }
            status = log.accounts().status();
        } finally {
            log.close();
        }

        List<CreditLine> replayed = new ArrayList<>();
        var replay = ShareLog.replay(folder, replayed::add);
        assertEquals(List.of(), replay.differences());
        assertEquals(live, replayed);
        assertEquals(status, replay.users());
        live.forEach(line -> assertTrue(line.addsUp()));
        for (var user : replay.users())
            assertPaidButForLessThanOne(owed.getOrDefault(user.user(), Fraction.ZERO), user.credited(), intervals);
    }

    /** Less than one millisatoshi is still carried; rounding to 2⁻⁶⁴ msat once an interval may have cost a trace more. */
    private static void assertPaidButForLessThanOne(Fraction owed, Millisatoshis paid, int intervals) {
        var whole = BigInteger.ONE.shiftLeft(Settlement.FRACTION_BITS);
        var least = new Fraction(BigInteger.valueOf(paid.value()), BigInteger.ONE);
        var most = new Fraction(
                whole.multiply(BigInteger.valueOf(paid.value() + 1)).add(BigInteger.valueOf(intervals)), whole);
        assertTrue(least.compareTo(owed) <= 0, "paid " + paid + ", owed " + owed);
        assertTrue(owed.compareTo(most) < 0, "paid " + paid + ", owed " + owed);
    }

    private static Fraction value(Work work, Weight weight) {
        return new Fraction(
                work.units().multiply(weight.numerator()).multiply(RATE.msat()),
                weight.denominator().multiply(RATE.units()));
    }

    private static ShareLog open(Path folder) {
        var log = ShareLog.open(folder);
        log.append(new LogRecord.Header(START, BigInteger.ONE.shiftLeft(200), RATE, "random"));
        return log;
    }

    private static Work share(ShareLog log, String user, Random random) {
        var target = new BigInteger(190 + random.nextInt(67), random);
        var hash = target.signum() == 0
                ? target
                : new BigInteger(target.bitLength(), random).mod(target.add(BigInteger.ONE));
        var work = Work.ofTarget(target);
        log.append(new LogRecord.Share(
                user,
                log.accounts().account(user).accepted + 1,
                String.format("%064x", hash),
                target,
                work,
                random.nextInt(10) == 0,
                START));
        return work;
    }

    private static Weighting weighting(Random random) {
        var numerator = new BigInteger(random.nextInt(26), random);
        var denominator = new BigInteger(random.nextInt(20), random).add(BigInteger.ONE);
        return new Weighting(new Weight(numerator, denominator), "nominal " + numerator + " / real " + denominator);
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
