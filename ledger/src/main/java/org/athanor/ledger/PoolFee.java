package org.athanor.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.athanor.units.Millisatoshis;

/**
 * What a pool keeps of what it hands on.
 *
 * @param fraction 0 to 1, at most nine decimals
 */
public record PoolFee(BigDecimal fraction) {
    public static final PoolFee NONE = new PoolFee(BigDecimal.ZERO);

    static final int SCALE = 9;

    /** @throws IllegalArgumentException if it is no such fraction */
    public PoolFee {
        fraction = fraction.stripTrailingZeros();
        if (fraction.signum() < 0 || fraction.compareTo(BigDecimal.ONE) > 0 || fraction.scale() > SCALE)
            throw new IllegalArgumentException("pool fee " + fraction.toPlainString()
                    + ": a fraction from 0 to 1 with at most " + SCALE + " decimals is accepted");
    }

    /** What the pool keeps of an amount, rounded down: the part of a millisatoshi goes to its users. */
    public Millisatoshis of(Millisatoshis amount) {
        return new Millisatoshis(BigDecimal.valueOf(amount.value())
                .multiply(fraction)
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact());
    }

    @Override
    public String toString() {
        return fraction.toPlainString();
    }
}
