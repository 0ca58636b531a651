package org.athanor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Home files made up from a seed: kinds, sizes, masses, insulations, people, climates, schedules, quiet hours, heatings,
 * tariffs, devices and hashprices, each drawn evenly from its range. The ranges are of this program, of no country's homes.
 */
final class YearsHomes {
    private static final List<String> DEVICES = List.of(
            "heatbit",
            "avalon-nano-3s",
            "avalon-mini-3",
            "avalon-q",
            "bitaxe-gamma",
            "antminer-s9",
            "antminer-s19j-pro",
            "antminer-s21",
            "gpu-pc-3090",
            "gpu-pc-4090");

    private final SplittableRandom chance;
    private final List<String> lines = new ArrayList<>();

    private YearsHomes(long seed) {
        chance = new SplittableRandom(seed);
    }

    /** The text of a home file, always the same of a seed and an index. */
    static String text(long seed, int index) {
        return new YearsHomes(seed * 0x9e3779b97f4a7c15L + index).text();
    }

    private String text() {
        boolean house = chance.nextBoolean();
        lines.add(format(
                "home: {kind: %s, floorArea: %d, mass: %s, insulation: %s, people: %d}",
                house ? "house" : "flat",
                house ? between(80, 200) : between(25, 100),
                oneOf("light", "medium", "heavy"),
                oneOf("poor", "average", "good", "passive"),
                between(1, 4)));
        lines.add("climate: " + oneOf("chicago", "denver"));
        int setpoint = between(38, 44); // half degrees
        if (chance.nextBoolean()) lines.add(format("setpoint: %.1f", setpoint / 2.0));
        else
            lines.add(format(
                    "schedule: [{from: \"06:00\", setpoint: %.1f}, {from: \"22:00\", setpoint: %.1f}]",
                    setpoint / 2.0, (setpoint - between(1, 5)) / 2.0));
        if (chance.nextInt(4) == 0)
            lines.add("quietHours: {from: \"22:00\", until: \"07:00\", maximumDecibels: " + between(30, 50) + "}");
        lines.add("heating: " + heating());
        lines.add("tariff: " + tariff());
        lines.add("device: {model: " + oneOf(DEVICES.toArray(String[]::new)) + "}");
        lines.add("operation: " + oneOf("heat-first", "only-when-cheaper"));
        lines.add(format("mining: {hashprice: %.4f}", real(0.02, 0.1)));
        return String.join("\n", lines) + "\n";
    }

    private String heating() {
        return switch (oneOf("resistive", "gas", "oil", "heat-pump", "district")) {
            case "gas" -> format("{kind: gas, price: %.4f}", real(0.04, 0.12));
            case "oil" -> format("{kind: oil, price: %.4f}", real(0.07, 0.13));
            case "heat-pump" ->
                format("{kind: heat-pump, source: %s, sink: %s}", oneOf("air", "ground"), oneOf("radiators", "floor"));
            case "district" -> format("{kind: district, price: %.4f}", real(0.07, 0.15));
            default -> "{kind: resistive}";
        };
    }

    private String tariff() {
        return switch (oneOf("flat", "day-night", "be_2019")) {
            case "flat" -> format("{kind: flat, price: %.4f}", real(0.1, 0.4));
            case "day-night" -> {
                double night = real(0.1, 0.3);
                yield format("{kind: day-night, day: %.4f, night: %.4f}", night + real(0, 0.1), night);
            }
            default -> "{kind: be_2019}";
        };
    }

    private int between(int least, int most) {
        return chance.nextInt(least, most + 1);
    }

    private double real(double least, double most) {
        return chance.nextDouble(least, most);
    }

    private String oneOf(String... choices) {
        return choices[chance.nextInt(choices.length)];
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
