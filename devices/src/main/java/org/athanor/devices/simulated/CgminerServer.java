package org.athanor.devices.simulated;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The socket side of a cgminer API: one request and one reply a connection.
 *
 * <p>As cgminer does, it takes what the first read brings for the whole request, whether or not a newline or the end of
 * the stream follows; only JSON that is visibly not whole is read on.
 */
final class CgminerServer implements AutoCloseable {
    /** Enough for every client of a home; more wait in the backlog, as with the real one. */
    private static final int MAXIMUM_CONNECTIONS = 64;

    private static final int LARGEST_REQUEST = 8192;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LATE_MILLIS = 20_000;

    /** What to do with a connection that has sent its request. */
    sealed interface Answer {
        /** @param hold leave the connection open afterwards, until the peer closes */
        record Text(String text, boolean hold) implements Answer {}

        /** When every driver has given up, unless its connection is closed before. */
        record Late(String text) implements Answer {}

        record CloseSilently() implements Answer {}

        record NeverAnswer() implements Answer {}

        /** As a device without power: the connection breaks. */
        record Reset() implements Answer {}
    }

    /** Answers a request; called by several threads. */
    interface Handler {
        Answer answer(String request);
    }

    private final ServerSocket listener;
    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    CgminerServer(InetSocketAddress listen, Handler handler) {
        this.handler = handler;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(listen);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + listen + ": " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("cgminer " + listener.getLocalPort()).start(this::accept);
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
            switch (handler.answer(request(socket))) {
                case Answer.Text(var text, var hold) -> {
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                    if (hold) awaitClose(socket);
                }
                case Answer.Late(var text) -> sendLate(socket, text);
                case Answer.CloseSilently() -> {}
                case Answer.NeverAnswer() -> awaitClose(socket);
                case Answer.Reset() -> reset(socket);
            }
        } catch (IOException e) {
            // the peer is gone, or said nothing for too long: its own affair, and the connection is all there was of it
        } finally {
            connections.remove(socket);
        }
    }

    private static String request(Socket socket) throws IOException {
        var text = new StringBuilder();
        var buffer = new byte[LARGEST_REQUEST];
        do {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) break;
            text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        } while (text.length() < LARGEST_REQUEST && unfinishedJson(text));
        return text.toString();
    }

    private static boolean unfinishedJson(CharSequence text) {
        long opened = text.chars().filter(c -> c == '{').count();
        return opened > text.chars().filter(c -> c == '}').count();
    }

    private static void awaitClose(Socket socket) throws IOException {
        socket.setSoTimeout(0);
        var rubbish = new byte[256];
        int count;
        do count = socket.getInputStream().read(rubbish);
        while (count >= 0);
    }

    private static void sendLate(Socket socket, String text) throws IOException {
        socket.setSoTimeout(LATE_MILLIS);
        try {
            if (socket.getInputStream().read() < 0) return;
        } catch (SocketTimeoutException e) {
            // the peer is still there, which is when it is sent
        }
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        connections.forEach(CgminerServer::closeQuietly);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + socket, e);
        }
    }
}
