package org.athanor.units;

import java.util.Map;

/** A temperature difference, in kelvins. */
public record Kelvins(double value) implements Comparable<Kelvins> {
    public static final Kelvins ZERO = new Kelvins(0);
    private static final Map<String, Double> UNITS = Map.of("K", 1.0, "mK", 1e-3);

    public Kelvins {
        Quantity.finite("temperature difference", value);
    }

    /**
     * Reads text such as {@code "1.5 K"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number with a known unit
     */
    public static Kelvins parse(String text) {
        return new Kelvins(Quantity.parse("temperature difference", text, UNITS));
    }

    public Kelvins plus(Kelvins other) {
        return new Kelvins(value + other.value);
    }

    public Kelvins minus(Kelvins other) {
        return new Kelvins(value - other.value);
    }

    public Kelvins times(double factor) {
        return new Kelvins(value * factor);
    }

    @Override
    public int compareTo(Kelvins other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.scaled(value, "K");
    }
}
