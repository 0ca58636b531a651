package org.athanor.stratum;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Stands between a miner and its pool, passes every line on as it is, and reads along: each submit is reported with the
 * pool's verdict and the hash and target computed here.
 *
 * <p>Each miner gets a connection of its own to the pool; when either side closes, the other is closed. Two things are
 * not passed on: lines that are too long, which end the connection, and {@code client.reconnect}, which would lead the
 * miner past the relay: it ends the connection too, and the miner comes back here.
 */
public final class StratumRelay implements AutoCloseable {
    private static final int MOST_MINERS = 64;
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);

    private final ServerSocket socket;
    private final InetSocketAddress upstream;
    private final ShareSink sink;
    private final Semaphore places = new Semaphore(MOST_MINERS);
    private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor = Thread.ofVirtual().name("stratum-relay").unstarted(this::accept);
    private volatile boolean closed;

    private StratumRelay(ServerSocket socket, InetSocketAddress upstream, ShareSink sink) {
        this.socket = socket;
        this.upstream = upstream;
        this.sink = sink;
    }

    /** @throws StratumException if {@code listen} cannot be listened on; the pool is dialled for each miner */
    public static StratumRelay start(InetSocketAddress listen, InetSocketAddress upstream, ShareSink sink) {
        var relay = new StratumRelay(StratumServer.listen(listen), upstream, sink);
        relay.acceptor.start();
        return relay;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() {
        closed = true;
        try {
            StratumServer.close(socket, acceptor);
        } catch (IOException e) {
            throw new StratumException("closing the relay at " + address(), e);
        } finally {
            connections.forEach(RelayedConnection::close);
            StratumServer.awaitAll(places, MOST_MINERS);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                var miner = socket.accept();
                if (places.tryAcquire())
                    Thread.ofVirtual().name("stratum-relay-miner").start(() -> serve(miner));
                else miner.close();
            } catch (IOException e) {
                if (closed) return;
                StratumServer.LOG.log(Level.WARNING, "accepting a miner at " + address(), e);
                StratumServer.pause();
            }
        }
    }

    private void serve(Socket miner) {
        try (miner;
                var pool = StratumClient.dial(new Socket(), upstream, DIAL_TIMEOUT)) {
            miner.setTcpNoDelay(true);
            miner.setKeepAlive(true);
            var connection = new RelayedConnection(miner, pool, sink);
            connections.add(connection);
            try {
                if (!closed) connection.run();
            } finally {
                connections.remove(connection);
            }
        } catch (IOException e) {
            StratumServer.LOG.log(Level.WARNING, "relaying to {0}: {1}", upstream, e.getMessage());
        } finally {
            places.release();
        }
    }
}
