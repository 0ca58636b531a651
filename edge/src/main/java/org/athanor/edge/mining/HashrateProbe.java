package org.athanor.edge.mining;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.athanor.units.Hashrate;

/** A quick measurement of what this computer hashes, to choose difficulties by. */
public final class HashrateProbe {
    private static final int BATCH = 4096;
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
    public static Hashrate measure(Duration duration, int threads) {
        if (!duration.isPositive()) throw new IllegalArgumentException("duration " + duration + ": must be positive");
        if (threads < 1) throw new IllegalArgumentException("threads " + threads + ": one or more is accepted");
        var nanos = duration.toNanos();
        Callable<Double> one = () -> hashesPerSecond(NonceScanners.best(), nanos);
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var sum = 0.0;
            for (var result :
                    executor.invokeAll(Stream.generate(() -> one).limit(threads).toList())) sum += result.get();
            return new Hashrate(sum);
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hashing", e);
        }
    }

    private static double hashesPerSecond(NonceScanner scanner, long nanos) {
        var header = new byte[80];
        var impossible = new Target(java.math.BigInteger.ZERO);
        var begin = System.nanoTime();
        var measuredSince = begin;
        long tried = 0;
        var now = begin;
        for (var nonce = 0; now - begin < nanos || tried == 0; nonce += BATCH) {
            tried += scanner.scan(header, impossible, nonce, BATCH, (found, hash) -> {});
            now = System.nanoTime();
            if (measuredSince == begin && now - begin >= (long) (WARM_UP * nanos) && now - begin < nanos) {
                measuredSince = now;
                tried = 0;
            }
        }
        return tried * 1e9 / (now - measuredSince);
    }
}
