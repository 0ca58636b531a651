package org.athanor.network;

import java.util.SortedMap;
import org.athanor.ledger.CreditSplit;
import org.athanor.ledger.PoolFee;
import org.athanor.units.Work;

/**
 * A credit of an upstream and the work that it is for.
 *
 * @param work per user, accepted for this upstream in the credit's time; never empty
 */
public record PaidWindow(UpstreamCredit credit, SortedMap<String, Work> work) {
    /** Divided by work, whoever's share it was that the upstream counted: luck is shared. */
    public CreditSplit split(PoolFee fee) {
        return CreditSplit.of(credit.msat(), work, fee);
    }
}
