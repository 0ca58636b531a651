package org.athanor.edge.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.athanor.devices.cpu.Rapl;

/**
 * For a machine that heats nothing on purpose: the processor's own count of its energy (RAPL), of which the engine's share is that of
 * the processor time it took. An estimate, idling included; without counters that we may read nothing is known.
 */
public final class ProcessorMeter implements Meter {
    private static final Path STATISTICS = Path.of("/proc/stat");
    /** Linux counts processor time in hundredths of a second, on all machines that the engine runs on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Idle and waiting for disks. */
    private static final int IDLE = 3;

    private static final int WAITING = 4;
    /** Of user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user already. */
    private static final int COUNTED = 8;

    private final EnergyTotal energy;

    private ProcessorMeter(Rapl counters) {
        energy = new EnergyTotal(() -> counters.sinceLast().value(), System::nanoTime);
    }

    /** That of this machine, or {@link Meter#NONE}. */
    public static Meter ofThisMachine() {
        var counters = Rapl.open();
        return counters.isPresent() && Files.isReadable(STATISTICS) ? new ProcessorMeter(counters.get()) : Meter.NONE;
    }

    @Override
    public Count begin() {
        try {
            var busy = busySeconds(Files.readString(STATISTICS));
            var began = energy.mark();
            return cpuSeconds -> {
                try {
                    var all = energy.since(began);
                    var busySince = busySeconds(Files.readString(STATISTICS)) - busy;
                    return all.isEmpty() ? all : share(all.getAsDouble(), cpuSeconds, busySince);
                } catch (IOException unreadable) {
                    return OptionalDouble.empty();
                }
            };
        } catch (IOException unreadable) {
            return Meter.NONE.begin();
        }
    }

    /** Not known, but asked with every word to the coordinator: often enough to read a counter before it wraps. */
    @Override
    public OptionalDouble watts() {
        energy.read();
        return OptionalDouble.empty();
    }

    /** Of the joules of the whole processor those of who took {@code cpuSeconds} of its {@code busySeconds}. */
    static OptionalDouble share(double joules, double cpuSeconds, double busySeconds) {
        if (!(joules >= 0) || !(busySeconds > 0) || !(cpuSeconds > 0)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(joules * Math.min(1, cpuSeconds / busySeconds));
    }

    /** @param statistics the text of {@code /proc/stat}, whose first line is of all processors together */
    static double busySeconds(String statistics) {
        var words = statistics.lines().findFirst().orElse("").strip().split("\\s+", -1);
        if (words.length <= WAITING || !words[0].equals("cpu")) {
            return 0;
        }
        double ticks = 0;
        for (var index = 0; index < Math.min(COUNTED, words.length - 1); index++) {
            if (index != IDLE && index != WAITING) {
                ticks += Long.parseLong(words[index + 1]);
            }
        }
        return ticks / TICKS_PER_SECOND;
    }
}
