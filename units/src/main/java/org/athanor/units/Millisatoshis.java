package org.athanor.units;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Bitcoin, exact: 1 BTC = 10⁸ sat = 10¹¹ msat. Arithmetic that would overflow throws {@link ArithmeticException}. */
public record Millisatoshis(long value) implements Comparable<Millisatoshis> {
    public static final Millisatoshis ZERO = new Millisatoshis(0);
    public static final long PER_SATOSHI = 1_000;
    public static final long PER_BITCOIN = 100_000_000_000L;

    private static final Pattern TEXT = Pattern.compile("\\s*([+-]?\\d+(?:\\.\\d+)?)\\s*(msat|sat|BTC)\\s*");

    public static Millisatoshis ofBitcoin(BigDecimal bitcoin) {
        return new Millisatoshis(
                bitcoin.multiply(BigDecimal.valueOf(PER_BITCOIN)).longValueExact());
    }

    /**
     * Reads text such as {@code "12 msat"}, {@code "1.5 sat"} or {@code "3.125 BTC"}.
     *
     * @throws IllegalArgumentException if {@code text} is not an amount, or not a whole number of millisatoshis
     */
    public static Millisatoshis parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches())
            throw new IllegalArgumentException("not an amount: \"" + text + "\" (a number and one of msat, sat, BTC)");
        long factor = switch (matcher.group(2)) {
            case "BTC" -> PER_BITCOIN;
            case "sat" -> PER_SATOSHI;
            default -> 1;
        };
        try {
            return new Millisatoshis(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(factor))
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a whole number of millisatoshis: \"" + text + "\"", e);
        }
    }

    public Millisatoshis plus(Millisatoshis other) {
        return new Millisatoshis(Math.addExact(value, other.value));
    }

    public Millisatoshis minus(Millisatoshis other) {
        return new Millisatoshis(Math.subtractExact(value, other.value));
    }

    /** Exact satoshis, for display. */
    public BigDecimal satoshis() {
        return BigDecimal.valueOf(value, 3);
    }

    public BigDecimal bitcoin() {
        return BigDecimal.valueOf(value, 11);
    }

    @Override
    public int compareTo(Millisatoshis other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s sat", satoshis().stripTrailingZeros().toPlainString());
    }
}
