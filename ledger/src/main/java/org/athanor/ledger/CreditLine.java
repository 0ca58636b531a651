package org.athanor.ledger;

import java.math.BigInteger;
import java.time.Instant;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What a pool credits to one user for one interval, with all that is needed to compute it again.
 *
 * @param user the pool's user name, one per heater
 * @param interval number of the interval, counted from 1 by the pool
 * @param start of the interval, inclusive, by the pool's clock
 * @param end of the interval, exclusive
 * @param shares accepted shares of the user in the interval
 * @param firstShare hash of the first of them as 64 hex digits (display order), empty when there was none
 * @param lastShare hash of the last of them
 * @param work sum of their work, unweighted
 * @param weighting what their hashes stand for and why
 * @param rate what a weighted hash pays
 * @param carriedIn remainder of the interval before, in 2⁻⁶⁴ msat
 * @param credit whole millisatoshis, and the remainder carried on
 */
public record CreditLine(
        String user,
        long interval,
        Instant start,
        Instant end,
        long shares,
        String firstShare,
        String lastShare,
        Work work,
        Weighting weighting,
        Rate rate,
        BigInteger carriedIn,
        Credit credit) {

    /** The line that {@link Settlement#settle} gives. */
    public static CreditLine settled(
            String user,
            long interval,
            Instant start,
            Instant end,
            long shares,
            String firstShare,
            String lastShare,
            Work work,
            Weighting weighting,
            Rate rate,
            BigInteger carriedIn) {
        var credit = Settlement.settle(work, weighting.weight(), rate, carriedIn);
        return new CreditLine(
                user, interval, start, end, shares, firstShare, lastShare, work, weighting, rate, carriedIn, credit);
    }

    public Millisatoshis msat() {
        return credit.msat();
    }

    /** Whether the amount and the carried remainder follow from the rest of the line. */
    public boolean addsUp() {
        return Settlement.settle(work, weighting.weight(), rate, carriedIn).equals(credit);
    }
}
