package org.athanor.devices.simulated;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.athanor.devices.simulated.CgminerServer.Answer;

/** The socket side of a Whatsminer's API of version 3: a length of four bytes, the lowest first, and a text, in both directions. */
final class FramedServer implements AutoCloseable {
    private static final int LARGEST_REQUEST = 8192;

    private final SocketServer server;
    private final CgminerServer.Handler handler;

    FramedServer(InetSocketAddress listen, CgminerServer.Handler handler) {
        this.handler = handler;
        this.server = new SocketServer(listen, this::serve);
    }

    InetSocketAddress address() {
        return server.address();
    }

    private void serve(Socket socket) throws IOException {
        var header = socket.getInputStream().readNBytes(4);
        if (header.length < 4) return; // somebody looked whether anything listens
        int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 2 || length > LARGEST_REQUEST) return;
        var request = new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
        switch (handler.answer(request)) {
            case Answer.Text(var text, var hold) -> {
                send(socket, text, text.length());
                if (hold) SocketServer.awaitClose(socket);
            }
            case Answer.Half(var text) -> send(socket, text, text.length() / 2);
            case Answer.Late(var text) -> {
                if (SocketServer.staysUntilLate(socket)) send(socket, text, text.length());
            }
            case Answer.CloseSilently() -> {}
            case Answer.NeverAnswer() -> SocketServer.awaitClose(socket);
            case Answer.Reset() -> SocketServer.reset(socket);
        }
    }

    private static void send(Socket socket, String text, int length) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(4 + Math.min(length, bytes.length))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bytes.length)
                        .put(bytes, 0, Math.min(length, bytes.length))
                        .array());
    }

    @Override
    public void close() {
        server.close();
    }
}
