package org.athanor.edge.journal;

import java.util.EnumSet;
import java.util.Set;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditLine;
import org.athanor.units.Work;

/** What the edge found when it recomputed a credit line. */
public sealed interface Reconciliation {
    CreditLine line();

    /** The line's last share has not arrived here yet: a verdict and a credit travel by different ways. */
    record Waiting(CreditLine line) implements Reconciliation {}

    /** Settled by the edge's own figures. */
    sealed interface Settled extends Reconciliation {
        Own own();
    }

    record Agreed(CreditLine line, Own own) implements Settled {}

    /**
     * The edge goes on with its own figures.
     *
     * @param differences what differs, never empty
     * @param detail both figures of each, one line
     */
    record Disagreed(CreditLine line, Own own, Set<Difference> differences, String detail) implements Settled {
        public Disagreed {
            if (differences.isEmpty()) throw new IllegalArgumentException("a disagreement about nothing");
            differences = EnumSet.copyOf(differences);
        }
    }

    /**
     * The edge's own figures for a line.
     *
     * @param through number of the last share that is settled by now
     */
    record Own(long shares, Work work, Credit credit, long through) {}

    enum Difference {
        /** Shares missing on either side. */
        COUNT,
        WORK,
        WEIGHT,
        RATE,
        /** The carried remainder that the line starts from. */
        REMAINDER,
        /** The line does not follow from its own figures. */
        ARITHMETIC
    }
}
