package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.hash.Target;
import org.athanor.ledger.MiningScenario;
import org.athanor.network.BlockLuck;
import org.athanor.network.Forwards;
import org.athanor.network.MeasuredHashrate;
import org.athanor.network.PoolStatus;
import org.athanor.network.UserStatus;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.UpstreamPool;
import org.athanor.units.Hashrate;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

class PoolTableTest {
    private static final Optional<UpstreamPool.Status> UPSTREAM = Optional.of(new UpstreamPool.Status(
            "pool.example:3333", 2, true, new BigDecimal("8192.123"), Target.MAX, 90, 1, 0, "pool.example:3333: gone"));

    private static UserStatus user(String name, long accepted, Map<Reason, Long> rejected, Forwards forwards) {
        var work = Work.ofTarget(Target.MAX.value()).times(accepted);
        return new UserStatus(name, accepted, rejected, work, Millisatoshis.ZERO, Optional.empty(), forwards);
    }

    private static PoolStatus status(
            List<UserStatus> users, Map<String, MeasuredHashrate> rates, Optional<UpstreamPool.Status> upstream) {
        return new PoolStatus(
                users,
                user("", 100, Map.of(Reason.DUPLICATE, 2L), Forwards.NONE),
                3,
                3,
                0,
                2.5,
                BlockLuck.of(3, 2.5),
                0,
                Instant.EPOCH,
                MiningScenario.JULY_2025.rate(),
                List.of(),
                rates,
                new MeasuredHashrate(new Hashrate(5e12), 0.05),
                upstream,
                List.of("shares.log: its last line was unfinished"));
    }

    @Test
    void anOperatorSeesTheFastestHeatersFirstWithErrorsAndReasons() {
        var slow = user("home.slow", 5, Map.of(), new Forwards(1, Work.ZERO, Map.of(Reason.LOW_DIFFICULTY, 2L), 3));
        var fast =
                user("home.\u001b[2Jfast", 95, Map.of(Reason.DUPLICATE, 2L, Reason.JOB_NOT_FOUND, 7L), Forwards.NONE);
        var rates = Map.of(
                slow.user(), new MeasuredHashrate(new Hashrate(6e6), 0.25),
                fast.user(), new MeasuredHashrate(new Hashrate(5e12), 0.05));
        var lines = PoolTable.lines(status(List.of(slow, fast), rates, UPSTREAM), "pool on here", "");
        assertEquals("pool on here", lines.getFirst());
        assertEquals(
                "0 miners, 2 users, 5 TH/s +- 5.0%, 100 shares accepted, 2 rejected, pool.example:3333 at difficulty"
                        + " 8192: 0 accepted",
                lines.get(1));
        assertEquals("last trouble upstream: pool.example:3333: gone", lines.get(2));
        assertEquals("shares.log: its last line was unfinished", lines.get(3));
        assertTrue(lines.get(5).endsWith("rejected                      upstream"), lines.get(5));
        assertTrue(lines.get(6).startsWith("home.?[2Jfast "), lines.get(6));
        assertTrue(lines.get(6).contains("5 TH/s +- 5.0%         95  7 job not found, 2 duplicate"), lines.get(6));
        assertTrue(lines.get(7).startsWith("home.slow "), lines.get(7));
        assertTrue(lines.get(7).endsWith("1 accepted, rejected 2 low difficulty, 3 lost"), lines.get(7));
    }

    @Test
    void manyHeatersAreCountedAndALostUpstreamIsSaidLoudly() {
        var users = new ArrayList<UserStatus>();
        for (int i = 0; i < 40; i++) users.add(user("home." + i, i, Map.of(), Forwards.NONE));
        var up = UPSTREAM.get();
        var away =
                new UpstreamPool.Status(up.upstream(), 2, false, up.difficulty(), up.network(), 90, 1, 0, up.problem());
        var lines = PoolTable.lines(status(users, Map.of(), Optional.of(away)), "pool on here", "");
        assertEquals("25 more users", lines.getLast());
        assertTrue(lines.get(6).startsWith("home.39 "), lines.get(6)); // none hashes now: by their work
        assertTrue(lines.get(1).contains("NO POOL UPSTREAM, last pool.example:3333"), lines.get(1));
    }

    @Test
    void aPoolOfItsOwnHasBlocksAndNoUpstream() {
        var lines = PoolTable.lines(status(List.of(), Map.of(), Optional.empty()), "pool on here", "the node is away");
        assertTrue(lines.get(1).endsWith("2 rejected, 3 blocks (2.5 expected)"), lines.get(1));
        assertEquals("the node is away", lines.get(2));
        assertTrue(lines.getLast().endsWith("rejected"), lines.getLast());
    }
}
