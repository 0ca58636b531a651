package org.athanor.edge.journal;

import java.math.BigInteger;
import java.time.Instant;
import org.athanor.units.Work;

/**
 * A share that the pool accepted.
 *
 * @param number position among all journalled shares, given by the journal; rises with time
 * @param user the pool's user name, one per heater
 * @param at when the verdict arrived, by the edge's wall clock
 * @param hash 64 hex digits, display order
 * @param target that the hash had to meet
 */
public record AcceptedShare(long number, String user, Instant at, String hash, BigInteger target) {
    /** Counted by the edge itself from the target, whatever the pool says. */
    public Work work() {
        return Work.ofTarget(target);
    }
}
