package org.athanor.network;

import java.time.Instant;
import org.athanor.units.Millisatoshis;

/**
 * What an upstream pool paid, as the operator entered it: Stratum never tells.
 *
 * @param from start of the time that it is for, inclusive
 * @param to its end, exclusive
 * @param recorded when it was entered
 */
public record UpstreamCredit(String upstream, Instant from, Instant to, Millisatoshis msat, Instant recorded) {
    public UpstreamCredit {
        if (upstream.isEmpty()) throw new IllegalArgumentException("an upstream has a name");
        if (!from.isBefore(to)) throw new IllegalArgumentException("from " + from + " is not before to " + to);
        if (msat.value() < 0) throw new IllegalArgumentException("negative amount " + msat.value() + " msat");
    }

    boolean overlaps(UpstreamCredit other) {
        return upstream.equals(other.upstream) && from.isBefore(other.to) && other.from.isBefore(to);
    }

    boolean sameTime(UpstreamCredit other) {
        return upstream.equals(other.upstream) && from.equals(other.from) && to.equals(other.to);
    }

    boolean covers(Instant time) {
        return !time.isBefore(from) && time.isBefore(to);
    }

    @Override
    public String toString() {
        return msat.value() + " msat of " + upstream + " from " + from + " to " + to;
    }
}
