package org.athanor.devices.simulated;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The socket side of a cgminer API: one request and one reply a connection.
 *
 * <p>As cgminer does, it takes what the first read brings for the whole request, whether or not a newline or the end of
 * the stream follows; only JSON that is visibly not whole is read on.
 */
final class CgminerServer implements AutoCloseable {
    private static final int LARGEST_REQUEST = 8192;
    private static final String END = "\0";

    /** What to do with a connection that has sent its request. */
    sealed interface Answer {
        /** @param hold leave the connection open afterwards, until the peer closes */
        record Text(String text, boolean hold) implements Answer {}

        /** Ends in the middle. */
        record Half(String text) implements Answer {}

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

    private final SocketServer server;
    private final Handler handler;

    CgminerServer(InetSocketAddress listen, Handler handler) {
        this.handler = handler;
        this.server = new SocketServer(listen, this::serve);
    }

    InetSocketAddress address() {
        return server.address();
    }

    private void serve(Socket socket) throws IOException {
        switch (handler.answer(request(socket))) {
            case Answer.Text(var text, var hold) -> {
                send(socket, text + END);
                if (hold) SocketServer.awaitClose(socket);
            }
            case Answer.Half(var text) -> send(socket, text.substring(0, text.length() / 2));
            case Answer.Late(var text) -> {
                if (SocketServer.staysUntilLate(socket)) send(socket, text + END);
            }
            case Answer.CloseSilently() -> {}
            case Answer.NeverAnswer() -> SocketServer.awaitClose(socket);
            case Answer.Reset() -> SocketServer.reset(socket);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
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

    @Override
    public void close() {
        server.close();
    }
}
