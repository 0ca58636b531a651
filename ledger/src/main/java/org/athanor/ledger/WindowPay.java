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
public record WindowPay(BigDecimal n) {
    public static final WindowPay TIDES = new WindowPay(BigDecimal.valueOf(8));

    public WindowPay {
        if (n.signum() <= 0) throw new IllegalArgumentException("window " + n + ": any positive number is accepted");
    }

    /** @param amounts per user; empty where no share came before the block, and then the reward stays with the pool */
    public record Payout(PoolEvent.Block block, SortedMap<String, Millisatoshis> amounts) {}

    /** What each block pays, in their order. */
    public List<Payout> payouts(List<PoolEvent> events) {
        List<PoolEvent.Share> shares = new ArrayList<>();
        List<Payout> payouts = new ArrayList<>();
        for (var event : events)
            switch (event) {
                case PoolEvent.Share share -> shares.add(share);
                case PoolEvent.Block block -> {
                    var work = window(shares, block.networkWork());
                    payouts.add(new Payout(
                            block, work.isEmpty() ? new TreeMap<>() : RewardSplit.split(block.reward(), work)));
                }
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
