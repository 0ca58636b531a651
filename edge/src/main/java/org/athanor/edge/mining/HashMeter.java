package org.athanor.edge.mining;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.Target;
import org.athanor.hash.WarmUp;
import org.athanor.units.Hashrate;

/** Measures how fast a scanner hashes, on threads of its own. */
public final class HashMeter {
    /** Met now and then, so that what a scanner does with a find is compiled before a pool's first share. */
    private static final Target SELDOM = new Target(BigInteger.ONE.shiftLeft(256 - 20));

    /** Of one scan, so that a round ends in time. */
    private static final long BATCH_NANOS = 10_000_000;

    private static final int FIRST_BATCH = 16;
    private static final int MOST_BATCH = 1 << 22;

    /** How long a kernel is warmed at most: 4 seconds on an idle machine, half a minute on a very busy one. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    static final Duration ROUND = Duration.ofMillis(250);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private HashMeter() {}

    /**
     * What threads did together.
     *
     * @param rate hashes per second of wall time, summed over the threads
     * @param cpuNanos that they took; wall time where the Java machine cannot tell
     * @param bytes that they allocated; 0 where it cannot tell
     */
    public record Measurement(long hashes, Hashrate rate, long cpuNanos, long bytes) {
        public double hashesPerCpuSecond() {
            return hashes * 1e9 / cpuNanos;
        }

        public double bytesPerHash() {
            return (double) bytes / hashes;
        }

        public WarmUp.Round round() {
            return new WarmUp.Round(hashes, cpuNanos, bytes);
        }
    }

    /**
     * Hashes for some time. Whatever else runs on the computer meanwhile lowers the rate, but hardly the hashes per
     * CPU-second.
     *
     * @throws IllegalArgumentException unless duration and threads are positive
     */
    public static Measurement measure(NonceScanner scanner, int threads, Duration duration)
            throws InterruptedException {
        if (!duration.isPositive()) throw new IllegalArgumentException("duration " + duration + ": must be positive");
        if (threads < 1) throw new IllegalArgumentException("threads " + threads + ": one or more is accepted");
        var factory = Thread.ofPlatform()
                .daemon()
                .name("measuring " + scanner.name() + " ", 0)
                .factory();
        Callable<Measurement> one = () -> measureHere(scanner, duration, () -> false);
        try (var executor = Executors.newFixedThreadPool(threads, factory)) {
            var each = new ArrayList<Measurement>();
            for (var result :
                    executor.invokeAll(Stream.generate(() -> one).limit(threads).toList())) each.add(result.get());
            return new Measurement(
                    each.stream().mapToLong(Measurement::hashes).sum(),
                    new Hashrate(
                            each.stream().mapToDouble(m -> m.rate().value()).sum()),
                    each.stream().mapToLong(Measurement::cpuNanos).sum(),
                    each.stream().mapToLong(Measurement::bytes).sum());
        } catch (ExecutionException e) {
            throw new IllegalStateException(scanner.name() + " failed: " + e.getCause(), e.getCause());
        }
    }

    /**
     * Hashes until the scanner is compiled.
     *
     * @param patience {@link #PATIENCE} for figures that are to mean something
     * @return false if it is not after that time
     */
    public static boolean warm(NonceScanner scanner, int threads, Duration patience) throws InterruptedException {
        var warmUp = new WarmUp();
        long begin = System.nanoTime();
        while (!warmUp.warm()) {
            if (System.nanoTime() - begin > patience.toNanos()) return false;
            warmUp.add(measure(scanner, threads, ROUND).round());
        }
        return true;
    }

    /**
     * Hashes on the calling thread.
     *
     * @param stop ends it early, though not before a little has been hashed
     */
    static Measurement measureHere(NonceScanner scanner, Duration duration, BooleanSupplier stop) {
        long nanos = duration.toNanos();
        var header = new byte[BlockHeader.SIZE];
        long cpu = THREADS.getCurrentThreadCpuTime();
        long bytes = allocated();
        long begin = System.nanoTime();
        long now = begin;
        long tried = 0;
        int batch = FIRST_BATCH;
        while (tried == 0 || (now - begin < nanos && !stop.getAsBoolean())) {
            tried += scanner.scan(header, SELDOM, (int) tried, batch, (_, _) -> {});
            long before = now;
            now = System.nanoTime();
            if (now - before < BATCH_NANOS / 2) batch = Math.min(MOST_BATCH, 2 * batch);
            else if (now - before > 2 * BATCH_NANOS) batch = Math.max(FIRST_BATCH, batch / 2);
        }
        long wall = Math.max(1, now - begin);
        long spent = cpu < 0 ? wall : Math.max(1, THREADS.getCurrentThreadCpuTime() - cpu);
        return new Measurement(tried, new Hashrate(tried * 1e9 / wall), spent, Math.max(0, allocated() - bytes));
    }

    private static long allocated() {
        return THREADS.isThreadAllocatedMemorySupported() ? THREADS.getCurrentThreadAllocatedBytes() : 0;
    }
}
