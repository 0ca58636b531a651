package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.athanor.hash.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VardiffTest {
    private static final Target MAINNET = Target.ofBits(0x17023a04);
    private static final BigDecimal MINIMUM = new BigDecimal("1e-9");
    private static final VardiffRules RULES = new VardiffRules(18, BigDecimal.ONE, MINIMUM);
    private static final Vardiff.Bounds BOUNDS = new Vardiff.Bounds(MINIMUM, MAINNET);
    private static final double PER_SHARE = 4294967296.0; // hashes at difficulty 1
    private static final long SECOND = 1_000_000_000;

    /** A miner that finds shares as chance will have it, and gets its jobs a tenth of a second late. */
    private static final class Simulation {
        private final Random random;
        private final VardiffRules rules;
        private final Vardiff.Bounds bounds;
        private Vardiff vardiff;
        private BigDecimal mined;
        private BigDecimal coming;
        private long arrives;
        private long now;
        private long nextTick = SECOND;
        private long shares;
        private int changes;
        private double easiest = Double.MAX_VALUE;
        private double hardest;

        Simulation(VardiffRules rules, Vardiff.Bounds bounds, long seed) {
            this.rules = rules;
            this.bounds = bounds;
            random = new Random(seed);
            vardiff = Vardiff.start(rules, rules.start(), 0, bounds);
            mined = vardiff.difficulty();
            coming = mined;
        }

        void run(double hashesPerSecond, double seconds) {
            long end = now + (long) (seconds * SECOND);
            while (now < end) {
                double rate = hashesPerSecond / (mined.doubleValue() * PER_SHARE);
                double gap = -Math.log(1 - random.nextDouble()) / rate;
                long share = gap > 1e6 ? Long.MAX_VALUE : now + Math.max(1, (long) (gap * SECOND));
                long job = coming.compareTo(mined) == 0 ? Long.MAX_VALUE : arrives;
                if (job <= Math.min(share, nextTick)) { // chance has no memory: the next share is drawn anew
                    now = job;
                    mined = coming;
                } else if (share <= nextTick) {
                    now = share;
                    shares++;
                    step(vardiff.share(mined.doubleValue(), now, bounds));
                } else {
                    now = nextTick;
                    nextTick += SECOND;
                    step(vardiff.tick(now, bounds));
                }
            }
        }

        private void step(Vardiff next) {
            if (next.difficulty().compareTo(vardiff.difficulty()) != 0) {
                changes++;
                coming = next.difficulty();
                arrives = now + SECOND / 10;
            }
            vardiff = next;
            easiest = Math.min(easiest, next.difficulty().doubleValue());
            hardest = Math.max(hardest, next.difficulty().doubleValue());
        }

        void forget() {
            shares = 0;
            changes = 0;
            easiest = Double.MAX_VALUE;
            hardest = 0;
        }

        /** The present difficulty by the one that would bring exactly the shares asked for. */
        double off(double hashesPerSecond) {
            return vardiff.difficulty().doubleValue() / ideal(hashesPerSecond);
        }

        double ideal(double hashesPerSecond) {
            return hashesPerSecond / PER_SHARE / rules.sharesPerSecond();
        }
    }

    private static Simulation simulation(VardiffRules rules) {
        long seed = Long.getLong("athanor.seed", 20_261_123);
        System.out.println("VardiffTest -Dathanor.seed=" + seed);
        return new Simulation(rules, new Vardiff.Bounds(rules.minimum(), MAINNET), seed);
    }

    private static void assertWithin(double low, double high, double value) {
        assertTrue(low <= value && value <= high, value + " is not from " + low + " to " + high);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e4, 1e5, 1e6, 2.5e7, 1e9, 1e10, 1e12, 1e14, 1e15})
    void convergesFromDifficultyOneForEveryMinerFromAToyToAHall(double hashrate) {
        var miner = simulation(RULES);
        miner.run(hashrate, 180);
        assertWithin(1 / 6.0, 4, miner.off(hashrate));
        miner.run(hashrate, 1200);
        miner.forget();
        miner.run(hashrate, 3600);
        assertWithin(0.5, 1.8, miner.off(hashrate));
        assertWithin(480, 1700, (double) miner.shares); // 1080 asked for, the band is half to four thirds
    }

    @ParameterizedTest
    @CsvSource({"1000", "0.001"})
    void aThousandTimesOffTakesAboutAMinute(double factor) {
        double hashrate = factor * 0.3 * PER_SHARE;
        var miner = simulation(RULES);
        miner.run(hashrate, 75);
        assertWithin(1 / 20.0, 4, miner.off(hashrate)); // by chance still on the easy side, never far too hard
        miner.run(hashrate, 75);
        assertWithin(1 / 4.0, 3, miner.off(hashrate));
    }

    @ParameterizedTest
    @ValueSource(doubles = {4, 18, 60})
    void aSteadyMinersDifficultyDoesNotHunt(double sharesPerMinute) {
        var miner = simulation(new VardiffRules(sharesPerMinute, BigDecimal.ONE, MINIMUM));
        miner.run(1e6, 3600);
        miner.forget();
        miner.run(1e6, 24 * 3600);
        assertTrue(miner.changes <= 8, miner.changes + " changes in a day");
        assertWithin(0.4, 2, miner.easiest / miner.ideal(1e6));
        assertWithin(0.4, 2.2, miner.hardest / miner.ideal(1e6));
    }

    @Test
    void aJumpOfHashrateIsFollowed() {
        var miner = simulation(RULES);
        miner.run(1e12, 1800);
        miner.run(1e14, 60);
        assertWithin(0.4, 2.5, miner.off(1e14));
        miner.run(1e14, 1200);
        miner.run(1e12, 900);
        assertWithin(0.3, 4, miner.off(1e12));
        miner.run(1e12, 900);
        miner.run(2e12, 900); // less than a burst
        assertWithin(0.5, 1.8, miner.off(2e12));
    }

    @Test
    void silenceHalvesTheDifficultyOfAKnownMinerDownToTheMinimum() {
        var vardiff = Vardiff.start(RULES, new BigDecimal("1024"), 0, BOUNDS);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += 10 * SECOND / 3;
            vardiff = vardiff.share(1024, now, BOUNDS);
        }
        var high = new Vardiff.Bounds(new BigDecimal("200"), MAINNET);
        assertEquals(Vardiff.Phase.SETTLED, vardiff.phase());
        assertEquals(new BigDecimal("1024"), vardiff.difficulty());
        vardiff = vardiff.tick(now + 59 * SECOND, high);
        assertEquals(new BigDecimal("1024"), vardiff.difficulty());
        vardiff = vardiff.tick(now + 60 * SECOND, high);
        assertEquals(new BigDecimal("512"), vardiff.difficulty());
        vardiff = vardiff.tick(now + 120 * SECOND, high).tick(now + 180 * SECOND, high);
        assertEquals(new BigDecimal("200"), vardiff.difficulty());
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new VardiffRules(18, BigDecimal.ONE, BigDecimal.TEN));
        assertThrows(IllegalArgumentException.class, () -> new VardiffRules(18, BigDecimal.ONE, BigDecimal.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new VardiffRules(0, BigDecimal.ONE, MINIMUM));
        assertThrows(IllegalArgumentException.class, () -> new VardiffRules(Double.NaN, BigDecimal.ONE, MINIMUM));
    }

    @Test
    void aShortBurstAfterAStallIsNoNewHashrate() {
        var miner = simulation(RULES);
        miner.run(1e12, 1800);
        var before = miner.vardiff;
        var after = before;
        // twenty seconds of shares that the network held back
        for (int i = 0; i < 6; i++)
            after = after.share(before.difficulty().doubleValue(), miner.now + 20 * SECOND + i, BOUNDS);
        assertEquals(before.difficulty(), after.difficulty());
    }

    @Test
    void theNetworkAndTheMinimumAndTheWishBoundIt() {
        var regtest = new Vardiff.Bounds(MINIMUM, Target.REGTEST_LIMIT);
        var capped = Vardiff.start(RULES, BigDecimal.ONE, 0, regtest);
        assertTrue(capped.difficulty().compareTo(Target.REGTEST_LIMIT.difficulty()) <= 0);

        var testnet = new Vardiff.Bounds(MINIMUM, Target.ofDifficulty(new BigDecimal("1000.7")));
        var strong = Vardiff.start(RULES, BigDecimal.ONE, 0, testnet);
        for (int i = 1; i < 200; i++) strong = strong.share(1000, i * 1000L, testnet);
        assertEquals(new BigDecimal("1000"), strong.difficulty());

        var wished = new Vardiff.Bounds(new BigDecimal("5.5"), MAINNET);
        var weak = Vardiff.start(RULES, BigDecimal.ONE, 0, wished);
        assertEquals(new BigDecimal("6"), weak.difficulty());
        for (int second = 1; second < 600; second++) weak = weak.tick(second * SECOND, wished);
        assertEquals(new BigDecimal("6"), weak.difficulty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "1e40", "0.00000000000000001"})
    void wishesBeyondReasonAreCutToTheBounds(String wish) {
        var floor = new BigDecimal(wish).max(MINIMUM);
        var bounds = new Vardiff.Bounds(floor, MAINNET);
        var vardiff = Vardiff.start(RULES, BigDecimal.ONE, 0, BOUNDS).wished(new BigDecimal(wish), 1, bounds);
        assertTrue(vardiff.difficulty().compareTo(MINIMUM) >= 0);
        assertTrue(Target.ofDifficulty(vardiff.difficulty()).compareTo(MAINNET) >= 0);
    }

    @Test
    void theSameWishAgainChangesNothing() {
        var bounds = new Vardiff.Bounds(new BigDecimal("0.0001"), MAINNET);
        var vardiff = Vardiff.start(RULES, new BigDecimal("0.0001"), 0, bounds).share(0.0001, SECOND, bounds);
        assertSame(vardiff, vardiff.wished(new BigDecimal("0.0001"), 2 * SECOND, bounds));
    }

    @Test
    void fromOneOnDifficultiesAreWholeNumbers() {
        var miner = simulation(RULES);
        double hashrate = 4.4 * 0.3 * PER_SHARE;
        for (int minute = 0; minute < 60; minute++) {
            miner.run(hashrate, 60);
            var difficulty = miner.vardiff.difficulty();
            assertTrue(
                    difficulty.compareTo(BigDecimal.ONE) < 0
                            || difficulty.stripTrailingZeros().scale() <= 0,
                    difficulty.toString());
        }
    }
}
