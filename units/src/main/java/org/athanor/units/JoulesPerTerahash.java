package org.athanor.units;

import java.util.Map;

/** Efficiency of a miner: joules per terahash (10¹² hashes). Lower is better. */
public record JoulesPerTerahash(double value) implements Comparable<JoulesPerTerahash> {
    public JoulesPerTerahash {
        Quantity.finite("efficiency", value);
        if (value <= 0) throw new IllegalArgumentException("not an efficiency: " + value + " J/TH (must be positive)");
    }

    /**
     * Reads text such as {@code "20 J/TH"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a positive number followed by J/TH
     */
    public static JoulesPerTerahash parse(String text) {
        return new JoulesPerTerahash(Quantity.parse("efficiency", text, Map.of("J/TH", 1.0)));
    }

    public static JoulesPerTerahash of(Watts power, Hashrate rate) {
        return new JoulesPerTerahash(power.value() / rate.terahashes());
    }

    public Watts at(Hashrate rate) {
        return new Watts(value * rate.terahashes());
    }

    @Override
    public int compareTo(JoulesPerTerahash other) {
        return Double.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Quantity.number(value) + " J/TH";
    }
}
