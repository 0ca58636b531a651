package org.athanor.ledger;

import java.math.BigInteger;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** The one place where work becomes money. */
public final class Settlement {
    /** Remainders are kept to 2⁻⁶⁴ msat; what is finer is dropped, less than 2⁻⁶⁴ msat per user and interval. */
    public static final int FRACTION_BITS = 64;

    private static final BigInteger FRACTION =
            BigInteger.ONE.shiftLeft(FRACTION_BITS).subtract(BigInteger.ONE);

    private Settlement() {}

    /**
     * work x weight x rate + carried, split into whole millisatoshis and what is left.
     *
     * @param carried remainder of the same user's interval before, in 2⁻⁶⁴ msat
     * @throws ArithmeticException if the amount does not fit 63 bits
     */
    public static Credit settle(Work work, Weight weight, Rate rate, BigInteger carried) {
        var earned = work.units()
                .multiply(weight.numerator())
                .multiply(rate.msat())
                .shiftLeft(FRACTION_BITS)
                .divide(weight.denominator().multiply(rate.units()));
        var total = earned.add(carried);
        return new Credit(new Millisatoshis(total.shiftRight(FRACTION_BITS).longValueExact()), total.and(FRACTION));
    }
}
