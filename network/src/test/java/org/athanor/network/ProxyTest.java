package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.athanor.hash.Target;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.PoolAddress;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.StratumServer;
import org.athanor.stratum.UpstreamPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool with books whose miners work for another pool. */
@Timeout(60)
class ProxyTest {
    private static final BigDecimal EASIEST = new BigDecimal("2e-10");
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path folder;

    private final List<ShareEvent> above = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    private StratumServer poolAbove(InetSocketAddress listen, String chainDifficulty) {
        var chain = new LocalChain(Target.ofDifficulty(new BigDecimal(chainDifficulty)), InstantSource.system());
        return StratumServer.start(StratumServer.Config.of(listen, DifficultyPolicy.fixed(EASIEST)), chain, event -> {
            if (broken) throw new IllegalStateException("no disk");
            above.add(event);
        });
    }

    private static UpstreamPool connect(InetSocketAddress address) {
        var place = new PoolAddress("127.0.0.1", address.getPort());
        var upstream = new UpstreamPool.Upstream("above:1", place, "farm", "x", Optional.empty());
        return UpstreamPool.connect(new UpstreamPool.Config(
                List.of(upstream), Duration.ofMillis(200), Duration.ofMinutes(1), UpstreamPool.Patience.USUAL));
    }

    private Pool proxy(UpstreamPool upstream) {
        var config = PoolConfig.of(ANY, DifficultyPolicy.fixed(EASIEST), folder, MiningScenario.JULY_2025);
        return Pool.start(config, upstream, line -> {}, InstantSource.system());
    }

    private static void mine(TestMiner miner, int shares) throws Exception {
        for (int i = 0; i < shares; i++) assertInstanceOf(ShareVerdict.Accepted.class, miner.mine());
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for ten seconds");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Forwards forwards(Pool pool, String user) {
        return pool.status().user(user).orElseThrow().forwards();
    }

    @Test
    void whatTheUpstreamSaysIsPutDownToTheHeaterAndLogged() throws Exception {
        try (var real = poolAbove(ANY, "1");
                var upstream = connect(real.address());
                var pool = proxy(upstream);
                var metrics = PoolMetrics.start(ANY, pool);
                var first = new TestMiner(pool.address(), "home.first");
                var second = new TestMiner(pool.address(), "home.second")) {
            mine(first, 5);
            mine(second, 3);
            until(() -> pool.status().total().forwards().count() == 8);
            broken = true;
            mine(second, 1); // the upstream has trouble; the heater did its work
            until(() -> pool.status().total().forwards().count() == 9);
            assertEquals(5, forwards(pool, "home.first").accepted());
            assertEquals(3, forwards(pool, "home.second").accepted());
            assertEquals(Map.of(Reason.OTHER, 1L), forwards(pool, "home.second").rejected());
            assertEquals(9, pool.status().total().accepted());
            assertTrue(above.stream().allMatch(event -> event.user().equals("farm")));

            var status = pool.status();
            assertTrue(status.upstream().orElseThrow().connected());
            assertEquals("above:1", status.upstream().orElseThrow().upstream());
            assertTrue(status.hashrate("home.first").rate().value() > 0);
            assertEquals(0.5, status.hashrate("home.first").relativeError(), 0.001); // the first share begins the time
            assertEquals(1 / Math.sqrt(8), status.hashrate().relativeError(), 0.001);

            var text = scrape(metrics);
            for (var line : List.of(
                    "athanor_pool_upstream_connected{upstream=\"above:1\"} 1",
                    "athanor_pool_upstream_sessions_total 1",
                    "athanor_pool_forwarded_accepted_total 8",
                    "athanor_pool_forwarded_rejected_total{reason=\"other\"} 1",
                    "athanor_pool_forwarded_lost_total 0",
                    "athanor_pool_user_forwarded_accepted_total{user=\"home.first\"} 5",
                    "athanor_pool_user_forwarded_rejected_total{user=\"home.second\",reason=\"other\"} 1"))
                assertTrue(text.lines().anyMatch(line::equals), line + " is missing in:\n" + text);
            pool.settle(user -> Weighting.REAL);
        }
        var replay = ShareLog.replay(folder);
        assertTrue(replay.agrees(), replay.differences().toString());
        var book = replay.upstreams().getFirst();
        assertEquals("above:1", book.name());
        assertEquals(1, book.sessions());
        assertEquals(8, book.forwards().accepted());
        assertEquals(replay.all().status().work(), book.work());
    }

    @Test
    void anotherSessionAndAnotherNetworkAreLoggedBeforeTheirShares() throws Exception {
        var real = poolAbove(ANY, "1");
        try (var upstream = connect(real.address());
                var pool = proxy(upstream);
                var miner = new TestMiner(pool.address(), "home")) {
            mine(miner, 2);
            until(() -> pool.status().total().forwards().accepted() == 2);
            real.close();
            until(() -> !pool.status().upstream().orElseThrow().connected());
            try (var back = poolAbove(real.address(), "0.5")) {
                until(() -> pool.status().upstream().orElseThrow().connected());
                assertEquals(back.address(), real.address());
                // stale until the new job has come
                while (!(miner.mine() instanceof ShareVerdict.Accepted)) LockSupport.parkNanos(1_000_000);
                until(() -> pool.status().total().forwards().accepted() == 3);
            }
        } finally {
            real.close();
        }
        var types = Files.readAllLines(folder.resolve(ShareLog.FILE_NAME)).stream()
                .map(line -> line.substring(9).split("\t", 2)[0])
                .filter(type -> !type.equals("reject"))
                .toList();
        assertEquals(List.of("header", "upstream", "share"), types.subList(0, 3));
        assertEquals(
                List.of("network", "upstream", "share", "forward"),
                types.subList(types.indexOf("network"), types.size()));
        var book = ShareLog.replay(folder).upstreams().getFirst();
        assertEquals(2, book.sessions());
        assertEquals(3, book.forwards().accepted());
    }

    @Test
    void sharesOnTheirWayWhenThePoolEndsAreWaitedFor() throws Exception {
        try (var real = poolAbove(ANY, "1");
                var upstream = connect(real.address())) {
            try (var pool = proxy(upstream);
                    var miner = new TestMiner(pool.address(), "home")) {
                mine(miner, 50);
            } // not all of them are answered yet
            assertTrue(upstream.status().connected());
        }
        assertEquals(
                50, ShareLog.replay(folder).upstreams().getFirst().forwards().accepted());
    }

    private static String scrape(PoolMetrics metrics) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + metrics.address().getPort() + "/metrics");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
