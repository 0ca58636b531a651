package org.athanor.network;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;

/**
 * Shares that were handed on to upstream pools, and what became of them.
 *
 * @param accepted by the upstream
 * @param acceptedWork of these, by the target that the upstream asked for
 * @param rejected by the upstream's reason; a reason that never occurred is absent
 * @param lost without an answer
 */
public record Forwards(long accepted, Work acceptedWork, Map<ShareVerdict.Reason, Long> rejected, long lost) {
    public static final Forwards NONE = new Forwards(0, Work.ZERO, Map.of(), 0);

    public Forwards {
        rejected = Collections.unmodifiableMap(
                rejected.isEmpty() ? new EnumMap<>(ShareVerdict.Reason.class) : new EnumMap<>(rejected));
    }

    public long rejectedCount() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    public long count() {
        return accepted + rejectedCount() + lost;
    }

    Forwards plus(LogRecord.Forward forward) {
        return plus(
                switch (forward.outcome()) {
                    case LogRecord.Outcome.Accepted() -> new Forwards(1, Work.ofTarget(forward.target()), Map.of(), 0);
                    case LogRecord.Outcome.Rejected(var reason, var _) ->
                        new Forwards(0, Work.ZERO, Map.of(reason, 1L), 0);
                    case LogRecord.Outcome.Lost() -> new Forwards(0, Work.ZERO, Map.of(), 1);
                });
    }

    Forwards plus(Forwards other) {
        Map<ShareVerdict.Reason, Long> both = new EnumMap<>(ShareVerdict.Reason.class);
        both.putAll(rejected);
        other.rejected.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return new Forwards(accepted + other.accepted, acceptedWork.plus(other.acceptedWork), both, lost + other.lost);
    }
}
