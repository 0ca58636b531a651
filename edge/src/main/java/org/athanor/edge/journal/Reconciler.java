package org.athanor.edge.journal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.athanor.edge.journal.Reconciliation.Agreed;
import org.athanor.edge.journal.Reconciliation.Difference;
import org.athanor.edge.journal.Reconciliation.Disagreed;
import org.athanor.edge.journal.Reconciliation.Own;
import org.athanor.edge.journal.Reconciliation.Settled;
import org.athanor.edge.journal.Reconciliation.Waiting;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.Settlement;
import org.athanor.units.Work;

/**
 * Recomputes a credit line from the shares that the edge saw accepted. Pure: equal shares give equal verdicts.
 *
 * <p>Every accepted share belongs to exactly one line of its user, in order. So a line takes all shares since the
 * line before up to its last share, and a pool that leaves some out is noticed.
 */
public final class Reconciler {
    private Reconciler() {}

    /**
     * @param unsettled the user's accepted shares that no line has taken yet, in order
     * @param settledThrough number of the last share that a line has taken
     * @param carried remainder that the edge's own settlement of the line before left
     */
    public static Reconciliation reconcile(
            CreditLine line, List<AcceptedShare> unsettled, long settledThrough, BigInteger carried, Terms terms) {
        if (line.shares() == 0 && line.lastShare().isEmpty())
            return settle(line, List.of(), settledThrough, carried, terms);
        int last = indexOf(unsettled, line.lastShare());
        if (last < 0) return new Waiting(line);
        return settle(line, unsettled.subList(0, last + 1), settledThrough, carried, terms);
    }

    /** As {@link #reconcile}, for a line whose last share never came: it takes what arrived before the line's end. */
    static Settled giveUp(
            CreditLine line, List<AcceptedShare> unsettled, long settledThrough, BigInteger carried, Terms terms) {
        int end = 0;
        while (end < unsettled.size() && unsettled.get(end).at().isBefore(line.end())) end++;
        return settle(line, unsettled.subList(0, end), settledThrough, carried, terms);
    }

    private static Settled settle(
            CreditLine line, List<AcceptedShare> taken, long settledThrough, BigInteger carried, Terms terms) {
        var work = taken.stream().map(AcceptedShare::work).reduce(Work.ZERO, Work::plus);
        var weight = terms.weight().orElse(line.weighting().weight());
        var rate = terms.rate().orElse(line.rate());
        var credit = Settlement.settle(work, weight, rate, carried);
        var own = new Own(
                taken.size(),
                work,
                credit,
                taken.isEmpty() ? settledThrough : taken.getLast().number());

        var found = new Findings();
        found.compare(Difference.COUNT, "shares", line.shares(), own.shares());
        var first = taken.isEmpty() ? "" : taken.getFirst().hash();
        if (line.shares() == own.shares() && !line.firstShare().equals(first))
            found.compare(Difference.COUNT, "first share", line.firstShare(), first);
        found.compare(Difference.WORK, "work in 2^-64 hashes", line.work().units(), work.units());
        found.compare(Difference.WEIGHT, "weight", line.weighting().weight(), weight);
        found.compare(Difference.RATE, "rate", line.rate(), rate);
        found.compare(Difference.REMAINDER, "carried remainder", line.carriedIn(), carried);
        if (!line.addsUp()) {
            var right = Settlement.settle(line.work(), line.weighting().weight(), line.rate(), line.carriedIn());
            found.compare(Difference.ARITHMETIC, "credit from the line's own figures", line.credit(), right);
        }
        // nothing of the above differs only if the credit is the same: it is a function of exactly these
        return found.isEmpty() ? new Agreed(line, own) : found.disagreement(line, own);
    }

    private static int indexOf(List<AcceptedShare> shares, String hash) {
        for (int i = 0; i < shares.size(); i++) if (shares.get(i).hash().equals(hash)) return i;
        return -1;
    }

    private static final class Findings {
        private final EnumSet<Difference> differences = EnumSet.noneOf(Difference.class);
        private final List<String> details = new ArrayList<>();

        void compare(Difference difference, String what, Object pool, Object edge) {
            if (pool.equals(edge)) return;
            differences.add(difference);
            details.add(what + ": pool " + pool + ", edge " + edge);
        }

        boolean isEmpty() {
            return differences.isEmpty();
        }

        Disagreed disagreement(CreditLine line, Own own) {
            var msat = "msat: pool " + line.msat().value() + ", edge "
                    + own.credit().msat().value();
            return new Disagreed(line, own, differences, msat + "; " + String.join("; ", details));
        }
    }
}
