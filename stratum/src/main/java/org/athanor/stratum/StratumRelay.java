package org.athanor.stratum;

import java.net.InetSocketAddress;

/**
 * Stands between a miner and its pool, passes every line on as it is, and reads along: each submit is reported with the
 * pool's verdict and the hash and target computed here.
 */
public final class StratumRelay implements AutoCloseable {
    private StratumRelay() {}

    /** @throws StratumException if {@code listen} cannot be listened on; the pool is dialled for each miner */
    public static StratumRelay start(InetSocketAddress listen, InetSocketAddress upstream, ShareSink sink) {
        throw new UnsupportedOperationException("start");
    }

    public InetSocketAddress address() {
        throw new UnsupportedOperationException("address");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("close");
    }
}
