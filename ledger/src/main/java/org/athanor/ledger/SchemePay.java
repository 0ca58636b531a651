package org.athanor.ledger;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What a {@link PayScheme} pays.
 *
 * @param users everybody who is owed something, with the fraction of a millisatoshi that is not paid yet (pay per share
 *     only: pay by block leaves none)
 * @param payouts what each block paid, in their order; empty when every share is paid for itself
 * @param unpriced work of shares that came before anything was known of what a hash is worth, and so is not paid; pay by
 *     block knows none
 */
public record SchemePay(SortedMap<String, Credit> users, List<WindowPay.Payout> payouts, Work unpriced) {
    /** @throws IllegalArgumentException if what users have of blocks is not what the blocks paid */
    public SchemePay {
        users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
        payouts = List.copyOf(payouts);
        var paid = users.values().stream().map(Credit::msat).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
        if (!payouts.isEmpty() && !paid.equals(sum(payouts)))
            throw new IllegalArgumentException("users have " + paid.value() + " msat of blocks that paid them "
                    + sum(payouts).value());
    }

    /** All that users have, and the sum of their fractions. */
    public Credit total() {
        return users.values().stream().reduce(Credit.ZERO, Credit::plus);
    }

    /** Subsidies and fees of the blocks. */
    public Millisatoshis rewards() {
        return payouts.stream().map(payout -> payout.block().reward()).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }

    /** What the pool keeps of them. */
    public Millisatoshis fees() {
        return payouts.stream().map(WindowPay.Payout::fee).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }

    /** What stays with the pool because no share came before the block. */
    public Millisatoshis unassigned() {
        return payouts.stream().map(WindowPay.Payout::unassigned).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }

    private static Millisatoshis sum(List<WindowPay.Payout> payouts) {
        return payouts.stream()
                .flatMap(payout -> payout.amounts().values().stream())
                .reduce(Millisatoshis.ZERO, Millisatoshis::plus);
    }
}
