package org.athanor.cli;

import java.util.concurrent.atomic.LongAdder;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.ShareVerdict.Reason;

/** Counts a pool's verdicts. Stale shares apart: they tell of a slow connection, other rejects of a mistake. */
final class MinerTally implements ShareSink {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder blocks = new LongAdder();

    /** @param rejected for other reasons than being stale */
    record Shares(long accepted, long rejected, long stale, long blocks) {}

    @Override
    public void share(ShareEvent event) {
        switch (event.verdict()) {
            case ShareVerdict.Accepted verdict -> {
                accepted.increment();
                if (verdict.block()) blocks.increment();
            }
            case ShareVerdict.Rejected verdict ->
                (verdict.reason() == Reason.JOB_NOT_FOUND ? stale : rejected).increment();
        }
    }

    Shares shares() {
        return new Shares(accepted.sum(), rejected.sum(), stale.sum(), blocks.sum());
    }
}
