package org.athanor.ledger;

import java.util.Map;
import java.util.SortedMap;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * An amount that a pool was paid, divided among those whose work it is for: all share the luck of the window.
 *
 * @param credit what was paid
 * @param fee what the pool keeps of it
 * @param users everybody with work, and what they get; with the fee it adds up to the credit
 */
public record CreditSplit(Millisatoshis credit, Millisatoshis fee, SortedMap<String, Millisatoshis> users) {
    /** @throws IllegalArgumentException if it does not add up */
    public CreditSplit {
        var sum = users.values().stream().reduce(fee, Millisatoshis::plus);
        if (!sum.equals(credit))
            throw new IllegalArgumentException(
                    "fee and users together have " + sum.value() + " msat of " + credit.value());
    }

    /**
     * The pool's fee first, rounded down, then the rest by {@link RewardSplit}.
     *
     * @param work per user in the time that the credit is for
     * @throws IllegalArgumentException if nobody did any work, or the credit is negative
     */
    public static CreditSplit of(Millisatoshis credit, Map<String, Work> work, PoolFee poolFee) {
        if (credit.value() < 0) throw new IllegalArgumentException("negative credit " + credit);
        var fee = poolFee.of(credit);
        return new CreditSplit(credit, fee, RewardSplit.split(credit.minus(fee), work));
    }
}
