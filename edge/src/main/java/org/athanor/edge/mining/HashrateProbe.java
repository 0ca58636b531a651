package org.athanor.edge.mining;

import java.time.Duration;
import org.athanor.hash.NonceScanners;
import org.athanor.units.Hashrate;

/** A quick measurement of what this computer hashes at first, to choose difficulties by. */
public final class HashrateProbe {
    /** Part of the time that goes by unmeasured, while the compiler finds out what is hot. */
    private static final double WARM_UP = 0.4;

    private HashrateProbe() {}

    /**
     * Hashes with {@link NonceScanners#best()} for {@code duration}. Whatever else runs on the computer at the same
     * time lowers the figure, and so does a duration under half a second in a program that has not hashed before.
     *
     * @return of all threads together
     * @throws IllegalArgumentException unless duration and threads are positive
     */
    public static Hashrate measure(Duration duration, int threads) throws InterruptedException {
        if (!duration.isPositive()) throw new IllegalArgumentException("duration " + duration + ": must be positive");
        var warmUp = Duration.ofNanos(Math.max(1, (long) (WARM_UP * duration.toNanos())));
        HashMeter.measure(NonceScanners.best(), threads, warmUp);
        return HashMeter.measure(
                        NonceScanners.best(), threads, duration.minus(warmUp).plusNanos(1))
                .rate();
    }
}
