package org.athanor.units;

import java.util.Map;

/** A temperature on the Celsius scale. Two of them differ by {@link Kelvins}; they are never added. */
public record Celsius(double value) implements Comparable<Celsius> {
    private static final double ABSOLUTE_ZERO = -273.15;

    public Celsius {
        Quantity.finite("temperature", value);
        if (value < ABSOLUTE_ZERO) throw new IllegalArgumentException("not a temperature: " + value + " °C");
    }

    /**
     * Reads text such as {@code "20.5 °C"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number followed by °C or C
     */
    public static Celsius parse(String text) {
        return new Celsius(Quantity.parse("temperature", text, Map.of("°C", 1.0, "C", 1.0)));
    }

    public Celsius plus(Kelvins difference) {
        return new Celsius(value + difference.value());
    }

    public Celsius minus(Kelvins difference) {
        return new Celsius(value - difference.value());
    }

    public Kelvins minus(Celsius other) {
        return new Kelvins(value - other.value);
    }

    @Override
    public int compareTo(Celsius other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.number(value) + " °C";
    }
}
