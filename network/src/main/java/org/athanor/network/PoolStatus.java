package org.athanor.network;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.ledger.Rate;
import org.athanor.stratum.ClientInfo;
import org.athanor.stratum.UpstreamPool;
import org.athanor.units.Hashrate;

/**
 * The pool as it stands, counted since its log began.
 *
 * @param users in the order of their first share; one without a name stands for strangers' rejected shares
 * @param total of all users
 * @param blocksFound shares that met the network's target
 * @param blocksTaken blocks that the chain took
 * @param blocksRefused blocks that it did not take, such as the later of two at one height
 * @param expectedBlocks raw work / work of the network's target
 * @param luck whether {@code blocksFound} agrees with {@code expectedBlocks}
 * @param intervals settled
 * @param openSince start of the interval that is being filled
 * @param rate what a weighted hash pays
 * @param clients connected now
 * @param hashrates of the last minutes, by user; of users with no share in half an hour none
 * @param hashrate of all users together
 * @param upstream the pool that this one is a proxy for
 * @param notes what a person should know: an unfinished line cut off at the start, a block that could not be logged
 */
public record PoolStatus(
        List<UserStatus> users,
        UserStatus total,
        long blocksFound,
        long blocksTaken,
        long blocksRefused,
        double expectedBlocks,
        BlockLuck luck,
        long intervals,
        Instant openSince,
        Rate rate,
        List<ClientInfo> clients,
        Map<String, MeasuredHashrate> hashrates,
        MeasuredHashrate hashrate,
        Optional<UpstreamPool.Status> upstream,
        List<String> notes) {
    private static final MeasuredHashrate UNKNOWN = new MeasuredHashrate(Hashrate.ZERO, Double.POSITIVE_INFINITY);

    /** Of the last minutes; zero with an infinite error where there is none. */
    public MeasuredHashrate hashrate(String user) {
        return hashrates.getOrDefault(user, UNKNOWN);
    }

    public Optional<UserStatus> user(String name) {
        return users.stream().filter(user -> user.user().equals(name)).findFirst();
    }
}
