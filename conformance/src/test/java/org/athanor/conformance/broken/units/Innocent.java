package org.athanor.conformance.broken.units;

/** Offends nobody. */
public final class Innocent {
    private Innocent() {}

    public static double half(double value) {
        return value / 2;
    }
}
