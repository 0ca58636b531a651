package org.athanor.cli;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.athanor.edge.journal.Earnings;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;

/** Counts one heater's verdicts and journals what was accepted. */
final class MiningTally implements ShareSink {
    private final Earnings earnings;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final AtomicReference<Weighting> weighting = new AtomicReference<>();

    MiningTally(Earnings earnings) {
        this.earnings = earnings;
    }

    @Override
    public void share(ShareEvent event) {
        switch (event.verdict()) {
            case ShareVerdict.Accepted _ -> {
                earnings.accepted(event.user(), event.hash(), event.target().value());
                accepted.increment();
            }
            case ShareVerdict.Rejected _ -> rejected.increment();
        }
    }

    void weighting(Weighting settled) {
        weighting.set(settled);
    }

    /** Null before the first settlement. */
    Weighting weighting() {
        return weighting.get();
    }

    long accepted() {
        return accepted.sum();
    }

    long rejected() {
        return rejected.sum();
    }
}
