package org.athanor.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * Pay by block: each block's reward is divided by the work of the last shares before it, back to a window of {@code n}
 * times the network's work. Nobody is paid before a block is found, and the pool carries no risk.
 *
 * <p>PPLNS (Rosenfeld, "Analysis of Bitcoin Pooled Mining Reward Systems", 2011) for any n; {@link #TIDES} is
 * the same rule over eight blocks' work (Hughes, "TIDES Technical Documentation", ocean.xyz/docs/tides, 2024), where a
 * share leaves the log first in, first out and is paid by eight blocks on average.
 *
 * <p>The share that the window's edge cuts counts with the part inside. A pool whose log is shorter than the window
 * divides the whole reward among what is there. The window is measured with the network's work at the block, so shares
 * shortly before a rise of the difficulty are worth a little more than others.
 *
 * @param n window in units of the network's work, positive
 */
public record WindowPay(BigDecimal n) implements PayScheme {
    public static final WindowPay TIDES = new WindowPay(BigDecimal.valueOf(8));

    public WindowPay {
        if (n.signum() <= 0) throw new IllegalArgumentException("window " + n + ": any positive number is accepted");
    }

    /**
     * @param fee what the pool keeps of the block's reward
     * @param amounts per user; empty where no share came before the block, and then the rest stays with the pool as well
     */
    public record Payout(PoolEvent.Block block, Millisatoshis fee, SortedMap<String, Millisatoshis> amounts) {
        /** @throws IllegalArgumentException if fee and amounts do not add up to the reward */
        public Payout {
            if (!amounts.isEmpty()) new CreditSplit(block.reward(), fee, amounts);
        }

        /** What stays with the pool because nobody had worked for it; zero otherwise. */
        public Millisatoshis unassigned() {
            return amounts.isEmpty() ? block.reward().minus(fee) : Millisatoshis.ZERO;
        }
    }

    @Override
    public SchemePay pay(List<PoolEvent> events, PoolFee fee) {
        var payouts = payouts(events, fee);
        var users = new TreeMap<String, Credit>();
        for (var payout : payouts)
            payout.amounts()
                    .forEach((user, amount) -> users.merge(user, new Credit(amount, BigInteger.ZERO), Credit::plus));
        return new SchemePay(users, payouts, Work.ZERO);
    }

    /** What each block pays, in their order, when the pool keeps nothing. */
    public List<Payout> payouts(List<PoolEvent> events) {
        return payouts(events, PoolFee.NONE);
    }

    /** What each block pays, in their order. */
    public List<Payout> payouts(List<PoolEvent> events, PoolFee poolFee) {
        List<PoolEvent.Share> shares = new ArrayList<>();
        List<Payout> payouts = new ArrayList<>();
        for (var event : events)
            switch (event) {
                case PoolEvent.Share share -> shares.add(share);
                case PoolEvent.Block block -> {
                    var work = window(shares, block.networkWork());
                    var fee = poolFee.of(block.reward());
                    payouts.add(new Payout(
                            block,
                            fee,
                            work.isEmpty()
                                    ? new TreeMap<>()
                                    : RewardSplit.split(block.reward().minus(fee), work)));
                }
                case PoolEvent.Template template -> {} // what a block pays stands in the block
            }
        return List.copyOf(payouts);
    }

    /**
     * Work per user inside the window that ends with the last of {@code shares}.
     *
     * @param shares oldest first
     */
    public Map<String, Work> window(List<PoolEvent.Share> shares, Work networkWork) {
        var left = new BigDecimal(networkWork.units())
                .multiply(n)
                .setScale(0, RoundingMode.CEILING)
                .toBigInteger();
        Map<String, BigInteger> inside = new LinkedHashMap<>();
        for (var share : shares.reversed()) {
            if (left.signum() == 0) break;
            var part = share.work().units().min(left);
            left = left.subtract(part);
            if (part.signum() > 0) inside.merge(share.user(), part, BigInteger::add);
        }
        Map<String, Work> work = new LinkedHashMap<>();
        inside.forEach((user, units) -> work.put(user, new Work(units)));
        return work;
    }
}
