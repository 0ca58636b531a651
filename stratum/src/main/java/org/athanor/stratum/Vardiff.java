package org.athanor.stratum;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.athanor.hash.Target;

/**
 * How hard one miner's shares ought to be, from the shares it sent. No clock: equal shares at equal times give equal
 * difficulties.
 *
 * <p>Damped as ckpool does: the work of the last minutes, decayed and corrected for a short past; looked at every so
 * many shares or seconds; left alone within a band. Before a miner is known, and when it suddenly sends four times too
 * many shares, a few of them are enough for a jump; and silence lowers the difficulty. What is measured is work, each
 * share weighed by its own job's difficulty, so shares of older jobs that come after a change do not mislead.
 *
 * @param difficulty of the next job
 * @param changed since the last change
 * @param burst the newest shares only
 * @param silentSince the last share, or the last step for want of one
 */
record Vardiff(
        VardiffRules rules,
        BigDecimal difficulty,
        Phase phase,
        Rate rate,
        Window changed,
        Window burst,
        long silentSince) {
    /** ckpool's memory at its 0.3 shares a second. Fewer shares need a longer one to be as sure of the rate. */
    private static final double MEMORY_SECONDS = 300;

    private static final double MEMORY_SHARES = 90;

    /** Shares of a steady miner stay within this band of the rate asked for; the numbers are ckpool's. */
    private static final double TOO_FEW = 0.5;

    private static final double TOO_MANY = 4.0 / 3;

    private static final double BURST_RATIO = 4;

    private static final MathContext BELOW_ONE = new MathContext(3);

    /** How many shares make a burst, how soon to look again, how long to bear silence and by what to divide then, and what is no burst but a hiccup. */
    enum Phase {
        /** Hardly a share came yet: one or two may be luck. */
        UNKNOWN(16, 16, 60, 15, 0, 16, 0.02),
        SEEKING(16, 16, 60, 20, 8, 4, 0.02),
        SETTLED(32, 72, 240, 60, 10, 2, 1);

        private final int burstShares;
        private final int evaluateShares;
        private final double evaluateSeconds;
        private final double silenceSeconds;
        private final double silenceShares;
        private final double silenceDivisor;
        private final double shortestBurst;

        Phase(
                int burstShares,
                int evaluateShares,
                double evaluateSeconds,
                double silenceSeconds,
                double silenceShares,
                double silenceDivisor,
                double shortestBurst) {
            this.burstShares = burstShares;
            this.evaluateShares = evaluateShares;
            this.evaluateSeconds = evaluateSeconds;
            this.silenceSeconds = silenceSeconds;
            this.silenceShares = silenceShares;
            this.silenceDivisor = silenceDivisor;
            this.shortestBurst = shortestBurst;
        }
    }

    /** @param network wins where both cannot be kept */
    record Bounds(BigDecimal floor, Target network) {}

    /** Work since a moment. Of its shares, an easier one of an older job counts in part only: it tells less. */
    record Window(long start, double shares, double work) {
        static Window from(long now) {
            return new Window(now, 0, 0);
        }

        Window add(double share, double present) {
            return new Window(start, shares + Math.min(1, share / present), work + share);
        }
    }

    /** Work a second, older work counting less; too low at first, by {@code 1 - e^(-t/memory)}. */
    record Rate(long start, long updated, double decayed) {
        static Rate from(long now) {
            return new Rate(now, now, 0);
        }

        Rate add(double share, long now, double memory) {
            return new Rate(start, now, decayed * Math.exp(-seconds(updated, now) / memory) + share / memory);
        }

        double perSecond(long now, double memory) {
            double bias = 1 - Math.exp(-Math.max(0.001, seconds(start, now)) / memory);
            return decayed * Math.exp(-seconds(updated, now) / memory) / bias;
        }
    }

    /** @param now nanoseconds of any steady clock, here and below */
    static Vardiff start(VardiffRules rules, BigDecimal first, long now, Bounds bounds) {
        return fresh(rules, fit(first, bounds), Phase.UNKNOWN, now);
    }

    private static Vardiff fresh(VardiffRules rules, BigDecimal difficulty, Phase phase, long now) {
        return new Vardiff(rules, difficulty, phase, Rate.from(now), Window.from(now), Window.from(now), now);
    }

    /** The miner may begin only now: what it did not send before says nothing. */
    Vardiff ready(long now) {
        return phase == Phase.UNKNOWN ? fresh(rules, difficulty, phase, now) : this;
    }

    /** A wish is where an unknown miner starts; of one that is known it moves the bounds only. */
    Vardiff wished(BigDecimal wish, long now, Bounds bounds) {
        var next = fit(phase == Phase.UNKNOWN ? wish : difficulty, bounds);
        return next.compareTo(difficulty) == 0 ? this : fresh(rules, next, phase, now);
    }

    /** @param share difficulty of the accepted share's own job */
    Vardiff share(double share, long now, Bounds bounds) {
        return new Vardiff(
                        rules,
                        difficulty,
                        phase == Phase.UNKNOWN && changed.shares() > 2 ? Phase.SEEKING : phase,
                        rate.add(share, now, memory()),
                        changed.add(share, difficulty.doubleValue()),
                        burst.add(share, difficulty.doubleValue()),
                        now)
                .burst(now, bounds);
    }

    /** To be called every second or so. */
    Vardiff tick(long now, Bounds bounds) {
        double patience = Math.max(phase.silenceSeconds, phase.silenceShares / rules.sharesPerSecond());
        if (seconds(silentSince, now) < patience) return evaluate(now, bounds);
        return fresh(rules, fit(difficulty.doubleValue() / phase.silenceDivisor, bounds), phase, now);
    }

    private Vardiff burst(long now, Bounds bounds) {
        if (burst.shares() < phase.burstShares) return evaluate(now, bounds);
        double took = seconds(burst.start(), now);
        double perSecond = burst.work() / Math.max(phase.shortestBurst, took);
        if (perSecond >= BURST_RATIO * rules.sharesPerSecond() * difficulty.doubleValue())
            return fresh(rules, fit(perSecond / rules.sharesPerSecond(), bounds), Phase.SEEKING, now);
        var next = took < phase.shortestBurst ? burst : Window.from(now);
        return new Vardiff(rules, difficulty, phase, rate, changed, next, silentSince).evaluate(now, bounds);
    }

    private Vardiff evaluate(long now, Bounds bounds) {
        boolean due = changed.shares() >= phase.evaluateShares
                || (changed.shares() > 0 && seconds(changed.start(), now) >= phase.evaluateSeconds);
        if (!due) return this;
        double ideal = rate.perSecond(now, memory()) / rules.sharesPerSecond();
        double ratio = ideal / difficulty.doubleValue();
        if (ratio > TOO_FEW && ratio < TOO_MANY)
            return phase == Phase.SETTLED
                    ? this
                    : new Vardiff(rules, difficulty, Phase.SETTLED, rate, changed, burst, silentSince);
        var next = ratio >= TOO_FEW / 2 && ratio <= 2 ? Phase.SETTLED : phase;
        return new Vardiff(rules, fit(ideal, bounds), next, rate, Window.from(now), Window.from(now), silentSince);
    }

    private double memory() {
        return Math.max(MEMORY_SECONDS, MEMORY_SHARES / rules.sharesPerSecond());
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static BigDecimal fit(double ideal, Bounds bounds) {
        return fit(new BigDecimal(ideal, ideal < 1 ? BELOW_ONE : MathContext.DECIMAL64), bounds);
    }

    /** From 1 on whole numbers: ASICs read no others. */
    private static BigDecimal fit(BigDecimal ideal, Bounds bounds) {
        var difficulty = ideal.max(bounds.floor());
        // first: a wish may have a billion digits before the point
        if (bounds.network().isEasierThan(Target.ofDifficulty(difficulty))) return rounded(bounds.network());
        if (difficulty.compareTo(BigDecimal.ONE) < 0) return difficulty;
        boolean lowest = difficulty.compareTo(bounds.floor()) == 0;
        var whole = difficulty.setScale(0, lowest ? RoundingMode.CEILING : RoundingMode.HALF_UP);
        return bounds.network().isEasierThan(Target.ofDifficulty(whole)) ? rounded(bounds.network()) : whole;
    }

    private static BigDecimal rounded(Target network) {
        var difficulty = network.difficulty();
        return difficulty.compareTo(BigDecimal.ONE) < 0
                ? difficulty.round(ServerConnection.DIGITS)
                : difficulty.setScale(0, RoundingMode.DOWN);
    }

    /** Near enough, and cheap. */
    static double difficulty(Target target) {
        return 0x1p208 * 0xffff / target.value().doubleValue();
    }
}
