package org.athanor.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.athanor.stratum.NodeStatus;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.UpstreamPool;

/**
 * What the pool counts, for Prometheus to scrape at {@code /metrics}. Counters go on over restarts, as the share log
 * does. Only the {@link #MAX_USERS} users with most work are listed one by one; the totals count all.
 */
public final class PoolMetrics implements AutoCloseable {
    static final int MAX_USERS = 1_000;

    private final Pool pool;
    private final Optional<NodeMetrics> node;
    private final MetricsEndpoint endpoint;

    private PoolMetrics(InetSocketAddress listen, Pool pool, Optional<NodeMetrics> node) throws IOException {
        this.pool = pool;
        this.node = node;
        endpoint = MetricsEndpoint.start(listen, this::text);
    }

    /**
     * Starts to answer.
     *
     * @param listen port 0 takes a free one
     * @throws IOException if the address cannot be listened on
     */
    public static PoolMetrics start(InetSocketAddress listen, Pool pool) throws IOException {
        return new PoolMetrics(listen, pool, Optional.empty());
    }

    /** The same for a pool before a node, whose state is told too. */
    public static PoolMetrics start(InetSocketAddress listen, Pool pool, FoundBlocks found, Supplier<NodeStatus> node)
            throws IOException {
        return new PoolMetrics(listen, pool, Optional.of(new NodeMetrics(found, node)));
    }

    public InetSocketAddress address() {
        return endpoint.address();
    }

    @Override
    public void close() {
        endpoint.close();
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
        reasons.forEach((reason, count) -> text.sample(rejected, count.doubleValue(), "reason", label(reason)));
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
                "athanor_pool_hashrate",
                "gauge",
                "Hashes per second of the last minutes.",
                status.hashrate().rate().value());
        relativeError(text, "athanor_pool_hashrate_relative_error", status.hashrate());
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
        status.upstream().ifPresent(upstream -> upstream(text, upstream, total.forwards()));
        perUser(text, status);
        return text.toString();
    }

    /** A rate that is not known has no error, not an infinite one. */
    private static void relativeError(PrometheusText text, String name, MeasuredHashrate rate) {
        text.family(name, "gauge", "Standard error of the hash rate as a part of it; absent without shares.");
        if (Double.isFinite(rate.relativeError())) text.sample(name, rate.relativeError());
    }

    private static void upstream(PrometheusText text, UpstreamPool.Status upstream, Forwards forwards) {
        var connected = "athanor_pool_upstream_connected";
        text.family(connected, "gauge", "Whether there is work from the upstream named.")
                .sample(connected, upstream.connected() ? 1 : 0, "upstream", upstream.upstream());
        text.single(
                "athanor_pool_upstream_difficulty",
                "gauge",
                "What it asks for, or asked for last.",
                upstream.difficulty().doubleValue());
        text.single(
                "athanor_pool_upstream_sessions_total",
                "counter",
                "Connections that gave work; since the start.",
                (double) upstream.session());
        text.single("athanor_pool_forwarded_accepted_total", "counter", "Shares that upstreams accepted.", (double)
                forwards.accepted());
        text.single(
                "athanor_pool_forwarded_work_hashes_total",
                "counter",
                "Expected hashes of the shares that upstreams accepted, by their difficulty.",
                forwards.acceptedWork().toDouble());
        var rejected = "athanor_pool_forwarded_rejected_total";
        text.family(rejected, "counter", "Shares that upstreams rejected, by reason.");
        for (var reason : ShareVerdict.Reason.values())
            text.sample(rejected, forwards.rejected().getOrDefault(reason, 0L).doubleValue(), "reason", label(reason));
        text.single("athanor_pool_forwarded_lost_total", "counter", "Shares that no upstream answered.", (double)
                forwards.lost());
    }

    private static String label(ShareVerdict.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private void perUser(PrometheusText text, PoolStatus status) {
        var users = status.users().stream()
                .filter(user -> user.accepted() > 0)
                .sorted(Comparator.comparing(UserStatus::work).reversed())
                .limit(MAX_USERS)
                .toList();
        family(text, users, "user_shares_accepted_total", "counter", "Accepted shares.", user ->
                (double) user.accepted());
        byReason(text, users, "user_shares_rejected_total", "Rejected shares by reason.", UserStatus::rejected);
        if (status.upstream().isPresent()) {
            family(text, users, "user_forwarded_accepted_total", "counter", "Shares that upstreams accepted.", user ->
                    (double) user.forwards().accepted());
            byReason(
                    text,
                    users,
                    "user_forwarded_rejected_total",
                    "Shares that upstreams rejected, by reason.",
                    user -> user.forwards().rejected());
            family(text, users, "user_forwarded_lost_total", "counter", "Shares that no upstream answered.", user ->
                    (double) user.forwards().lost());
        }
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
                "Hashes per second of the last minutes.",
                user -> status.hashrate(user.user()).rate().value());
        var error = "athanor_pool_user_hashrate_relative_error";
        text.family(error, "gauge", "Standard error of the hash rate as a part of it; absent without shares.");
        for (var user : users) {
            double relative = status.hashrate(user.user()).relativeError();
            if (Double.isFinite(relative)) text.sample(error, relative, "user", user.user());
        }
    }

    /** Reasons that never occurred are left out: with thousands of users they would be most of the page. */
    private static void byReason(
            PrometheusText text,
            List<UserStatus> users,
            String name,
            String help,
            Function<UserStatus, Map<ShareVerdict.Reason, Long>> counts) {
        var full = "athanor_pool_" + name;
        text.family(full, "counter", help);
        for (var user : users)
            new TreeMap<>(counts.apply(user))
                    .forEach((reason, count) ->
                            text.sample(full, count.doubleValue(), "user", user.user(), "reason", label(reason)));
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
}
