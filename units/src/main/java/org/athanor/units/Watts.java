package org.athanor.units;

import java.time.Duration;
import java.util.Map;

/** Electrical or thermal power, in watts. */
public record Watts(double value) implements Comparable<Watts> {
    public static final Watts ZERO = new Watts(0);
    private static final Map<String, Double> UNITS = Map.of("W", 1.0, "kW", 1e3, "MW", 1e6);

    public Watts {
        Quantity.finite("power", value);
    }

    /**
     * Reads text such as {@code "1.2 kW"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number with a known unit
     */
    public static Watts parse(String text) {
        return new Watts(Quantity.parse("power", text, UNITS));
    }

    public Watts plus(Watts other) {
        return new Watts(value + other.value);
    }

    public Watts minus(Watts other) {
        return new Watts(value - other.value);
    }

    public Watts times(double factor) {
        return new Watts(value * factor);
    }

    public Joules over(Duration time) {
        return new Joules(value * time.toNanos() / 1e9);
    }

    public static Watts max(Watts a, Watts b) {
        return a.value >= b.value ? a : b;
    }

    public static Watts min(Watts a, Watts b) {
        return a.value <= b.value ? a : b;
    }

    @Override
    public int compareTo(Watts other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.scaled(value, "W", "kW", "MW", "GW");
    }
}
