package org.athanor.edge.mining;

import java.time.Duration;
import org.athanor.units.Hashrate;

/** A quick measurement of what this computer hashes, to choose difficulties by. */
public final class HashrateProbe {
    private HashrateProbe() {}

    public static Hashrate measure(Duration duration, int threads) {
        throw new UnsupportedOperationException("measure " + duration + " " + threads);
    }
}
