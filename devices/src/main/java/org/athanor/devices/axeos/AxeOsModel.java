package org.athanor.devices.axeos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.PowerLevel;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * What is known of each model, as data. AxeOS knows no watts: a level is a pair of frequency and core voltage out of those that
 * the firmware offers for the chip.
 *
 * <p>The Gamma's power and hash rate at the default pair are those of a recorded reply; of the Supra some 0.7 TH/s are stated by
 * its community (osmu.xyz) and 17 J/TH by a seller of its chip (ixtech.xyz), to which a tenth is added for the board. Those of
 * the other levels are <em>declared nominal data</em>: scaled by f V² and by f, not measured by us.
 *
 * <p>The others are {@linkplain #verified unverified}: their chips, counts, default pairs and limits of power are those of the
 * firmware's sources (bitaxeorg/ESP-Miner, and shufps/ESP-Miner-NerdQAxePlus for the NerdQAxe), but no reply of one was seen.
 * The Ultra's watts are those of a made-up reply in the firmware's own pages; the Max's follow from the 30 J/TH that its
 * chip's maker claims and a tenth for the board, the NerdQAxe+'s from the Supra's, and the NerdQAxe++'s from the Gamma's,
 * chip by chip.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are List.of and List.copyOf
public enum AxeOsModel {
    GAMMA(
            "Bitaxe Gamma",
            "BM1370",
            1,
            525,
            1150,
            19,
            1.07,
            40,
            true,
            List.of(pair(400, 1000), pair(490, 1060), pair(525, 1150))),
    SUPRA("Bitaxe Supra", "BM1368", 1, 490, 1166, 13, 0.7, 40, true, List.of(pair(400, 1100), pair(490, 1166))),
    ULTRA("Bitaxe Ultra", "BM1366", 1, 485, 1200, 11.7, 0.475, 25, false, List.of(pair(400, 1100), pair(485, 1200))),
    MAX("Bitaxe Max", "BM1397", 1, 425, 1400, 9.4, 0.286, 25, false, List.of(pair(400, 1300), pair(425, 1400))),
    NERDQAXE_PLUS("NerdQAxe+", "BM1368", 4, 490, 1250, 52, 2.5, 70, false, List.of(pair(400, 1250), pair(490, 1250))),
    NERDQAXE_PLUS_PLUS(
            "NerdQAxe++",
            "BM1370",
            4,
            600,
            1150,
            86.9,
            4.9,
            100,
            false,
            List.of(pair(500, 1150), pair(550, 1150), pair(600, 1150)));

    /** The firmware's own limits (power_management_task.c): it stops above these. */
    public static final double CHIP_MAXIMUM_CELSIUS = 75;

    public static final double REGULATOR_MAXIMUM_CELSIUS = 105;

    /**
     * @param megahertz of the chips
     * @param millivolts of their cores
     */
    public record Pair(int megahertz, int millivolts) {}

    private static Pair pair(int megahertz, int millivolts) {
        return new Pair(megahertz, millivolts);
    }

    private final String title;
    private final String chip;
    private final int chips;
    private final Pair usual;
    private final double usualWatts;
    private final double usualTerahashes;
    private final boolean verified;
    private final List<Pair> pairs;
    private final Watts maximumPower;

    AxeOsModel(
            String title,
            String chip,
            int chips,
            int megahertz,
            int millivolts,
            double watts,
            double terahashes,
            double maximumWatts,
            boolean verified,
            List<Pair> pairs) {
        this.title = title;
        this.chip = chip;
        this.chips = chips;
        this.usual = pair(megahertz, millivolts);
        this.usualWatts = watts;
        this.usualTerahashes = terahashes;
        this.verified = verified;
        this.pairs = List.copyOf(pairs);
        this.maximumPower = new Watts(maximumWatts);
    }

    /**
     * The model that its own words leave alone: its chip, the number of chips where it is told, else its name.
     *
     * @param chip its {@code ASICModel}
     * @param chips its {@code asicCount}
     * @param name its {@code deviceModel}, or empty
     */
    public static Optional<AxeOsModel> told(String chip, OptionalInt chips, String name) {
        var fits = Arrays.stream(values())
                .filter(model -> model.chip.equals(chip) && chips.orElse(model.chips) == model.chips)
                .toList();
        if (fits.size() == 1) return Optional.of(fits.getFirst());
        return fits.stream()
                .filter(model -> model.title.equals(name) || (!name.isEmpty() && model.title.endsWith(" " + name)))
                .findFirst();
    }

    public String title() {
        return title;
    }

    /** As in the {@code ASICModel} of its information. */
    public String chip() {
        return chip;
    }

    public int chips() {
        return chips;
    }

    /** Whether its figures were seen in a reply of a real one, or are stated for it by those who build it. */
    public boolean verified() {
        return verified;
    }

    /** The pair that the firmware starts with. */
    public Pair usual() {
        return usual;
    }

    /** The levels that heat; index 0 here is level 1 of the heater. */
    public List<Pair> pairs() {
        return pairs;
    }

    /** Its firmware's limit, where it states one. */
    public Watts maximumPower() {
        return maximumPower;
    }

    /** Drawn at the board's input. */
    public Watts watts(Pair pair) {
        double volts = pair.millivolts() / (double) usual.millivolts();
        return new Watts(usualWatts * pair.megahertz() / usual.megahertz() * volts * volts);
    }

    public Hashrate hashrate(Pair pair) {
        return Hashrate.ofTerahashes(usualTerahashes * pair.megahertz() / usual.megahertz());
    }

    /** @param pauses whether its firmware can pause (2.14 or later) */
    Capabilities capabilities(boolean pauses) {
        var levels = new ArrayList<PowerLevel>();
        levels.add(new PowerLevel("off", Watts.ZERO));
        for (var pair : pairs)
            levels.add(new PowerLevel(
                    pair.megahertz() + " MHz", new Watts(Math.round(watts(pair).value() * 10) / 10.0)));
        return new Capabilities(
                title,
                levels,
                maximumPower,
                Duration.ofMinutes(1),
                Duration.ofMinutes(5), // no vendor states minimum times: the community's practice
                Duration.ofMinutes(5),
                false, // frequency and voltage are wound up and down while it hashes
                true,
                pauses,
                new Joules(maximumPower.value() * 150),
                Optional.of(new Celsius(CHIP_MAXIMUM_CELSIUS)),
                Optional.empty(),
                "reported by the device (power, at its input: what its power supply loses is not in it)"
                        + (verified ? "" : "; the watts of its levels are unverified"));
    }
}
