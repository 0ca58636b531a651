package org.athanor.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.hash.Target;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Settlement;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.network.Pool;
import org.athanor.network.PoolConfig;
import org.athanor.network.ShareLog;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two workers mine over TCP while the pool settles again and again: both sides come to the same books. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PoolAndWorkersTest {
    private static final String COMPUTER = "home.computer";
    private static final String HEATER = "home.heater";
    private static final int INTERVALS = 40;

    @TempDir
    Path folder;

    private final Map<String, List<ShareEvent>> seen = new HashMap<>();
    private final List<CreditLine> lines = Collections.synchronizedList(new ArrayList<>());

    private MiningWorker worker(InetSocketAddress pool, String user) {
        List<ShareEvent> events = Collections.synchronizedList(new ArrayList<>());
        seen.put(user, events);
        return MiningWorker.start(
                MiningWorker.Config.of(pool, user, "athanor/0.1").throttledTo(400_000), events::add);
    }

    @Test
    void poolAndWorkersAgreeOnEveryShareAndEveryMillisatoshi() throws Exception {
        // some five blocks and two thousand shares a second for all
        var chain = new LocalChain(Target.ofDifficulty(new BigDecimal("4e-5")), InstantSource.system());
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var random = new Random(1);
        try (var pool = Pool.start(
                PoolConfig.of(
                        listen,
                        (agent, user) -> new BigDecimal(user.equals(HEATER) ? "3e-7" : "1e-7"),
                        folder,
                        MiningScenario.JULY_2025),
                chain,
                lines::add,
                InstantSource.system())) {
            var computer = worker(pool.address(), COMPUTER);
            var heater = worker(pool.address(), HEATER);
            computer.setThreads(1);
            heater.setThreads(1);
            for (var interval = 1; interval <= INTERVALS; interval++) {
                awaitShares(interval * 20);
                pool.settle(user -> weighting(random));
                if (interval % 8 == 0) heater.setThreads(interval % 16 == 0 ? 1 : 0);
            }
            computer.close();
            heater.close();
            pool.settle(user -> weighting(random));
            assertEquals(0, computer.status().unanswered() + heater.status().unanswered());
            var status = pool.status();
            assertEquals(chain.height(), status.blocksTaken());
            assertEquals(
                    computer.counters().accepted() + heater.counters().accepted(),
                    status.total().accepted());
            assertEquals(
                    computer.counters().rejected() + heater.counters().rejected(),
                    status.total().rejectedCount());
        }

        for (var user : List.of(COMPUTER, HEATER)) {
            assertEquals(
                    sharesInTheLog(user),
                    accepted(user).stream().map(ShareEvent::hash).toList());
            assertLinesFollowFromTheWorkersOwnShares(user);
        }
        List<CreditLine> replayed = new ArrayList<>();
        var replay = ShareLog.replay(folder, replayed::add);
        assertEquals(List.of(), replay.differences());
        assertEquals(lines, replayed);
        assertEquals(0, replay.unsettled());
        assertEquals(INTERVALS + 1, replay.intervals());
        assertTrue(replay.total().credited().value() > 0);
    }

    private void awaitShares(int count) throws InterruptedException {
        var deadline = System.nanoTime() + 60_000_000_000L;
        while (accepted(COMPUTER).size() < count) {
            if (System.nanoTime() > deadline) throw new AssertionError("no " + count + " shares within a minute");
            Thread.sleep(5);
        }
    }

    private List<ShareEvent> accepted(String user) {
        var events = seen.get(user);
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.verdict() instanceof ShareVerdict.Accepted)
                    .toList();
        }
    }

    private static Weighting weighting(Random random) {
        var weight = Weight.of(1 + random.nextLong(1L << 45), 1 + random.nextInt(1000));
        return new Weighting(weight, "random " + weight);
    }

    private List<String> sharesInTheLog(String user) throws IOException {
        try (var log = Files.lines(folder.resolve(ShareLog.FILE_NAME))) {
            return log.map(line -> line.split("\t", -1))
                    .filter(fields -> fields[0].endsWith(" share") && fields[1].equals(user))
                    .map(fields -> fields[3])
                    .toList();
        }
    }

    /** Each line begins with the share after the line before, and its sum is that of the worker's own verdicts. */
    private void assertLinesFollowFromTheWorkersOwnShares(String user) {
        var own = accepted(user);
        var next = 0;
        var carried = BigInteger.ZERO;
        for (var line : lines) {
            if (!line.user().equals(user)) continue;
            var work = Work.ZERO;
            var first = next;
            for (var i = 0; i < line.shares(); i++, next++)
                work = work.plus(((ShareVerdict.Accepted) own.get(next).verdict()).work());
            if (next > first) {
                assertEquals(own.get(first).hash(), line.firstShare());
                assertEquals(own.get(next - 1).hash(), line.lastShare());
            }
            assertEquals(work, line.work());
            assertEquals(carried, line.carriedIn());
            assertEquals(
                    Settlement.settle(work, line.weighting().weight(), MiningScenario.JULY_2025.rate(), carried),
                    line.credit());
            carried = line.credit().remainder();
        }
        assertEquals(own.size(), next, "every share of " + user + " is in a line");
    }
}
