package org.athanor.devices.simulated;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port on which a simulated device serves one exchange a connection, with a thread for each. */
final class SocketServer implements AutoCloseable {
    /** Enough for every client of a home; more wait in the backlog, as with the real one. */
    private static final int MAXIMUM_CONNECTIONS = 64;

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LATE_MILLIS = 20_000; // longer than any driver waits

    /** One exchange; the connection is closed after it. */
    interface Exchange {
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final Exchange exchange;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** @throws UncheckedIOException if it cannot listen there */
    SocketServer(InetSocketAddress listen, Exchange exchange) {
        this.exchange = exchange;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(listen);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + listen + ": " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("device " + listener.getLocalPort()).start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                if (connections.size() >= MAXIMUM_CONNECTIONS) reset(socket);
                else {
                    connections.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException e) {
                if (!listener.isClosed()) throw new UncheckedIOException("accepting at " + address(), e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            exchange.serve(socket);
        } catch (IOException e) {
            // the peer is gone, or said nothing for too long: its own affair, and the connection is all there was of it
        } finally {
            connections.remove(socket);
        }
    }

    static void awaitClose(Socket socket) throws IOException {
        socket.setSoTimeout(0);
        var rubbish = new byte[256];
        int count;
        do count = socket.getInputStream().read(rubbish);
        while (count >= 0);
    }

    /** Whether the peer is still there when every driver has given up. */
    static boolean staysUntilLate(Socket socket) throws IOException {
        socket.setSoTimeout(LATE_MILLIS);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        connections.forEach(SocketServer::closeQuietly);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + socket, e);
        }
    }
}
