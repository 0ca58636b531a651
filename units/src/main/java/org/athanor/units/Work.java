package org.athanor.units;

import java.math.BigInteger;

/**
 * Work proven by hashing: the expected number of hashes, exact to 2⁻⁶⁴ of a hash.
 *
 * <p>The work of a share is 2²⁵⁶ / (target + 1) (Bitcoin Core, {@code GetBlockProof}), kept as an integer count of
 * 2⁻⁶⁴ hashes rounded down, so sums are exact and independent of order.
 *
 * @param units expected hashes times 2⁶⁴; never negative
 */
public record Work(BigInteger units) implements Comparable<Work> {
    /** Number of binary digits after the point. */
    public static final int FRACTION_BITS = 64;

    public static final Work ZERO = new Work(BigInteger.ZERO);

    public Work {
        if (units.signum() < 0) throw new IllegalArgumentException("negative work: " + units);
    }

    public static Work ofHashes(BigInteger hashes) {
        return new Work(hashes.shiftLeft(FRACTION_BITS));
    }

    /**
     * Work of one hash that had to be at most {@code target}.
     *
     * @param target 0 to 2²⁵⁶ - 1
     * @throws IllegalArgumentException if {@code target} is out of that range
     */
    public static Work ofTarget(BigInteger target) {
        if (target.signum() < 0 || target.bitLength() > 256)
            throw new IllegalArgumentException("not a 256-bit target: " + target);
        return new Work(BigInteger.ONE.shiftLeft(256 + FRACTION_BITS).divide(target.add(BigInteger.ONE)));
    }

    public Work plus(Work other) {
        return new Work(units.add(other.units));
    }

    public Work times(long count) {
        return new Work(units.multiply(BigInteger.valueOf(count)));
    }

    /** Whole expected hashes, rounded down. */
    public BigInteger hashes() {
        return units.shiftRight(FRACTION_BITS);
    }

    /** For display and statistics only. */
    public double toDouble() {
        return units.doubleValue() / 0x1p64;
    }

    @Override
    public int compareTo(Work other) {
        return units.compareTo(other.units);
    }

    @Override
    public String toString() {
        return hashes() + " hashes";
    }
}
