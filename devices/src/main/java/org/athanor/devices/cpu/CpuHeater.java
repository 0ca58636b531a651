package org.athanor.devices.cpu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Computation;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.PowerLevel;
import org.athanor.devices.lease.LeasedLevel;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * This computer's cores as a heater: its levels are numbers of busy threads, 31 of them at the most.
 *
 * <p>Watts come from RAPL where the system lets us read it: the processor's own estimate, of everything that runs on it
 * and of its idling. Otherwise they are declared: so much per busy thread, idling excluded, since the computer would be on
 * anyway. What it computes is given, and remains its giver's to close.
 *
 * <p>A level is lent: when neither {@link #read} nor {@link #setLevel} is called for as long as the lease, a watchdog stops
 * the threads, and the level reads 0 until it is set again. So a controller that hangs heats no longer than one that died.
 */
public final class CpuHeater implements Heater {
    /** A kilogram or so of metal, above room temperature by what a passive heat sink needs: at most some minutes' heat. */
    private static final double STORED_SECONDS = 400;

    /** RAPL counts idling and other programs too. */
    private static final double OTHERS = 2;

    /** RAPL counts in steps of about a millisecond: shorter intervals are noise. */
    private static final long SHORTEST_INTERVAL_NANOS = 10_000_000;

    /** That heat: planners weigh no more, and a heater needs no finer ones. */
    private static final int MOST_LEVELS = 31;

    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(150);

    private final String id;
    private final Computation computation;
    private final Capabilities capabilities;
    private final Optional<Rapl> rapl;
    private final LongSupplier nanoTime;
    /** With a monitor of its own: a reading that hangs would keep this one's from the watchdog. */
    private final LeasedLevel lent;

    private long lastNanos;
    private Optional<Watts> measured = Optional.empty();

    /**
     * @param maxThreads the highest level
     * @param declaredPerThread watts of one busy thread above idling
     */
    public CpuHeater(String id, Computation computation, int maxThreads, Watts declaredPerThread) {
        this(id, computation, maxThreads, declaredPerThread, DEFAULT_LEASE);
    }

    /** @param lease how long the threads go on, by the wall clock, when nobody reads or commands */
    public CpuHeater(String id, Computation computation, int maxThreads, Watts declaredPerThread, Duration lease) {
        this(id, computation, maxThreads, declaredPerThread, lease, Rapl.ROOT, System::nanoTime);
    }

    /**
     * One whose watts are declared whatever this computer's counters say: for threads that stand for a machine somewhere else,
     * such as one in a simulated home.
     */
    public static CpuHeater declared(String id, Computation computation, int maxThreads, Watts declaredPerThread) {
        return new CpuHeater(
                id, computation, maxThreads, declaredPerThread, DEFAULT_LEASE, Optional.empty(), System::nanoTime);
    }

    CpuHeater(
            String id,
            Computation computation,
            int maxThreads,
            Watts declaredPerThread,
            Duration lease,
            Path raplRoot,
            LongSupplier nanoTime) {
        this(id, computation, maxThreads, declaredPerThread, lease, Rapl.open(raplRoot), nanoTime);
    }

    private CpuHeater(
            String id,
            Computation computation,
            int maxThreads,
            Watts declaredPerThread,
            Duration lease,
            Optional<Rapl> rapl,
            LongSupplier nanoTime) {
        if (maxThreads < 1) throw new IllegalArgumentException(id + ": " + maxThreads + " threads (at least 1)");
        if (declaredPerThread.value() <= 0)
            throw new IllegalArgumentException(id + ": " + declaredPerThread + " per thread (must be positive)");
        this.id = id;
        this.computation = computation;
        this.rapl = rapl;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
        this.capabilities = capabilities(maxThreads, declaredPerThread, rapl.isPresent());
        this.lent = new LeasedLevel(id, lease, nanoTime, level -> computation.setThreads(threads(level, maxThreads)));
    }

    /** Of any such heater of this computer, whatever it computes. */
    public static Capabilities capabilities(int maxThreads, Watts declaredPerThread) {
        return capabilities(maxThreads, declaredPerThread, Rapl.open(Rapl.ROOT).isPresent());
    }

    private static Capabilities capabilities(int maxThreads, Watts perThread, boolean rapl) {
        var levels = IntStream.rangeClosed(0, Math.min(maxThreads, MOST_LEVELS))
                .map(level -> threads(level, maxThreads))
                .mapToObj(threads -> new PowerLevel(levelName(threads), perThread.times(threads)))
                .toList();
        var maximum = perThread.times(rapl ? OTHERS * maxThreads : maxThreads);
        return new Capabilities(
                "this computer",
                List.copyOf(levels),
                maximum,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ZERO,
                false,
                false, // its threads end with the program that controls them, and with its lease
                true,
                new Joules(maximum.value() * STORED_SECONDS),
                Optional.empty(),
                Optional.empty(),
                rapl
                        ? "reported by the processor (RAPL: all that runs on it, idling included); watts of the levels are"
                                + " declared, " + perThread + " a busy thread"
                        : "declared, " + perThread
                                + " a busy thread, idling excluded: this system shows no RAPL counters");
    }

    /** Of a large processor levels are several threads apart. */
    private static int threads(int level, int maxThreads) {
        return maxThreads <= MOST_LEVELS ? level : Math.round((float) level * maxThreads / MOST_LEVELS);
    }

    /** What a level of so many threads is called. */
    public static String levelName(int threads) {
        return threads == 0 ? "off" : threads == 1 ? "1 thread" : threads + " threads";
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public synchronized HeaterState read() {
        int now = lent.renewed();
        rapl.ifPresent(this::measure);
        return new HeaterState(
                OptionalInt.of(now),
                now == 0 ? Phase.OFF : Phase.WORKING,
                measured.or(() -> Optional.of(capabilities.level(now).watts())),
                measured.isPresent() ? PowerSource.REPORTED : PowerSource.DECLARED,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                computation.hashrate(),
                Optional.empty());
    }

    private void measure(Rapl counters) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos < SHORTEST_INTERVAL_NANOS) return;
        try {
            measured = Optional.of(counters.sinceLast().per(Duration.ofNanos(now - lastNanos)));
        } catch (IOException e) {
            throw new DeviceException(
                    Kind.UNREACHABLE, "reading power of " + id + " at " + Rapl.ROOT + ": " + e.getMessage(), e);
        }
        lastNanos = now;
    }

    @Override
    public void setLevel(int newLevel) {
        capabilities.level(newLevel);
        lent.set(newLevel);
    }

    @Override
    public void close() {
        lent.close();
    }
}
