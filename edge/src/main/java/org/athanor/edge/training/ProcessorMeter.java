package org.athanor.edge.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    /** The counters wrap at full power in about half an hour: after longer than this nothing is known. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private ProcessorMeter() {}

    /** That of this machine, or {@link Meter#NONE}. */
    public static Meter ofThisMachine() {
        return Rapl.open().isPresent() && Files.isReadable(STATISTICS) ? new ProcessorMeter() : Meter.NONE;
    }

    @Override
    public Count begin() {
        var counters = Rapl.open();
        var began = System.nanoTime();
        try {
            var busy = busySeconds(Files.readString(STATISTICS));
            return cpuSeconds -> {
                if (counters.isEmpty() || System.nanoTime() - began > LONGEST.toNanos()) {
                    return OptionalDouble.empty();
                }
                try {
                    var all = counters.get().sinceLast().value();
                    return share(all, cpuSeconds, busySeconds(Files.readString(STATISTICS)) - busy);
                } catch (IOException unreadable) {
                    return OptionalDouble.empty();
                }
            };
        } catch (IOException unreadable) {
            return Meter.NONE.begin();
        }
    }

    @Override
    public OptionalDouble watts() {
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
