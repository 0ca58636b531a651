package org.athanor.ledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/** A reward divided in proportion to work, to the last millisatoshi. */
public final class RewardSplit {
    private record Rest(String user, BigInteger value) {}

    private RewardSplit() {}

    /**
     * Everybody gets reward x work / total, rounded down; what is left over, less than one millisatoshi a user, goes out
     * in single millisatoshis to those whose rounding cost them most, and among equals in the order of their names
     * (largest remainder, Hamilton's method). So the amounts add up to the reward, each is within one millisatoshi of
     * its exact part, and no order of shares or users matters.
     *
     * @throws IllegalArgumentException if nobody did any work, or the reward is negative
     */
    public static SortedMap<String, Millisatoshis> split(Millisatoshis reward, Map<String, Work> work) {
        var total = work.values().stream().map(Work::units).reduce(BigInteger.ZERO, BigInteger::add);
        if (total.signum() == 0) throw new IllegalArgumentException("no work to divide " + reward + " by");
        if (reward.value() < 0) throw new IllegalArgumentException("negative reward " + reward);
        var amounts = new TreeMap<String, Millisatoshis>();
        List<Rest> rests = new ArrayList<>();
        var left = reward.value();
        for (var entry : work.entrySet()) {
            var exact = BigInteger.valueOf(reward.value())
                    .multiply(entry.getValue().units())
                    .divideAndRemainder(total);
            amounts.put(entry.getKey(), new Millisatoshis(exact[0].longValueExact()));
            rests.add(new Rest(entry.getKey(), exact[1]));
            left -= exact[0].longValueExact();
        }
        rests.sort(Comparator.comparing(Rest::value).reversed().thenComparing(Rest::user));
        for (var rest : rests.subList(0, Math.toIntExact(left)))
            amounts.merge(rest.user(), new Millisatoshis(1), Millisatoshis::plus);
        return Collections.unmodifiableSortedMap(amounts);
    }
}
