package org.athanor.devices.testing;

import static org.athanor.devices.testing.Failures.anyPort;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A device that answers each command with a given text, whatever the command's arguments, one exchange a connection. */
public final class ReplayedDevice implements AutoCloseable {
    private static final String UNKNOWN =
            "{\"STATUS\":[{\"STATUS\":\"E\",\"When\":1,\"Code\":14,\"Msg\":\"Invalid command\"}],\"id\":1}";

    private final ServerSocket listener;
    private final boolean framed;
    private final Map<String, String> replies;

    /** @param framed with lengths ahead, as version 3 of a Whatsminer's API; otherwise with a NUL at the end, as cgminer */
    public ReplayedDevice(boolean framed, Map<String, String> replies) throws IOException {
        this.framed = framed;
        this.replies = replies;
        this.listener = new ServerSocket(0, 20, anyPort().getAddress());
        Thread.ofVirtual().start(this::serve);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                answer(socket);
            } catch (IOException e) {
                // closed, or the driver is gone: its test says so
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        var buffer = new byte[4096];
        int count = socket.getInputStream().read(buffer);
        var request = new String(buffer, 0, Math.max(0, count), StandardCharsets.UTF_8);
        var reply = replies.entrySet().stream()
                .filter(each -> request.contains("\"" + each.getKey() + "\""))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(UNKNOWN)
                .getBytes(StandardCharsets.UTF_8);
        var out = socket.getOutputStream();
        if (framed)
            out.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(reply.length)
                    .array());
        out.write(reply);
        if (!framed) out.write(0);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
