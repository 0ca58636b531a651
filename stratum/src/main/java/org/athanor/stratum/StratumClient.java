package org.athanor.stratum;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.athanor.hash.Target;

/** One miner's connection to a pool. It does not reconnect: a new connection is a new object. */
public final class StratumClient implements AutoCloseable {
    /**
     * @param versionRolling asks for BIP 310 before subscribing
     * @param suggestedDifficulty sent after authorizing
     * @param timeout for the connection and for each answer of the handshake
     */
    public record Config(
            InetSocketAddress pool,
            String user,
            String password,
            String agent,
            boolean versionRolling,
            Optional<BigDecimal> suggestedDifficulty,
            Duration timeout) {
        public static Config of(InetSocketAddress pool, String user, String agent) {
            return new Config(pool, user, "x", agent, true, Optional.empty(), Duration.ofSeconds(10));
        }
    }

    /** Called on the connection's reading thread, in the order of the pool's messages: must not block for long. */
    public interface Listener {
        void job(MiningJob job, Target target);

        /** Called before the future of the same share completes. */
        default void verdict(ShareEvent event) {}

        /** At most once, for whatever reason but {@link StratumClient#close()}. */
        void disconnected(String why);
    }

    private StratumClient() {}

    /**
     * Connects, subscribes and authorizes.
     *
     * @throws StratumException if the pool cannot be reached, refuses the user or answers nonsense
     */
    public static StratumClient connect(Config config, Listener listener) {
        throw new UnsupportedOperationException("connect");
    }

    /** The newest job, if one came yet. */
    public Optional<MiningJob> job() {
        throw new UnsupportedOperationException("job");
    }

    public boolean open() {
        throw new UnsupportedOperationException("open");
    }

    /**
     * Never throws for the network's sake: the future fails with a {@link StratumException} when the connection breaks
     * before the pool answered.
     */
    public CompletableFuture<ShareVerdict> submit(
            MiningJob job, byte[] extranonce2, int ntime, OptionalInt versionBits, int nonce) {
        throw new UnsupportedOperationException("submit");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("close");
    }
}
