package org.athanor.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;
import java.util.Optional;
import org.athanor.hash.Target;

/**
 * How hard the demo's chain is, so that blocks come about as often whatever this computer hashes: the rate changes when
 * a faster kernel is compiled, or when something else needs the processor. For one thread.
 */
final class DemoDifficulty {
    private static final double BLOCK_SECONDS = 1.25;
    /** Shorter than that and a rate would be mostly chance. */
    private static final long WINDOW_NANOS = 2_000_000_000L;

    /** A smaller change is none: each goes into the share log. */
    private static final double NOTABLE = 1.33;

    private final int threads;
    private final double others;
    private double perThread;
    private long noncesBefore;
    private long nanosBefore;

    /**
     * @param perThread hashes per second of one busy thread, at first
     * @param threads busy when all of them are
     * @param others hashes per second of everything else that mines on the chain
     */
    DemoDifficulty(double perThread, int threads, double others) {
        this.perThread = perThread;
        this.threads = threads;
        this.others = others;
    }

    /** For all threads busy: a heater at half its power finds half as many blocks. */
    Target target() {
        return target(perThread * threads + others, BLOCK_SECONDS);
    }

    /**
     * @param nonces that the threads have tried so far
     * @param hashing time that they have spent on them, summed over the threads
     * @return another target, if they have become notably faster or slower
     */
    Optional<Target> look(long nonces, Duration hashing) {
        long spent = hashing.toNanos() - nanosBefore;
        long tried = nonces - noncesBefore;
        if (spent < WINDOW_NANOS || tried <= 0) return Optional.empty();
        noncesBefore = nonces;
        nanosBefore = hashing.toNanos();
        double now = tried * 1e9 / spent;
        if (now < perThread * NOTABLE && now > perThread / NOTABLE) return Optional.empty();
        perThread = now;
        return Optional.of(target());
    }

    /** The target that {@code hashesPerSecond} meets once in {@code seconds} on average. */
    static Target target(double hashesPerSecond, double seconds) {
        var hashes = BigDecimal.valueOf(Math.max(2, hashesPerSecond * seconds));
        return new Target(new BigDecimal(BigInteger.ONE.shiftLeft(256))
                .divide(hashes, MathContext.DECIMAL128)
                .toBigInteger());
    }
}
