package org.athanor.devices.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.units.Celsius;

/**
 * A temperature that a chip of this computer measures, as Linux shows it below {@code /sys/class/hwmon}. It is found anew at each
 * reading by the chip's name, since the numbers of the folders change from boot to boot.
 */
public final class HwmonThermometer implements Thermometer {
    /** Where Linux shows the chips. */
    public static final Path CHIPS = Path.of("/sys/class/hwmon");

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    private static final double LOWEST = -60;
    private static final double HIGHEST = 150;

    private final String id;
    private final Path chips;
    private final String chip;
    private final String sensor;
    private final SensorFile file;

    /**
     * @param chip name of the chip, such as jc42
     * @param sensor its label, or {@code temp1} where it has none
     */
    public HwmonThermometer(String id, String chip, String sensor) {
        this(id, CHIPS, chip, sensor, DEFAULT_TIMEOUT);
    }

    /**
     * @param chips in place of {@link #CHIPS}
     * @param timeout of one reading
     */
    public HwmonThermometer(String id, Path chips, String chip, String sensor, Duration timeout) {
        this.id = id;
        this.chips = chips;
        this.chip = chip;
        this.sensor = sensor;
        this.file = new SensorFile(id, timeout);
    }

    /** A sensor that there is. */
    public record Found(String chip, String sensor, Path input) {}

    /**
     * All that there are, those of one chip together. A chip that is unplugged meanwhile is left out.
     *
     * @throws UncheckedIOException if the folder is there and cannot be listed
     */
    public static List<Found> sensors(Path chips) {
        return sensors(chips, _ -> {});
    }

    /** @param unread is told why a chip's files could not be read: it may have been unplugged at this moment */
    private static List<Found> sensors(Path chips, Consumer<IOException> unread) {
        var found = new ArrayList<Found>();
        if (!Files.isDirectory(chips)) return found;
        try (var folders = Files.list(chips)) {
            for (var folder : folders.sorted().toList()) {
                try {
                    found.addAll(sensorsOf(folder));
                } catch (IOException e) {
                    unread.accept(e);
                } catch (UncheckedIOException e) {
                    unread.accept(e.getCause());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + chips + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static List<Found> sensorsOf(Path folder) throws IOException {
        var found = new ArrayList<Found>();
        if (!Files.isReadable(folder.resolve("name"))) return found;
        var chip = Files.readString(folder.resolve("name")).strip();
        try (var files = Files.list(folder)) {
            for (var input : files.sorted().toList()) {
                var name = input.getFileName().toString();
                if (!name.matches("temp\\d+_input")) continue;
                var number = name.substring(0, name.indexOf('_'));
                var label = folder.resolve(number + "_label");
                found.add(new Found(
                        chip, Files.isReadable(label) ? Files.readString(label).strip() : number, input));
            }
        }
        return found;
    }

    @Override
    public String id() {
        return id;
    }

    /** @throws DeviceException also if several chips of that name have such a sensor: which is meant is not known */
    @Override
    public Celsius read() {
        var unread = new ArrayList<IOException>();
        var matching = listed(unread).stream()
                .filter(found -> found.chip().equals(chip) && found.sensor().equals(sensor))
                .toList();
        if (matching.isEmpty())
            throw file.failure(
                    Kind.UNREACHABLE,
                    chips,
                    "no chip \"" + chip + "\" with a sensor \"" + sensor + "\""
                            + (unread.isEmpty() ? "" : ", and not all could be read: " + unread.getFirst()),
                    unread.isEmpty() ? null : unread.getFirst());
        if (matching.size() > 1)
            throw file.failure(Kind.REFUSED, chips, "several sensors are meant: " + matching, null);
        var input = matching.getFirst().input();
        var fault = input.resolveSibling(input.getFileName().toString().replace("_input", "_fault"));
        if (Files.exists(fault) && !file.text(fault).equals("0"))
            throw file.failure(Kind.GARBLED, fault, "the chip reports a fault of its sensor", null);
        return file.millidegrees(input, file.text(input), LOWEST, HIGHEST);
    }

    private List<Found> listed(List<IOException> unread) {
        try {
            return sensors(chips, unread::add);
        } catch (UncheckedIOException e) {
            throw file.failure(Kind.UNREACHABLE, chips, e.getMessage(), e);
        }
    }

    @Override
    public void close() {} // holds nothing
}
