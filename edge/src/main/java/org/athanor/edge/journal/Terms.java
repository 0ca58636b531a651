package org.athanor.edge.journal;

import java.util.Optional;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weight;

/**
 * What the edge itself knows of the deal with its pool. An absent figure is taken from the credit line, so a
 * disagreement about it cannot be seen.
 */
public record Terms(Optional<Weight> weight, Optional<Rate> rate) {
    public static final Terms OF_THE_POOL = new Terms(Optional.empty(), Optional.empty());
}
