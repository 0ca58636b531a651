package org.athanor.ledger;

import java.math.BigInteger;
import org.athanor.units.Millisatoshis;

/**
 * Outcome of a settlement.
 *
 * @param msat whole millisatoshis owed
 * @param remainder what is carried to the user's next interval, in 2⁻⁶⁴ msat, below 2⁶⁴
 */
public record Credit(Millisatoshis msat, BigInteger remainder) {
    public Credit {
        if (remainder.signum() < 0 || remainder.bitLength() > Settlement.FRACTION_BITS)
            throw new IllegalArgumentException("not a remainder: " + remainder);
    }
}
