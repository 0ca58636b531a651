package org.athanor.devices.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.units.Celsius;

/**
 * A DS18B20 probe on a 1-wire bus, as Linux shows it. Where the kernel tells the check of the reading ({@code w1_slave}) that is
 * read, otherwise {@code temperature}.
 *
 * <p>Exactly 85 °C is what the probe holds after power came back before it has measured, and is no reading. A conversion takes
 * up to 750 ms.
 */
public final class OneWireThermometer implements Thermometer {
    /** Where Linux shows the probes of all buses. */
    public static final Path DEVICES = Path.of("/sys/bus/w1/devices");

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    private static final Pattern PROBE = Pattern.compile("28-[0-9a-f]{12}");
    private static final Pattern CHECKED = Pattern.compile("crc=[0-9a-f]{2} (YES|NO)");
    private static final Pattern READING = Pattern.compile("\\bt=(-?\\d+)");
    private static final double LOWEST = -55;
    private static final double HIGHEST = 125;
    private static final double POWER_ON_CELSIUS = 85;

    private final String id;
    private final Path folder;
    private final SensorFile file;

    /**
     * @param probe its address on the bus, such as 28-0316a2795cff
     * @throws IllegalArgumentException for what is no address of such a probe
     */
    public OneWireThermometer(String id, String probe) {
        this(id, DEVICES, probe, DEFAULT_TIMEOUT);
    }

    /**
     * @param devices in place of {@link #DEVICES}
     * @param timeout of one reading
     */
    public OneWireThermometer(String id, Path devices, String probe, Duration timeout) {
        this.id = id;
        this.folder = devices.resolve(probe(probe));
        this.file = new SensorFile(id, timeout);
    }

    /** @throws IllegalArgumentException for what is no address of such a probe */
    public static String probe(String address) {
        if (!PROBE.matcher(address).matches())
            throw new IllegalArgumentException("1-wire probe \"" + address
                    + "\" (28- and 12 hexadecimal digits in small letters, such as 28-0316a2795cff)");
        return address;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Celsius read() {
        var checked = folder.resolve("w1_slave");
        var plain = folder.resolve("temperature");
        boolean hasCheck = Files.exists(checked);
        var read = hasCheck ? checked : plain;
        var celsius = file.millidegrees(read, hasCheck ? checked(checked) : file.text(plain), LOWEST, HIGHEST);
        if (celsius.value() == POWER_ON_CELSIUS)
            throw file.failure(
                    Kind.GARBLED,
                    read,
                    "reads 85 °C, what it holds before it has measured: its supply was interrupted",
                    null);
        return celsius;
    }

    /** @throws DeviceException if the check failed, as it does with a bad contact or too long a cable */
    private String checked(Path path) {
        var text = file.text(path);
        var check = CHECKED.matcher(text);
        var reading = READING.matcher(text);
        if (!check.find() || !reading.find())
            throw file.failure(Kind.GARBLED, path, "no checked reading: " + SensorFile.quote(text), null);
        // all zeros pass the check, and are what a bus without its pull-up reads
        if (check.group(1).equals("NO") || text.startsWith("00 00 00 00 00 00 00 00 00"))
            throw file.failure(
                    Kind.GARBLED, path, "its check failed: look at the cable; " + SensorFile.quote(text), null);
        return reading.group(1);
    }

    @Override
    public void close() {} // holds nothing
}
