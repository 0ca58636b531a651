package org.athanor.units;

import java.time.Duration;
import java.util.Map;

/** Energy, in joules. */
public record Joules(double value) implements Comparable<Joules> {
    public static final Joules ZERO = new Joules(0);
    private static final Map<String, Double> UNITS =
            Map.of("J", 1.0, "kJ", 1e3, "MJ", 1e6, "GJ", 1e9, "Wh", 3600.0, "kWh", 3.6e6, "MWh", 3.6e9);

    public Joules {
        Quantity.finite("energy", value);
    }

    /**
     * Reads text such as {@code "1.5 kWh"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number with a known unit
     */
    public static Joules parse(String text) {
        return new Joules(Quantity.parse("energy", text, UNITS));
    }

    public Joules plus(Joules other) {
        return new Joules(value + other.value);
    }

    public Joules minus(Joules other) {
        return new Joules(value - other.value);
    }

    public Joules times(double factor) {
        return new Joules(value * factor);
    }

    public static Joules ofKilowattHours(double kilowattHours) {
        return new Joules(kilowattHours * 3.6e6);
    }

    public double kilowattHours() {
        return value / 3.6e6;
    }

    /** Mean power when spread over {@code time}, which must not be zero. */
    public Watts per(Duration time) {
        return new Watts(value / (time.toNanos() / 1e9));
    }

    @Override
    public int compareTo(Joules other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.scaled(value, "J", "kJ", "MJ", "GJ");
    }
}
