package org.athanor.units;

import java.util.Map;

/** Hashes per second. */
public record Hashrate(double value) implements Comparable<Hashrate> {
    public static final Hashrate ZERO = new Hashrate(0);
    private static final Map<String, Double> UNITS =
            Map.of("H/s", 1.0, "kH/s", 1e3, "MH/s", 1e6, "GH/s", 1e9, "TH/s", 1e12, "PH/s", 1e15, "EH/s", 1e18);

    public Hashrate {
        Quantity.finite("hash rate", value);
    }

    /**
     * Reads text such as {@code "37.5 TH/s"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number with a known unit
     */
    public static Hashrate parse(String text) {
        return new Hashrate(Quantity.parse("hash rate", text, UNITS));
    }

    public Hashrate plus(Hashrate other) {
        return new Hashrate(value + other.value);
    }

    public Hashrate minus(Hashrate other) {
        return new Hashrate(value - other.value);
    }

    public Hashrate times(double factor) {
        return new Hashrate(value * factor);
    }

    public static Hashrate ofTerahashes(double terahashesPerSecond) {
        return new Hashrate(terahashesPerSecond * 1e12);
    }

    public double terahashes() {
        return value / 1e12;
    }

    @Override
    public int compareTo(Hashrate other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.scaled(value, "H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s");
    }
}
