package org.athanor.stratum;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Pools upstream, a proxy and its miners. */
abstract class ProxyRig {
    static final BigDecimal EVERY_HASH = new BigDecimal("2e-10");
    static final String PASSWORD = "a-secret-word";

    final RecordingSink sink = new RecordingSink();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var closeable : open.reversed()) closeable.close();
    }

    <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    static UpstreamPool.Upstream upstream(String name, InetSocketAddress address) {
        var pool = new PoolAddress(address.getHostString(), address.getPort());
        return new UpstreamPool.Upstream(name, pool, "account", PASSWORD, Optional.empty());
    }

    JudgingPool judging(String extranonce1, int extranonce2Size) throws IOException {
        return keep(new JudgingPool(extranonce1, extranonce2Size));
    }

    UpstreamPool connect(UpstreamPool.Upstream... upstreams) {
        var patience = new UpstreamPool.Patience(
                Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMinutes(1));
        return connect(patience, upstreams);
    }

    UpstreamPool connect(UpstreamPool.Patience patience, UpstreamPool.Upstream... upstreams) {
        return keep(UpstreamPool.connect(
                new UpstreamPool.Config(List.of(upstreams), Duration.ofMillis(200), Duration.ofMillis(100), patience)));
    }

    StratumServer proxy(UpstreamPool upstream) {
        return proxy(upstream, DifficultyPolicy.fixed(EVERY_HASH));
    }

    StratumServer proxy(UpstreamPool upstream, DifficultyPolicy policy) {
        return keep(StratumServer.start(StratumServer.Config.of(StratumServerTest.loopback(), policy), upstream, sink));
    }

    TestMiner miner(StratumServer server, String user) {
        return keep(new TestMiner(server.address(), user));
    }

    static String userOf(RecordingSink sink, String hash) {
        return sink.events().stream()
                .filter(event -> event.hash().equals(hash))
                .findFirst()
                .orElseThrow()
                .user();
    }
}
