package org.athanor.network;

import java.util.Map;
import java.util.Optional;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What the pool knows of one user, or of all together, since its log began.
 *
 * @param user name, empty in a total
 * @param accepted shares
 * @param rejected shares by reason; a reason that never occurred is absent
 * @param work of the accepted shares, raw: nothing is weighted
 * @param credited over all settled intervals
 * @param weighting of the last settled interval in which the user had one; a total has none
 * @param forwards shares handed on to upstream pools
 */
public record UserStatus(
        String user,
        long accepted,
        Map<ShareVerdict.Reason, Long> rejected,
        Work work,
        Millisatoshis credited,
        Optional<Weighting> weighting,
        Forwards forwards) {
    public UserStatus {
        rejected = Map.copyOf(rejected);
    }

    public long rejectedCount() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }
}
