package org.athanor.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.athanor.units.Millisatoshis;

/**
 * Outcome of a settlement.
 *
 * @param msat whole millisatoshis owed
 * @param remainder what is carried to the user's next interval, in 2⁻⁶⁴ msat, below 2⁶⁴
 */
public record Credit(Millisatoshis msat, BigInteger remainder) {
    private static final BigInteger WHOLE = BigInteger.ONE.shiftLeft(Settlement.FRACTION_BITS);
    public static final Credit ZERO = new Credit(Millisatoshis.ZERO, BigInteger.ZERO);

    public Credit {
        if (remainder.signum() < 0 || remainder.bitLength() > Settlement.FRACTION_BITS)
            throw new IllegalArgumentException("not a remainder: " + remainder);
    }

    /** An amount in 2⁻⁶⁴ msat, not negative, of which the whole millisatoshis fit 63 bits. */
    public static Credit ofUnits(BigInteger units) {
        var parts = units.divideAndRemainder(WHOLE);
        return new Credit(new Millisatoshis(parts[0].longValueExact()), parts[1]);
    }

    /** The amount and the remainder in 2⁻⁶⁴ msat. */
    public BigInteger units() {
        return BigInteger.valueOf(msat.value()).multiply(WHOLE).add(remainder);
    }

    /** Both together, exactly: remainders that reach a millisatoshi become one. */
    public Credit plus(Credit other) {
        return ofUnits(units().add(other.units()));
    }

    /** For display: millisatoshis and the fraction carried, rounded half up to {@code digits} significant digits. */
    public BigDecimal rounded(int digits) {
        return new BigDecimal(units()).divide(new BigDecimal(WHOLE), new MathContext(digits));
    }
}
