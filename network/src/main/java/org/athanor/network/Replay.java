package org.athanor.network;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;

/**
 * What a share log says when everything in it is computed again.
 *
 * @param records lines read
 * @param intervals settled
 * @param unsettled shares after the last settled interval
 * @param users as they follow from the log alone
 * @param total of them
 * @param accounts the same users with what only a whole log tells, in the same order
 * @param all of {@code accounts}
 * @param from when the log was begun
 * @param to time of its last timed record
 * @param logged time in which the pool ran: of every run from its start to its last timed record
 * @param blocksFound shares that met the network's target
 * @param blocksTaken blocks that the chain took
 * @param blocksOrphaned of these, blocks that have left the best chain
 * @param blocksRefused blocks that it did not take
 * @param expectedBlocks raw work / work of the network's target
 * @param scenario what mining was assumed to pay, in words, as of the last start
 * @param rate what a weighted hash pays by it
 * @param poolFee what the pool keeps, as of the last start; empty where the log does not say
 * @param owed what the settled shares are worth at their weights and rates, in 2⁻⁶⁴ msat, summed apart from the credits
 * @param upstreams in the order of their first session
 * @param differenceCount how often the log's own figures differ from what its shares, weights and rate give
 * @param differences the first of them, each with its line
 * @param torn what was wrong with an unfinished last line, which is left out; empty when the log ends well
 * @param tornCredits the same of the log of credits
 */
public record Replay(
        Path file,
        long records,
        long intervals,
        long unsettled,
        List<UserStatus> users,
        UserStatus total,
        List<ReplayedUser> accounts,
        ReplayedUser all,
        Instant from,
        Instant to,
        Duration logged,
        long blocksFound,
        long blocksTaken,
        long blocksOrphaned,
        long blocksRefused,
        double expectedBlocks,
        String scenario,
        Rate rate,
        Optional<PoolFee> poolFee,
        BigInteger owed,
        List<ReplayedUpstream> upstreams,
        long differenceCount,
        List<String> differences,
        Optional<String> torn,
        Optional<String> tornCredits) {
    /** Whether every sum in the log follows from its shares, and every millisatoshi credited from what they are worth. */
    public boolean agrees() {
        return differenceCount == 0;
    }
}
