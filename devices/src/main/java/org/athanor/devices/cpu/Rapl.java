package org.athanor.devices.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.units.Joules;

/**
 * The processor's own energy counters, as Linux shows them below {@code /sys/class/powercap}.
 *
 * <p>Packages only: cores and memory inside a package are counted by it already, and psys would count everything twice.
 * Current kernels let only root read them. A counter wraps at its {@code max_energy_range_uj}, at full power about once
 * in half an hour: read more often.
 */
public final class Rapl {
    static final Path ROOT = Path.of("/sys/class/powercap");
    private static final Pattern PACKAGE = Pattern.compile("intel-rapl:\\d+");

    private final List<Counter> packages;

    private Rapl(List<Counter> packages) {
        this.packages = packages;
    }

    /** This computer's; empty where there are no counters, or none that we may read. */
    public static Optional<Rapl> open() {
        return open(ROOT);
    }

    static Optional<Rapl> open(Path root) {
        var packages = new ArrayList<Counter>();
        try (var zones = Files.list(root)) {
            for (var zone : zones.sorted().toList()) {
                if (PACKAGE.matcher(zone.getFileName().toString()).matches()
                        && text(zone.resolve("name")).startsWith("package")) packages.add(new Counter(zone));
            }
        } catch (IOException unreadable) {
            return Optional.empty(); // the declared model serves instead, and the capabilities say so
        }
        return packages.isEmpty() ? Optional.empty() : Optional.of(new Rapl(packages));
    }

    /** Energy of all packages since the last call, or since it was opened. */
    public Joules sinceLast() throws IOException {
        double microjoules = 0;
        for (var counter : packages) microjoules += counter.sinceLast();
        return new Joules(microjoules / 1e6);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    private static final class Counter {
        private final Path energy;
        private final long range;
        private long last;

        Counter(Path zone) throws IOException {
            energy = zone.resolve("energy_uj");
            range = number(zone.resolve("max_energy_range_uj"));
            last = number(energy);
        }

        long sinceLast() throws IOException {
            long now = number(energy);
            long delta = now - last;
            last = now;
            return delta >= 0 ? delta : delta + range + 1;
        }

        private static long number(Path file) throws IOException {
            var text = text(file);
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IOException(file + " reads \"" + text + "\", not a count of microjoules", e);
            }
        }
    }
}
