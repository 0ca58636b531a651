package org.athanor.network;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditSplit;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Settlement;
import org.athanor.ledger.Weight;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What upstreams paid to whom, and what may be expected for the work that no credit is for yet. The two are different
 * things and never added.
 *
 * @param paidTo per user, over all credits
 * @param credits paid by upstreams
 * @param fees kept of them by this pool
 * @param expectedFor per user: unpaid work at the rate of the log's scenario, this pool's fee taken off
 * @param expected the sum of these
 * @param upstreams in the order of their first session
 */
public record UpstreamStatement(
        SortedMap<String, Millisatoshis> paidTo,
        Millisatoshis credits,
        Millisatoshis fees,
        SortedMap<String, Credit> expectedFor,
        Credit expected,
        List<Part> upstreams) {
    /**
     * @param splits of its credits, as {@link ReplayedUpstream#paid}
     * @param unpaid work that no credit is for yet
     */
    public record Part(ReplayedUpstream upstream, List<CreditSplit> splits, Work unpaid, Credit expected) {
        public Millisatoshis paid() {
            return splits.stream().map(CreditSplit::credit).reduce(Millisatoshis.ZERO, Millisatoshis::plus);
        }
    }

    /** @throws IllegalArgumentException if users and fee together do not have what was paid, to the millisatoshi */
    public UpstreamStatement {
        var sum = paidTo.values().stream().reduce(fees, Millisatoshis::plus);
        if (!sum.equals(credits))
            throw new IllegalArgumentException(
                    "users and fee have " + sum.value() + " msat of " + credits.value() + " msat that upstreams paid");
    }

    public static UpstreamStatement of(List<ReplayedUpstream> upstreams, Rate rate, PoolFee fee) {
        var paidTo = new TreeMap<String, Millisatoshis>();
        var expectedFor = new TreeMap<String, Credit>();
        var credits = Millisatoshis.ZERO;
        var fees = Millisatoshis.ZERO;
        var expected = Credit.ZERO;
        List<Part> parts = new ArrayList<>();
        for (var upstream : upstreams) {
            List<CreditSplit> splits = new ArrayList<>();
            for (var window : upstream.paid()) {
                var split = window.split(fee);
                splits.add(split);
                credits = credits.plus(split.credit());
                fees = fees.plus(split.fee());
                split.users().forEach((user, msat) -> paidTo.merge(user, msat, Millisatoshis::plus));
            }
            var ofThis = Credit.ZERO;
            var unpaid = Work.ZERO;
            for (Map.Entry<String, Work> user : upstream.unpaid().entrySet()) {
                var part = Settlement.settle(user.getValue(), Weight.ONE, rate, BigInteger.ZERO);
                expectedFor.merge(user.getKey(), part, Credit::plus);
                ofThis = ofThis.plus(part);
                unpaid = unpaid.plus(user.getValue());
            }
            expected = expected.plus(ofThis);
            parts.add(new Part(upstream, List.copyOf(splits), unpaid, ofThis));
        }
        return new UpstreamStatement(
                Collections.unmodifiableSortedMap(paidTo),
                credits,
                fees,
                Collections.unmodifiableSortedMap(expectedFor),
                expected,
                List.copyOf(parts));
    }
}
