package org.athanor.ledger;

import java.math.BigInteger;

/**
 * How many hashes one of a heater's hashes stands for: an exact, non-negative fraction. It is {@link #ONE} wherever
 * time is real and the device is real.
 */
public record Weight(BigInteger numerator, BigInteger denominator) {
    public static final Weight ONE = new Weight(BigInteger.ONE, BigInteger.ONE);
    public static final Weight NONE = new Weight(BigInteger.ZERO, BigInteger.ONE);

    public Weight {
        if (numerator.signum() < 0 || denominator.signum() <= 0)
            throw new IllegalArgumentException("not a weight: " + numerator + "/" + denominator);
        var common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    public static Weight of(long numerator, long denominator) {
        return new Weight(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** @throws IllegalArgumentException if {@code text} is not what {@link #toString()} writes */
    public static Weight parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2) throw new IllegalArgumentException("not a weight: \"" + text + "\" (such as 1440/1)");
        return new Weight(new BigInteger(parts[0]), new BigInteger(parts[1]));
    }

    public Weight times(Weight other) {
        return new Weight(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** For display only. */
    public double toDouble() {
        return numerator.doubleValue() / denominator.doubleValue();
    }

    @Override
    public String toString() {
        return numerator + "/" + denominator;
    }
}
