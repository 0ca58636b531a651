package org.athanor.stratum;

import java.math.BigDecimal;

/**
 * How a connection's difficulty follows its miner.
 *
 * @param sharesPerMinute that a miner is to send; ckpool takes 18
 * @param start difficulty before anything is known of a miner
 * @param minimum no miner's shares are easier
 */
public record VardiffRules(double sharesPerMinute, BigDecimal start, BigDecimal minimum) {
    /** @throws IllegalArgumentException unless the rate is 0.1 to 6000 and 0 < minimum <= start */
    public VardiffRules {
        if (!(sharesPerMinute >= 0.1 && sharesPerMinute <= 6000))
            throw new IllegalArgumentException(
                    "shares per minute " + sharesPerMinute + ": accepted is a number from 0.1 to 6000");
        if (minimum.signum() <= 0 || minimum.compareTo(start) > 0)
            throw new IllegalArgumentException(
                    "difficulty from " + minimum + ", at first " + start + ": accepted is 0 < minimum <= start");
    }

    double sharesPerSecond() {
        return sharesPerMinute / 60;
    }
}
