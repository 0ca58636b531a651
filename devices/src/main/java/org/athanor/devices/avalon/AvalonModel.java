package org.athanor.devices.avalon;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.athanor.devices.Capabilities;
import org.athanor.devices.PowerLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * What is known of each model, as data.
 *
 * <p>Power and hash rate of the top levels are published or seen in replies (Mini 3 about 800 W at 40 TH/s, one unit
 * 839 W; Nano 3S 133 W at 6.6 TH/s). Those of the lower levels are <em>declared nominal data</em>: interpolated, not
 * measured by us. No vendor states minimum on and off times; 5 minutes each is the community's practice.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are List.of and List.copyOf
public enum AvalonModel {
    MINI_3(
            "Avalon Mini 3",
            "Mini3",
            List.of(
                    level("Night", 400, 22, 2, OptionalInt.empty()),
                    level("Eco", 600, 31, 0, OptionalInt.of(-1)),
                    level("Super", 800, 40, 0, OptionalInt.of(0))),
            true,
            new Watts(850),
            new Joules(220e3),
            105,
            Optional.of(new Celsius(40)),
            "reported by the device (PS, at the wall, 5 to 20 % off); watts of the levels below Super are declared"),
    NANO_3S(
            "Avalon Nano 3S",
            "Nano3s",
            List.of(
                    level("Low", 70, 3.2, 0, OptionalInt.empty()),
                    level("Medium", 100, 4.8, 1, OptionalInt.empty()),
                    level("High", 133, 6.6, 2, OptionalInt.empty())),
            false,
            new Watts(145),
            new Joules(50e3),
            105,
            Optional.empty(), // it has no inlet sensor: ITemp reads -273
            "reported by the device (PS, at the wall, 5 to 20 % off); watts of the levels below High are declared");

    /** {@code workLevel} is empty where the mode alone decides. */
    public record Level(String name, Watts power, Hashrate hashrate, int workMode, OptionalInt workLevel) {}

    private final String title;
    private final String product;
    private final List<Level> heating;
    private final boolean softOff;
    private final Capabilities capabilities;

    AvalonModel(
            String title,
            String product,
            List<Level> heating,
            boolean softOff,
            Watts maximumPower,
            Joules storedHeat,
            double chipMaximum,
            Optional<Celsius> inletMaximum,
            String powerSource) {
        this.title = title;
        this.product = product;
        this.heating = heating;
        this.softOff = softOff;
        this.capabilities = new Capabilities(
                title,
                Stream.concat(
                                Stream.of(new PowerLevel("off", Watts.ZERO)),
                                heating.stream().map(l -> new PowerLevel(l.name(), l.power())))
                        .toList(),
                maximumPower,
                Duration.ofMinutes(8),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                true,
                true,
                softOff,
                storedHeat,
                Optional.of(new Celsius(chipMaximum)),
                inletMaximum,
                powerSource);
    }

    private static Level level(String name, double watts, double terahashes, int workMode, OptionalInt workLevel) {
        return new Level(name, new Watts(watts), Hashrate.ofTerahashes(terahashes), workMode, workLevel);
    }

    public String title() {
        return title;
    }

    /** As in the {@code MODEL} field of {@code version}. */
    public String product() {
        return product;
    }

    public boolean softOff() {
        return softOff;
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    /** The levels that heat; index 0 here is level 1 of the heater. */
    public List<Level> heatingLevels() {
        return heating;
    }

    /** Heater's level in which the device is by its own mode registers; empty when they say none that is known here. */
    public OptionalInt levelOf(int workMode, OptionalInt workLevel) {
        int mode = heatingMode(workMode);
        for (int i = 0; i < heating.size(); i++) {
            var level = heating.get(i);
            if (level.workMode() == mode
                    && (level.workLevel().isEmpty() || level.workLevel().equals(workLevel)))
                return OptionalInt.of(i + 1);
        }
        return OptionalInt.empty();
    }

    /** Mini 3 "Mining" (mode 1) has the power levels of "Heating" (mode 0): its owner may have chosen it in the app. */
    int heatingMode(int workMode) {
        return this == MINI_3 && workMode == 1 ? 0 : workMode;
    }

    boolean isProduct(String reported) {
        return reported.replace(" ", "").toLowerCase(Locale.ROOT).contains(product.toLowerCase(Locale.ROOT));
    }
}
