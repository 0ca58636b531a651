package org.athanor.devices.avalon;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
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
 * <p>Power and hash rate of the top levels are published or seen in replies (Mini 3 about 800 W at 40 TH/s, one unit 839 W; Nano
 * 3S 133 W at 6.6 TH/s; Nano 3 126 W at 4.1 TH/s; Q 800, 1300 and 1600 W at 54, 83 and 100 TH/s; an A1566 3731 W at 199 TH/s).
 * Those of the other levels are <em>declared nominal data</em>: interpolated, not measured by us. No vendor states minimum on and
 * off times; 5 minutes each is the community's practice.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists and maps are immutable
public enum AvalonModel {
    /** Told by {@code worklevel} alone; it has neither a mode, a soft stop nor an inlet sensor. */
    NANO_3(new Facts(
            "Avalon Nano 3",
            "nano3",
            "(avalon)?nano3?",
            List.of(ofLevel("Low", 65, 2.0, 0), ofLevel("Medium", 100, 3.1, 1), ofLevel("High", 140, 4.1, 2)),
            Map.of(),
            false,
            new Watts(150),
            new Joules(50e3),
            105,
            OptionalInt.empty(),
            List.of(),
            // one firmware (25103101) was seen to put the watts before the last item, which then is no power at all
            List.of(6, 5))),
    NANO_3S(new Facts(
            "Avalon Nano 3S",
            "Nano3s",
            "(avalon)?nano3s",
            List.of(ofMode("Low", 70, 3.2, 0), ofMode("Medium", 100, 4.8, 1), ofMode("High", 133, 6.6, 2)),
            Map.of(),
            false,
            new Watts(145),
            new Joules(50e3),
            105,
            OptionalInt.empty(),
            List.of("ITemp"), // which reads -273, for it has no such sensor
            List.of(6))),
    MINI_3(new Facts(
            "Avalon Mini 3",
            "Mini3",
            "(avalon)?mini3",
            List.of(
                    ofMode("Night", 400, 22, 2),
                    level("Eco", 600, 31, OptionalInt.of(0), OptionalInt.of(-1)),
                    level("Super", 800, 40, OptionalInt.of(0), OptionalInt.of(0))),
            Map.of(1, 0), // "Mining" has the power levels of "Heating": its owner may have chosen it in the app
            true,
            new Watts(850),
            new Joules(220e3),
            105,
            OptionalInt.of(40),
            List.of("ITemp"),
            List.of(6))),
    Q(new Facts(
            "Avalon Q",
            "Q",
            "(avalon)?q",
            List.of(ofMode("Eco", 800, 54, 0), ofMode("Standard", 1300, 83, 1), ofMode("Super", 1600, 100, 2)),
            Map.of(),
            true,
            new Watts(1800),
            new Joules(420e3),
            100,
            OptionalInt.of(40),
            List.of("ITemp", "HBITemp"),
            List.of(6))),
    /** On and off only: no field in which it would show a mode was seen. */
    A15(new Facts(
            "Avalon A15",
            "15-194",
            "(avalonminer)?15-\\d+.*",
            List.of(level("On", 3700, 194, OptionalInt.empty(), OptionalInt.empty())),
            Map.of(),
            true,
            new Watts(4200),
            new Joules(1_250e3),
            100,
            OptionalInt.of(40),
            List.of("Temp"),
            List.of(6)));

    /** The register is empty that does not matter for this level. */
    public record Level(String name, Watts power, Hashrate hashrate, OptionalInt workMode, OptionalInt workLevel) {}

    /**
     * @param product as its {@code version} writes it in MODEL
     * @param products of what MODEL or PROD of such a device hold, in lower case without spaces
     * @param sameModes modes of the firmware that have the power levels of another one
     * @param inletKeys fields with the temperature of the air that it takes in, the best first
     * @param wallItems places in {@code PS} in which the watts at the wall stand, the likeliest first
     */
    private record Facts(
            String title,
            String product,
            String products,
            List<Level> heating,
            Map<Integer, Integer> sameModes,
            boolean softOff,
            Watts maximumPower,
            Joules storedHeat,
            double chipMaximum,
            OptionalInt inletMaximum,
            List<String> inletKeys,
            List<Integer> wallItems) {}

    private final Facts facts;
    private final Pattern products;
    private final Capabilities capabilities;

    AvalonModel(Facts facts) {
        this.facts = facts;
        this.products = Pattern.compile(facts.products());
        this.capabilities = new Capabilities(
                facts.title(),
                Stream.concat(
                                Stream.of(new PowerLevel("off", Watts.ZERO)),
                                facts.heating().stream().map(l -> new PowerLevel(l.name(), l.power())))
                        .toList(),
                facts.maximumPower(),
                Duration.ofMinutes(8),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                true,
                true,
                facts.softOff(),
                facts.storedHeat(),
                Optional.of(new Celsius(facts.chipMaximum())),
                facts.inletMaximum().isPresent()
                        ? Optional.of(new Celsius(facts.inletMaximum().getAsInt()))
                        : Optional.empty(),
                "reported by the device (PS, at the wall, 5 to 20 % off)"
                        + (facts.heating().size() > 1 ? "; watts of its levels are nominal" : ""));
    }

    private static Level ofMode(String name, double watts, double terahashes, int workMode) {
        return level(name, watts, terahashes, OptionalInt.of(workMode), OptionalInt.empty());
    }

    private static Level ofLevel(String name, double watts, double terahashes, int workLevel) {
        return level(name, watts, terahashes, OptionalInt.empty(), OptionalInt.of(workLevel));
    }

    private static Level level(
            String name, double watts, double terahashes, OptionalInt workMode, OptionalInt workLevel) {
        return new Level(name, new Watts(watts), Hashrate.ofTerahashes(terahashes), workMode, workLevel);
    }

    public String title() {
        return facts.title();
    }

    /** As in the {@code MODEL} field of {@code version}. */
    public String product() {
        return facts.product();
    }

    public boolean softOff() {
        return facts.softOff();
    }

    /** Whether its soft stop takes a date: an A15's clock counts since its start, and was not understood well enough. */
    public boolean softOffDated() {
        return softOff() && this != A15;
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    /** The levels that heat; index 0 here is level 1 of the heater. */
    public List<Level> heatingLevels() {
        return facts.heating();
    }

    /** Whether {@code WORKMODE} tells its levels apart, at least in part. */
    public boolean hasModes() {
        return heatingLevels().stream().anyMatch(level -> level.workMode().isPresent());
    }

    /** Whether {@code WORKLEVEL} tells its levels apart, at least in part. */
    public boolean hasLevels() {
        return heatingLevels().stream().anyMatch(level -> level.workLevel().isPresent());
    }

    /** Heater's level in which the device is by its own registers; empty when they say none that is known here. */
    public OptionalInt levelOf(OptionalInt workMode, OptionalInt workLevel) {
        var mode = heatingMode(workMode);
        for (int i = 0; i < heatingLevels().size(); i++) {
            var level = heatingLevels().get(i);
            if ((level.workMode().isEmpty() || level.workMode().equals(mode))
                    && (level.workLevel().isEmpty() || level.workLevel().equals(workLevel)))
                return OptionalInt.of(i + 1);
        }
        return OptionalInt.empty();
    }

    /** The mode of this model's levels that has the power levels of {@code workMode}. */
    OptionalInt heatingMode(OptionalInt workMode) {
        return workMode.isEmpty()
                ? workMode
                : OptionalInt.of(facts.sameModes().getOrDefault(workMode.getAsInt(), workMode.getAsInt()));
    }

    List<String> inletKeys() {
        return facts.inletKeys();
    }

    List<Integer> wallItems() {
        return facts.wallItems();
    }

    /** The model of a device whose {@code version} holds this as MODEL or PROD; empty for one that is not known here. */
    public static Optional<AvalonModel> ofProduct(String reported) {
        return Arrays.stream(values())
                .filter(model -> model.isProduct(reported))
                .findFirst();
    }

    boolean isProduct(String reported) {
        return products.matcher(reported.replace(" ", "").toLowerCase(Locale.ROOT))
                .matches();
    }
}
