package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.hash.Target;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.ShareVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PoolMetricsTest {
    private static final String LINE = "[a-z_]+(\\{([a-z]+=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)+})? [0-9.E+-]+";

    @TempDir
    Path folder;

    @Test
    void aScrapeTellsWhatThePoolCounted() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var chain = new LocalChain(Target.ofDifficulty(BigDecimal.ONE), InstantSource.system());
        var config = PoolConfig.of(
                loopback, DifficultyPolicy.fixed(new BigDecimal("2e-10")), folder, MiningScenario.JULY_2025);
        try (var pool = Pool.start(config, chain, line -> {}, InstantSource.system());
                var metrics = PoolMetrics.start(loopback, pool);
                var miner = new TestMiner(pool.address(), "a\"heater\"\\of-mine")) {
            for (var i = 0; i < 3; i++) assertInstanceOf(ShareVerdict.Accepted.class, miner.mine());
            assertInstanceOf(ShareVerdict.Rejected.class, miner.again());
            pool.settle(user -> Weighting.REAL);

            var samples = samples(scrape(metrics, "/metrics", "GET"));
            assertEquals("3", samples.get("athanor_pool_shares_accepted_total"));
            assertEquals("1", samples.get("athanor_pool_shares_rejected_total{reason=\"duplicate\"}"));
            assertEquals("0", samples.get("athanor_pool_shares_rejected_total{reason=\"low_difficulty\"}"));
            assertEquals("1", samples.get("athanor_pool_connections"));
            assertEquals("1", samples.get("athanor_pool_settle_seconds_count"));
            assertTrue(Double.parseDouble(samples.get("athanor_pool_settle_seconds_sum")) > 0);
            assertTrue(Double.parseDouble(samples.get("athanor_pool_work_hashes_total")) >= 3);
            assertTrue(samples.containsKey("athanor_pool_blocks_expected"), samples.toString());
            var user = "{user=\"a\\\"heater\\\"\\\\of-mine\"}";
            assertEquals("3", samples.get("athanor_pool_user_shares_accepted_total" + user));
            assertEquals(
                    "1",
                    samples.get(
                            "athanor_pool_user_shares_rejected_total" + user.replace("}", ",reason=\"duplicate\"}")));
            assertTrue(Double.parseDouble(samples.get("athanor_pool_user_hashrate" + user)) > 0);

            assertEquals(404, scrape(metrics, "/metrics/more", "GET").statusCode());
            assertEquals(405, scrape(metrics, "/metrics", "DELETE").statusCode());
        }
    }

    private static HttpResponse<String> scrape(PoolMetrics metrics, String path, String method)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + metrics.address().getPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Map<String, String> samples(HttpResponse<String> response) {
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
        Map<String, String> samples = new TreeMap<>();
        for (var line : response.body().lines().toList()) {
            if (line.startsWith("# HELP ") || line.startsWith("# TYPE ")) continue;
            assertTrue(line.matches(LINE), line);
            var space = line.lastIndexOf(' ');
            assertNull(samples.put(line.substring(0, space), line.substring(space + 1)), line);
        }
        return samples;
    }
}
