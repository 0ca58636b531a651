package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.athanor.hash.Target;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumServer;
import org.athanor.units.Hashrate;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it measures")
class MiningWorkerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final BigDecimal EVERY_HASH = new BigDecimal("2e-10");
    private static final BigDecimal ONE_IN_THOUSANDS = new BigDecimal("1e-6");

    private final LocalChain hardChain = new LocalChain(Target.ofDifficulty(BigDecimal.ONE), InstantSource.system());
    private final Shares pools = new Shares();
    private final Shares workers = new Shares();

    /** Remembers every verdict in its order. */
    private static final class Shares implements ShareSink {
        private final List<ShareEvent> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void share(ShareEvent event) {
            events.add(event);
        }

        List<ShareEvent> all() {
            synchronized (events) {
                return List.copyOf(events);
            }
        }

        List<String> accepted() {
            return all().stream()
                    .filter(event -> event.verdict() instanceof ShareVerdict.Accepted)
                    .map(ShareEvent::hash)
                    .toList();
        }

        List<ShareVerdict.Reason> rejected() {
            return all().stream()
                    .filter(event -> event.verdict() instanceof ShareVerdict.Rejected)
                    .map(event -> ((ShareVerdict.Rejected) event.verdict()).reason())
                    .distinct()
                    .toList();
        }
    }

    private static StratumServer server(
            InetSocketAddress listen, BigDecimal difficulty, LocalChain on, ShareSink sink) {
        return StratumServer.start(StratumServer.Config.of(listen, DifficultyPolicy.fixed(difficulty)), on, sink);
    }

    private static MiningWorker.Config config(InetSocketAddress pool) {
        return new MiningWorker.Config(
                pool,
                "home.computer",
                "athanor/0.1",
                false,
                OptionalDouble.empty(),
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofMillis(200));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new AssertionError("in 30 s still not: " + what);
            Thread.sleep(5);
        }
    }

    @Test
    void poolAndWorkerSeeTheSameSharesInTheSameOrder() throws Exception {
        try (var server = server(ANY, ONE_IN_THOUSANDS, hardChain, pools)) {
            var worker = MiningWorker.start(config(server.address()), workers);
            worker.setThreads(2);
            await("100 shares", () -> worker.counters().accepted() >= 100);
            worker.close();
            assertEquals(pools.accepted(), workers.accepted());
            assertEquals(List.of(), workers.rejected());
            assertEquals(worker.counters().accepted(), workers.accepted().size());
            var target = Target.ofDifficulty(ONE_IN_THOUSANDS);
            for (var event : workers.all()) {
                assertEquals("home.computer", event.user());
                assertEquals("athanor/0.1", event.agent());
                assertEquals(target, event.target());
                assertEquals(new ShareVerdict.Accepted(Work.ofTarget(target.value()), false), event.verdict());
            }
            for (var event : pools.all()) assertEquals("athanor/0.1", event.agent());
        }
    }

    @Test
    void everyNonceIsCountedAndNoShareInFlightIsLost() throws Exception {
        try (var server = server(ANY, EVERY_HASH, hardChain, pools)) {
            var worker = MiningWorker.start(config(server.address()), workers);
            worker.setThreads(2);
            await("1000 shares", () -> worker.counters().accepted() >= 1000);
            worker.setThreads(1);
            await("2000 shares", () -> worker.counters().accepted() >= 2000);
            worker.close();
            var status = worker.status();
            var counters = worker.counters();
            assertEquals(0, status.waiting());
            assertEquals(0, status.unanswered(), status.lastProblem());
            assertEquals(counters.noncesTried(), counters.accepted() + counters.rejected() + status.dropped());
            assertEquals(pools.accepted(), workers.accepted());
        }
    }

    @Test
    void onlyStaleWorkIsEverRejected() throws Exception {
        var easyChain = new LocalChain(Target.ofDifficulty(new BigDecimal("1e-5")), InstantSource.system());
        try (var server = server(ANY, ONE_IN_THOUSANDS, easyChain, pools)) {
            var worker = MiningWorker.start(config(server.address()), workers);
            worker.setThreads(2);
            await("20 blocks", () -> easyChain.height() >= 20);
            worker.close();
            assertEquals(pools.accepted(), workers.accepted());
            for (var reason : workers.rejected()) assertEquals(ShareVerdict.Reason.JOB_NOT_FOUND, reason);
            assertTrue(
                    worker.counters().accepted() > worker.counters().rejected(),
                    worker.counters().toString());
        }
    }

    @Test
    void noThreadsHashNothingUntilThereAreSomeAgain() throws Exception {
        try (var server = server(ANY, BigDecimal.ONE, hardChain, pools);
                var worker = MiningWorker.start(config(server.address()), workers)) {
            await("connected", () -> worker.status().connected());
            assertEquals(0, worker.counters().noncesTried());
            worker.setThreads(1);
            await("hashing", () -> worker.counters().noncesTried() > 0);
            assertTrue(worker.counters().rate().value() > 0);
            worker.setThreads(0);
            assertEquals(Hashrate.ZERO, worker.counters().rate());
            var settled = new long[] {-1};
            await("at rest", () -> {
                var before = settled[0];
                settled[0] = worker.counters().noncesTried();
                return before == settled[0];
            });
            worker.setThreads(1);
            await("hashing again", () -> worker.counters().noncesTried() > settled[0]);
        }
    }

    @Test
    void theThrottleHolds() throws Exception {
        try (var server = server(ANY, BigDecimal.ONE, hardChain, pools);
                var worker = MiningWorker.start(config(server.address()).throttledTo(200_000), workers)) {
            await("connected", () -> worker.status().connected());
            worker.setThreads(2);
            await("hashing", () -> worker.counters().noncesTried() > 0);
            var begin = System.nanoTime();
            var first = worker.counters().noncesTried();
            await("four seconds", () -> System.nanoTime() - begin > 4_000_000_000L);
            var rate = (worker.counters().noncesTried() - first) / ((System.nanoTime() - begin) / 1e9);
            assertEquals(200_000, rate, 20_000);
        }
    }

    @Test
    void comesBackAfterThePoolWasRestarted() throws Exception {
        var first = server(ANY, ONE_IN_THOUSANDS, hardChain, pools);
        var worker = MiningWorker.start(config(first.address()), workers);
        worker.setThreads(1);
        await("shares", () -> worker.counters().accepted() >= 3);
        first.close();
        await("the loss is noticed", () -> !worker.status().connected());
        await("it says why", () -> worker.status().connection().startsWith("not connected to "));
        var before = worker.counters().accepted();
        try (var second = server(first.address(), ONE_IN_THOUSANDS, hardChain, pools)) {
            await("more shares", () -> worker.counters().accepted() >= before + 3);
            assertTrue(worker.status().connected());
            assertTrue(worker.status().connection().startsWith("connected to "));
            assertEquals(first.address(), second.address());
            worker.close();
            // what the first pool took may have lost its answer with the connection
            var lost = pools.accepted().size() - workers.accepted().size();
            assertTrue(lost >= 0 && lost <= worker.status().unanswered(), lost + " of " + worker.status());
        }
        assertEquals("closed", worker.status().connection());
    }

    @Test
    void waitsForAPoolThatIsNotThereYet() throws Exception {
        InetSocketAddress address;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        var worker = MiningWorker.start(config(address), workers);
        worker.setThreads(1);
        await("the reason", () -> worker.status().connection().startsWith("not connected to "));
        assertFalse(worker.status().connected());
        assertEquals(0, worker.counters().noncesTried());
        try (var server = server(address, ONE_IN_THOUSANDS, hardChain, pools)) {
            await("shares", () -> worker.counters().accepted() > 0);
            assertEquals(address, server.address());
            worker.close();
        }
    }

    @Test
    void heatsWithoutAPoolWhereThatIsWantedAndEarnsNothingByIt() throws Exception {
        InetSocketAddress address;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        var worker = MiningWorker.start(config(address).heatingWithoutPool(), workers);
        assertEquals(0, worker.status().unpaid());
        worker.setThreads(1);
        await("heat", () -> worker.status().unpaid() > 10_000);
        assertEquals(0, worker.counters().noncesTried());
        try (var server = server(address, ONE_IN_THOUSANDS, hardChain, pools)) {
            await("shares", () -> worker.counters().accepted() > 0);
            assertEquals(address, server.address());
            worker.close();
        }
        assertTrue(worker.counters().noncesTried() > 0);
    }

    @Test
    void aPoolThatNeverAnswersCannotHoldUpTheEnd() throws Exception {
        var release = new CountDownLatch(1);
        ShareSink silent = event -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        var impatient = new MiningWorker.Config(
                ANY,
                "u",
                "a",
                false,
                OptionalDouble.empty(),
                Duration.ofMillis(300),
                Duration.ofMillis(20),
                Duration.ofSeconds(1));
        try (var server = server(ANY, EVERY_HASH, hardChain, silent)) {
            var worker = MiningWorker.start(
                    new MiningWorker.Config(
                            server.address(),
                            impatient.user(),
                            impatient.agent(),
                            impatient.heatWithoutPool(),
                            impatient.throttle(),
                            impatient.drain(),
                            impatient.firstBackOff(),
                            impatient.longestBackOff()),
                    workers);
            worker.setThreads(2);
            await("a full window", () -> worker.status().waiting() == MiningWorker.WINDOW);
            worker.close();
            await("all given up", () -> worker.status().unanswered() == MiningWorker.WINDOW);
            assertEquals(0, worker.status().waiting());
            assertEquals(0, worker.counters().accepted());
            release.countDown();
        }
    }

    @Test
    void aVerdictThatCannotBeKeptIsToldAndMiningGoesOn() throws Exception {
        var full = new AtomicBoolean(true);
        try (var server = server(ANY, ONE_IN_THOUSANDS, hardChain, pools)) {
            var worker = MiningWorker.start(config(server.address()), event -> {
                if (full.get()) throw new IllegalStateException("the disk is full");
                workers.share(event);
            });
            worker.setThreads(1);
            await("a failure", () -> worker.status().sinkFailures() > 0);
            assertTrue(worker.status().lastProblem().endsWith("could not be kept: the disk is full"));
            full.set(false);
            await("a success", () -> !workers.all().isEmpty());
            worker.close();
            assertEquals(
                    pools.accepted().size(),
                    workers.accepted().size() + worker.status().sinkFailures());
        }
    }

    @Test
    void closesWithoutEverHavingHadAPoolAndOnlyOnce() {
        var worker = MiningWorker.start(config(InetSocketAddress.createUnresolved("pool.invalid", 3333)), workers);
        worker.setThreads(1);
        worker.close();
        worker.close();
        worker.setThreads(1);
        assertEquals(0, worker.counters().noncesTried());
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> config(ANY).throttledTo(0));
        assertThrows(IllegalArgumentException.class, () -> config(ANY).throttledTo(Double.NaN));
        try (var worker =
                MiningWorker.start(config(InetSocketAddress.createUnresolved("pool.invalid", 3333)), workers)) {
            assertThrows(IllegalArgumentException.class, () -> worker.setThreads(-1));
            assertThrows(IllegalArgumentException.class, () -> worker.setThreads(100_000));
        }
    }

    @Test
    void theProbeMeasuresHashes() throws Exception {
        var rate = HashrateProbe.measure(Duration.ofMillis(400), 1).value();
        assertTrue(rate > 1000, rate + " H/s");
        assertThrows(IllegalArgumentException.class, () -> HashrateProbe.measure(Duration.ZERO, 1));
        assertThrows(IllegalArgumentException.class, () -> HashrateProbe.measure(Duration.ofSeconds(1), 0));
    }
}
