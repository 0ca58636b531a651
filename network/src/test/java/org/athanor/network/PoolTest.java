package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.hash.Target;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Settlement;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.ledger.WindowPay;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PoolTest {
    /** Every hash is a share. */
    private static final BigDecimal EASIEST = new BigDecimal("2e-10");

    private static final Weighting HEAVY = new Weighting(Weight.of(1L << 50, 3), "a test");

    @TempDir
    Path folder;

    private final List<CreditLine> credits = new ArrayList<>();
    private final LocalChain chain = new LocalChain(Target.ofDifficulty(BigDecimal.ONE), InstantSource.system());

    private Pool pool(LocalChain on, InstantSource clock) {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return Pool.start(
                PoolConfig.of(listen, DifficultyPolicy.fixed(EASIEST), folder, MiningScenario.JULY_2025),
                on,
                credits::add,
                clock);
    }

    private Pool pool() {
        return pool(chain, InstantSource.system());
    }

    private static void mine(TestMiner miner, int shares) throws Exception {
        for (var i = 0; i < shares; i++) assertInstanceOf(ShareVerdict.Accepted.class, miner.mine());
    }

    @Test
    void aUsersSharesOfAnIntervalBecomeOneLine() throws Exception {
        try (var pool = pool();
                var first = new TestMiner(pool.address(), "home.first");
                var second = new TestMiner(pool.address(), "home.second")) {
            mine(first, 5);
            mine(second, 3);
            var lines = pool.settle(user -> user.equals("home.first") ? HEAVY : Weighting.REAL);
            assertEquals(lines, credits);
            assertEquals(2, lines.size());
            var line = lines.getFirst();
            assertEquals("home.first", line.user());
            assertEquals(5, line.shares());
            assertEquals(first.accepted().getFirst(), line.firstShare());
            assertEquals(first.accepted().getLast(), line.lastShare());
            assertEquals(Work.ofTarget(Target.MAX.value()).times(5), line.work());
            assertEquals(
                    Settlement.settle(line.work(), HEAVY.weight(), MiningScenario.JULY_2025.rate(), BigInteger.ZERO),
                    line.credit());
            assertTrue(line.msat().value() > 0);

            var status = pool.status();
            assertEquals(8, status.total().accepted());
            assertEquals(line.msat(), status.user("home.first").orElseThrow().credited());
            assertEquals(
                    Optional.of(HEAVY), status.user("home.first").orElseThrow().weighting());
            assertEquals(1, status.intervals());
            assertEquals(2, status.clients().size());
        }
        assertTrue(ShareLog.replay(folder).agrees());
    }

    @Test
    void anIntervalWithoutSharesPaysNothingAndTellsItsWeightWhereThereIsOne() throws Exception {
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 1);
            pool.settle(user -> HEAVY);
            assertEquals(List.of(), pool.settle(user -> null));
            var line = pool.settle(user -> Weighting.REAL).getFirst();
            assertEquals(0, line.shares());
            assertEquals("", line.firstShare());
            assertEquals(Work.ZERO, line.work());
            assertEquals(0, line.msat().value());
            assertEquals(3, line.interval());
            assertEquals(credits.getFirst().credit().remainder(), line.carriedIn());
        }
    }

    @Test
    void aUserWithoutAWeightKeepsTheIntervalOpen() throws Exception {
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 2);
            assertThrows(IllegalArgumentException.class, () -> pool.settle(user -> null));
            assertThrows(
                    IllegalStateException.class,
                    () -> pool.settle(user -> {
                        throw new IllegalStateException("no nonces yet");
                    }));
            assertEquals(List.of(), credits);
            mine(miner, 1);
            assertEquals(3, pool.settle(user -> HEAVY).getFirst().shares());
        }
    }

    @Test
    void rejectedSharesAreCountedByReasonAndPayNothing() throws Exception {
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 1);
            var verdict = assertInstanceOf(ShareVerdict.Rejected.class, miner.again());
            assertEquals(ShareVerdict.Reason.DUPLICATE, verdict.reason());
            assertEquals(
                    Map.of(ShareVerdict.Reason.DUPLICATE, 1L),
                    pool.status().total().rejected());
            assertEquals(1, pool.settle(user -> HEAVY).getFirst().shares());
        }
        assertEquals(1, ShareLog.replay(folder).total().rejectedCount());
    }

    @Test
    void strangersCannotFillTheBooksWithNames() throws Exception {
        try (var log = ShareLog.open(folder)) {
            var accounts = log.accounts();
            assertEquals("", accounts.nameForReject("a", ShareVerdict.Reason.UNAUTHORIZED));
            for (var i = 0; i < 2000; i++)
                accounts.account(accounts.nameForReject("stranger " + i, ShareVerdict.Reason.LOW_DIFFICULTY));
            assertEquals(1001, accounts.status().size());
            assertEquals("stranger 1", accounts.nameForReject("stranger 1", ShareVerdict.Reason.UNAUTHORIZED));
        }
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 1);
            assertEquals(1, pool.settle(user -> HEAVY).size());
        }
    }

    @Test
    void aShareThatCannotBeLoggedIsRefusedAndNotCounted() throws Exception {
        var broken = new boolean[1];
        try (var pool = pool(chain, () -> {
                    if (broken[0]) throw new IllegalStateException("the clock has stopped");
                    return Instant.EPOCH;
                });
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 1);
            broken[0] = true;
            var verdict = assertInstanceOf(ShareVerdict.Rejected.class, miner.mine());
            assertEquals(ShareVerdict.Reason.OTHER, verdict.reason());
            broken[0] = false;
            mine(miner, 1);
            assertEquals(2, pool.settle(user -> HEAVY).getFirst().shares());
        }
        var replay = ShareLog.replay(folder);
        assertTrue(replay.agrees());
        assertEquals(2, replay.total().accepted());
    }

    @Test
    void oneBrokenConsumerKeepsNobodyElsesLineBack() throws Exception {
        List<String> heard = new ArrayList<>();
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var pool = Pool.start(
                        PoolConfig.of(listen, DifficultyPolicy.fixed(EASIEST), folder, MiningScenario.JULY_2025),
                        chain,
                        line -> {
                            heard.add(line.user());
                            if (line.user().equals("a")) throw new IllegalStateException("a's account is closed");
                        },
                        InstantSource.system());
                var a = new TestMiner(pool.address(), "a");
                var b = new TestMiner(pool.address(), "b")) {
            mine(a, 1);
            mine(b, 1);
            var error = assertThrows(IllegalStateException.class, () -> pool.settle(user -> HEAVY));
            assertEquals("a's account is closed", error.getMessage());
            assertEquals(List.of("a", "b"), heard);
            assertEquals(1, pool.status().intervals(), "the interval is in the log");
        }
        assertTrue(ShareLog.replay(folder).agrees());
    }

    @Test
    void aPoolStartedAgainGoesOnWithItsBooks() throws Exception {
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 3);
            pool.settle(user -> HEAVY);
            mine(miner, 2);
        }
        try (var pool = pool();
                var miner = new TestMiner(pool.address(), "home")) {
            assertEquals(5, pool.status().total().accepted());
            mine(miner, 1);
            var line = pool.settle(user -> HEAVY).getFirst();
            assertEquals(2, line.interval());
            assertEquals(3, line.shares());
            assertEquals(credits.getFirst().end(), line.start());
            assertEquals(credits.getFirst().credit().remainder(), line.carriedIn());
        }
        List<CreditLine> replayed = new ArrayList<>();
        assertTrue(ShareLog.replay(folder, replayed::add).agrees());
        assertEquals(credits, replayed);
    }

    @Test
    void blocksFoundAgreeWithTheWorkDone() throws Exception {
        var easy = new LocalChain(Target.REGTEST_LIMIT, InstantSource.system());
        try (var pool = pool(easy, InstantSource.system());
                var miner = new TestMiner(pool.address(), "home")) {
            for (var i = 0; i < 100; i++) miner.mine();
            var status = pool.status();
            assertEquals(easy.height(), status.blocksTaken());
            assertTrue(status.blocksFound() >= status.blocksTaken());
            assertTrue(status.blocksTaken() > 10, status.toString());
            assertEquals(status.total().work().toDouble() / 2, status.expectedBlocks(), 0.01);
            assertTrue(status.luck().agrees(), status.luck().toString());
        }
    }

    @Test
    void whatBlocksPaidFollowsFromTheLogAloneAndAnOrphanPaysNothing() throws Exception {
        var easy = new LocalChain(Target.REGTEST_LIMIT, InstantSource.system());
        var tides = new WindowPay(new BigDecimal("3"));
        List<LocalChain.Block> blocks;
        try (var pool = pool(easy, InstantSource.system());
                var a = new TestMiner(pool.address(), "a");
                var b = new TestMiner(pool.address(), "b")) {
            for (var i = 0; i < 20; i++) {
                a.mine();
                b.mine();
            }
            blocks = easy.blocks();
            assertTrue(blocks.size() > 3, blocks.toString());
            pool.heard(
                    new BlockFate.Orphaned(blocks.get(1).hash(), blocks.get(1).height()));
            pool.heard(
                    new BlockFate.Orphaned(blocks.get(2).hash(), blocks.get(2).height()));
            pool.heard(
                    new BlockFate.Returned(blocks.get(2).hash(), blocks.get(2).height()));
        }
        var pay = tides.pay(ShareLog.recount(folder).events().events(), PoolFee.NONE);
        var orphan = blocks.get(1).hash();
        var sats = blocks.stream()
                .filter(block -> !block.hash().equals(orphan))
                .mapToLong(LocalChain.Block::coinbaseValue)
                .sum();
        assertEquals(sats * Millisatoshis.PER_SATOSHI, pay.rewards().value());
        assertEquals(pay.rewards(), pay.total().msat().plus(pay.unassigned()));
        assertEquals(pay, tides.pay(ShareLog.recount(folder).events().events(), PoolFee.NONE));
    }

    @Test
    void aPortInUseIsReportedAndLetsGoOfTheLog() throws Exception {
        try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
            assertThrows(
                    org.athanor.stratum.StratumException.class,
                    () -> Pool.start(
                            PoolConfig.of(taken, DifficultyPolicy.fixed(EASIEST), folder, MiningScenario.JULY_2025),
                            chain,
                            credits::add,
                            InstantSource.system()));
        }
        try (var pool = pool()) {
            assertFalse(pool.address().isUnresolved());
        }
    }
}
