package org.athanor.ledger;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * Every hash is paid its part of the expected reward, whether blocks are found or not: the pool carries the luck.
 *
 * <p>What a hash is worth follows from {@link PoolEvent.Template}: the subsidy and the network's work as they stood when
 * the share came. Work is summed between two changes of that rate, then settled, so shares in between may come in any
 * order; each settlement drops less than 2⁻⁶⁴ msat per user.
 */
public enum PerShare implements PayScheme {
    /** The subsidy only. */
    PPS,
    /** The subsidy, and the average fees of the last {@link #FEE_BLOCKS} blocks as the pool's templates had them. */
    FPPS;

    /** A day's blocks. */
    public static final int FEE_BLOCKS = 144;

    @Override
    public SchemePay pay(List<PoolEvent> events, PoolFee fee) {
        var books = new Books(fee);
        for (var event : events)
            switch (event) {
                case PoolEvent.Share share ->
                    books.open.merge(share.user(), share.work().units(), BigInteger::add);
                case PoolEvent.Template template -> books.template(template);
                case PoolEvent.Block block -> {} // pays the pool
            }
        books.settle();
        return new SchemePay(books.credits, List.of(), books.unpriced);
    }

    private final class Books {
        private final PoolFee fee;
        private final TreeMap<String, Credit> credits = new TreeMap<>();
        private final Map<String, BigInteger> open = new TreeMap<>();
        /** By height: the last that was known of the fees of each block. */
        private final TreeMap<Long, Millisatoshis> fees = new TreeMap<>();

        private Work unpriced = Work.ZERO;
        private Rate rate;

        Books(PoolFee fee) {
            this.fee = fee;
        }

        void template(PoolEvent.Template template) {
            var next = rate(template);
            if (next.equals(rate)) return;
            settle();
            rate = next;
        }

        private Rate rate(PoolEvent.Template template) {
            return switch (PerShare.this) {
                case PPS -> Rate.payPerShare(template.networkWork(), template.subsidy(), fee.fraction());
                case FPPS -> {
                    fees.tailMap(template.height(), false).clear(); // the chain was reorganised
                    fees.put(template.height(), template.fees());
                    var mined = fees.headMap(template.height(), false);
                    while (mined.size() > FEE_BLOCKS) fees.pollFirstEntry();
                    yield Rate.fullPayPerShare(
                            template.networkWork(),
                            template.subsidy(),
                            mined.isEmpty() ? List.of(template.fees()) : List.copyOf(mined.values()),
                            fee.fraction());
                }
            };
        }

        void settle() {
            open.forEach((user, units) -> {
                if (rate == null) {
                    unpriced = unpriced.plus(new Work(units));
                } else {
                    var before = credits.getOrDefault(user, Credit.ZERO);
                    var more = Settlement.settle(new Work(units), Weight.ONE, rate, before.remainder());
                    credits.put(user, new Credit(before.msat().plus(more.msat()), more.remainder()));
                }
            });
            open.clear();
        }
    }
}
