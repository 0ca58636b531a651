package org.athanor.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteOrder;

/**
 * The largest hash, read as a little-endian number, that counts. A larger target is easier to meet.
 *
 * @param value 0 to 2²⁵⁶ - 1
 */
public record Target(BigInteger value) implements Comparable<Target> {
    /** Every hash meets it. */
    public static final Target MAX = new Target(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));

    /** Easiest target that a regtest chain accepts: bits 207fffff, every second hash. */
    public static final Target REGTEST_LIMIT = ofBits(0x207fffff);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final BigInteger DIFFICULTY_ONE = BigInteger.valueOf(0xffff).shiftLeft(208);

    /** Rounded down, so that going back to a target never makes it harder. */
    private static final MathContext DIGITS = new MathContext(34, RoundingMode.DOWN);

    public Target {
        if (value.signum() < 0 || value.bitLength() > 256)
            throw new IllegalArgumentException("not a 256-bit target: " + value);
    }

    /**
     * Bitcoin Core's {@code arith_uint256::SetCompact}.
     *
     * @throws IllegalArgumentException if {@code compact} is negative or does not fit 256 bits
     */
    public static Target ofBits(int compact) {
        int size = compact >>> 24;
        int word = compact & 0x007fffff;
        if (size <= 3) word >>>= 8 * (3 - size);
        if (word != 0 && (compact & 0x00800000) != 0)
            throw new IllegalArgumentException("negative target: bits " + Hex.encode(compact));
        if (word != 0 && (size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32)))
            throw new IllegalArgumentException("target does not fit 256 bits: bits " + Hex.encode(compact));
        var mantissa = BigInteger.valueOf(word);
        return new Target(size <= 3 ? mantissa : mantissa.shiftLeft(8 * (size - 3)));
    }

    /** Bitcoin Core's {@code GetCompact}: digits that do not fit are dropped, so the result is never easier. */
    public int bits() {
        int size = (value.bitLength() + 7) / 8;
        int word = size <= 3
                ? value.intValue() << (8 * (3 - size))
                : value.shiftRight(8 * (size - 3)).intValue();
        if ((word & 0x00800000) != 0) { // the sign's place: move one byte up
            word >>>= 8;
            size++;
        }
        return size << 24 | word;
    }

    /**
     * min(floor(0xffff x 2²⁰⁸ / difficulty), 2²⁵⁶ - 1), exact.
     *
     * @throws IllegalArgumentException unless {@code difficulty} is positive
     */
    public static Target ofDifficulty(BigDecimal difficulty) {
        if (difficulty.signum() <= 0)
            throw new IllegalArgumentException("difficulty " + difficulty + ": accepted is any number above 0");
        // Far outside the 256 bits: answered without numbers of a billion digits, which "1e-999999999" would make.
        long magnitude = (long) difficulty.precision() - difficulty.scale();
        if (magnitude > 80) return new Target(BigInteger.ZERO);
        if (magnitude < -20) return MAX;
        // dividing unscaled integers is exact; BigDecimal's own quotient would have to be rounded
        var unscaled = difficulty.unscaledValue();
        int scale = difficulty.scale();
        var quotient = scale >= 0
                ? DIFFICULTY_ONE.multiply(BigInteger.TEN.pow(scale)).divide(unscaled)
                : DIFFICULTY_ONE.divide(unscaled.multiply(BigInteger.TEN.pow(-scale)));
        return quotient.bitLength() > 256 ? MAX : new Target(quotient);
    }

    /**
     * To 34 digits, rounded down.
     *
     * @throws ArithmeticException for the target 0, which has none
     */
    public BigDecimal difficulty() {
        return new BigDecimal(DIFFICULTY_ONE).divide(new BigDecimal(value), DIGITS);
    }

    /** Whether a hash (32 bytes, internal order) is at most this target. */
    public boolean metBy(byte[] hash) {
        var number = new byte[32];
        for (int i = 0; i < 32; i++) number[i] = hash[31 - i];
        return new BigInteger(1, number).compareTo(value) <= 0;
    }

    /** The first 64 of the 256 bits, unsigned. */
    public long top64() {
        return value.shiftRight(192).longValue();
    }

    /** {@code target.metBy(hash)} for who kept {@code target.top64()}: it decides nearly always, and costs next to nothing. */
    public static boolean metBy(byte[] hash, long top64, Target target) {
        int order = Long.compareUnsigned((long) LONG.get(hash, 24), top64);
        return order < 0 || (order == 0 && target.metBy(hash));
    }

    /** The larger of the two. */
    public Target easierOf(Target other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public boolean isEasierThan(Target other) {
        return compareTo(other) > 0;
    }

    /** By value: harder targets first. */
    @Override
    public int compareTo(Target other) {
        return value.compareTo(other.value);
    }

    /** 64 hex digits. */
    @Override
    public String toString() {
        var digits = value.toString(16);
        return "0".repeat(64 - digits.length()) + digits;
    }
}
