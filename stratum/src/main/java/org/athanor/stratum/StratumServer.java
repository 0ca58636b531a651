package org.athanor.stratum;

import java.net.InetSocketAddress;
import java.util.List;

/** The pool's end of Stratum V1. */
public final class StratumServer implements AutoCloseable {
    /**
     * @param listen port 0 takes a free one
     * @param maximumConnections further ones are closed at once
     * @param maximumLine bytes; a longer line ends its connection
     * @param maximumQueue lines waiting for a client that reads too slowly; one more and it is dropped
     */
    public record Config(
            InetSocketAddress listen,
            DifficultyPolicy difficulty,
            int maximumConnections,
            int maximumLine,
            int maximumQueue) {
        public static Config of(InetSocketAddress listen, DifficultyPolicy difficulty) {
            return new Config(listen, difficulty, 1000, 8192, 1000);
        }
    }

    private StratumServer() {}

    /** @throws StratumException if the address cannot be listened on */
    public static StratumServer start(Config config, TemplateSource templates, ShareSink sink) {
        throw new UnsupportedOperationException("start");
    }

    public InetSocketAddress address() {
        throw new UnsupportedOperationException("address");
    }

    public List<ClientInfo> clients() {
        throw new UnsupportedOperationException("clients");
    }

    /** Gives every client a job of the present template, whose time is newer, without making the older ones stale. */
    public void refresh() {
        throw new UnsupportedOperationException("refresh");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("close");
    }
}
