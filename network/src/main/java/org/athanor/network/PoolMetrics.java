package org.athanor.network;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.athanor.stratum.NodeStatus;
import org.athanor.stratum.ShareVerdict;
import org.athanor.units.Work;

/**
 * What the pool counts, for Prometheus to scrape at {@code /metrics}. Counters go on over restarts, as the share log
 * does. Only the {@link #MAX_USERS} users with most work are listed one by one; the totals count all.
 */
public final class PoolMetrics implements AutoCloseable {
    static final int MAX_USERS = 1_000;
    private static final String PATH = "/metrics";
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final long WINDOW_NANOS = 300_000_000_000L;

    private final Pool pool;
    private final Optional<NodeMetrics> node;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("metrics", 0).factory());
    private Mark older;
    private Mark newer;

    /** Work of every user at a time, from which hash rates follow. */
    private record Mark(long nanos, Map<String, BigInteger> units) {
        static Mark of(PoolStatus status) {
            Map<String, BigInteger> units = new HashMap<>();
            for (var user : status.users()) units.put(user.user(), user.work().units());
            return new Mark(System.nanoTime(), units);
        }
    }

    private PoolMetrics(Pool pool, Optional<NodeMetrics> node, HttpServer server) {
        this.pool = pool;
        this.node = node;
        this.server = server;
        older = Mark.of(pool.status());
        newer = older;
    }

    /**
     * Starts to answer.
     *
     * @param listen port 0 takes a free one
     * @throws IOException if the address cannot be listened on
     */
    public static PoolMetrics start(InetSocketAddress listen, Pool pool) throws IOException {
        return start(listen, pool, Optional.empty());
    }

    /** The same for a pool before a node, whose state is told too. */
    public static PoolMetrics start(InetSocketAddress listen, Pool pool, FoundBlocks found, Supplier<NodeStatus> node)
            throws IOException {
        return start(listen, pool, Optional.of(new NodeMetrics(found, node)));
    }

    private static PoolMetrics start(InetSocketAddress listen, Pool pool, Optional<NodeMetrics> node)
            throws IOException {
        var metrics = new PoolMetrics(pool, node, HttpServer.create(listen, BACKLOG));
        metrics.server.createContext("/", metrics::answer);
        metrics.server.setExecutor(metrics.threads);
        metrics.server.start();
        return metrics;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                var body = text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private String text() {
        var status = pool.status();
        var text = new PrometheusText();
        var total = status.total();
        text.single("athanor_pool_shares_accepted_total", "counter", "Accepted shares.", (double) total.accepted());
        var rejected = "athanor_pool_shares_rejected_total";
        text.family(rejected, "counter", "Rejected shares by reason.");
        Map<ShareVerdict.Reason, Long> reasons = new EnumMap<>(ShareVerdict.Reason.class);
        for (var reason : ShareVerdict.Reason.values()) reasons.put(reason, 0L);
        reasons.putAll(total.rejected());
        reasons.forEach((reason, count) -> text.sample(
                rejected, count.doubleValue(), "reason", reason.name().toLowerCase(Locale.ROOT)));
        text.single(
                "athanor_pool_work_hashes_total",
                "counter",
                "Expected hashes of the accepted shares.",
                total.work().toDouble());
        text.single(
                "athanor_pool_credited_msat_total",
                "counter",
                "Credit of all settled intervals in millisatoshis.",
                (double) total.credited().value());
        text.single(
                "athanor_pool_connections",
                "gauge",
                "Miners' connections.",
                status.clients().size());
        text.single(
                "athanor_pool_users", "gauge", "Users known.", status.users().size());
        text.single("athanor_pool_blocks_found_total", "counter", "Shares that met the network's target.", (double)
                status.blocksFound());
        text.single("athanor_pool_blocks_taken_total", "counter", "Blocks that the chain took.", (double)
                status.blocksTaken());
        text.single("athanor_pool_blocks_refused_total", "counter", "Blocks that the chain did not take.", (double)
                status.blocksRefused());
        text.single(
                "athanor_pool_blocks_expected",
                "gauge",
                "Blocks that the work should have found.",
                status.expectedBlocks());
        var settle = "athanor_pool_settle_seconds";
        text.family(settle, "summary", "Time to settle an interval, its sync to disk included; since the start.")
                .sample(settle + "_sum", pool.settleNanos() / 1e9)
                .sample(settle + "_count", (double) pool.settlements());
        node.ifPresent(figures -> figures.write(text));
        perUser(text, status);
        return text.toString();
    }

    private void perUser(PrometheusText text, PoolStatus status) {
        var users = status.users().stream()
                .filter(user -> user.accepted() > 0)
                .sorted(Comparator.comparing(UserStatus::work).reversed())
                .limit(MAX_USERS)
                .toList();
        var rates = rates(status);
        family(text, users, "user_shares_accepted_total", "counter", "Accepted shares.", user ->
                (double) user.accepted());
        family(text, users, "user_shares_rejected_total", "counter", "Rejected shares.", user ->
                (double) user.rejectedCount());
        family(
                text,
                users,
                "user_work_hashes_total",
                "counter",
                "Expected hashes of the accepted shares.",
                user -> user.work().toDouble());
        family(
                text,
                users,
                "user_hashrate",
                "gauge",
                "Hashes per second over the last five to ten minutes, or since the start.",
                user -> rates.getOrDefault(user.user(), 0.0));
    }

    private static void family(
            PrometheusText text,
            List<UserStatus> users,
            String name,
            String type,
            String help,
            ToDoubleFunction<UserStatus> value) {
        var full = "athanor_pool_" + name;
        text.family(full, type, help);
        for (var user : users) text.sample(full, value.applyAsDouble(user), "user", user.user());
    }

    /** The older of two marks is at least one window old once there were two, and forgotten after the second. */
    private synchronized Map<String, Double> rates(PoolStatus status) {
        var now = Mark.of(status);
        var seconds = (now.nanos - older.nanos) / 1e9;
        Map<String, Double> rates = new HashMap<>();
        now.units.forEach((user, units) -> {
            var since = units.subtract(older.units.getOrDefault(user, BigInteger.ZERO));
            if (seconds > 0 && since.signum() > 0) rates.put(user, new Work(since).toDouble() / seconds);
        });
        if (now.nanos - newer.nanos >= WINDOW_NANOS) {
            older = newer;
            newer = now;
        }
        return rates;
    }
}
