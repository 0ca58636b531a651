package org.athanor.edge.mining;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalDouble;
import org.athanor.devices.Computation;
import org.athanor.stratum.ShareSink;

/** Mines on this computer's cores for a Stratum pool. */
public final class MiningWorker implements Computation {
    /**
     * @param throttle most hashes per second of all threads together; empty for as fast as they can
     * @param drain how long {@link MiningWorker#close()} waits for outstanding verdicts
     * @param firstBackOff wait after the first failed connection; it doubles up to {@code longestBackOff}
     */
    public record Config(
            InetSocketAddress pool,
            String user,
            String agent,
            OptionalDouble throttle,
            Duration drain,
            Duration firstBackOff,
            Duration longestBackOff) {
        public static Config of(InetSocketAddress pool, String user, String agent) {
            return new Config(
                    pool,
                    user,
                    agent,
                    OptionalDouble.empty(),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(30));
        }

        public Config throttledTo(double hashesPerSecond) {
            return new Config(
                    pool, user, agent, OptionalDouble.of(hashesPerSecond), drain, firstBackOff, longestBackOff);
        }
    }

    private MiningWorker() {}

    /** Starts to connect; nothing is hashed before {@link #setThreads}. */
    public static MiningWorker start(Config config, ShareSink sink) {
        throw new UnsupportedOperationException("start " + config + sink);
    }

    @Override
    public void setThreads(int threads) {
        throw new UnsupportedOperationException("setThreads");
    }

    @Override
    public Counters counters() {
        throw new UnsupportedOperationException("counters");
    }

    public MiningStatus status() {
        throw new UnsupportedOperationException("status");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("close");
    }
}
