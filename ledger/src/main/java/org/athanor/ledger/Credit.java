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

    /** Both together, exactly: remainders that reach a millisatoshi become one. */
    public Credit plus(Credit other) {
        var remainders = remainder.add(other.remainder).divideAndRemainder(WHOLE);
        return new Credit(msat.plus(other.msat).plus(new Millisatoshis(remainders[0].longValueExact())), remainders[1]);
    }

    /** For display: millisatoshis and the fraction carried, rounded half up to {@code digits} significant digits. */
    public BigDecimal rounded(int digits) {
        return new BigDecimal(BigInteger.valueOf(msat.value()).multiply(WHOLE).add(remainder))
                .divide(new BigDecimal(WHOLE), new MathContext(digits));
    }
}
