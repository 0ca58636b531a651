package org.athanor.edge.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Requests as they go over the wire: HttpClient does not let a caller set Host, nor choose its own address. */
final class Wire {
    private final int port;
    private final String from;

    Wire(int port) {
        this(port, "127.0.0.1");
    }

    /** @param from address of the one who asks */
    Wire(int port, String from) {
        this.port = port;
        this.from = from;
    }

    /** An answer as it came over the wire: HttpClient does not let a caller set Host. */
    record Answer(int status, String head, String body) {}

    Answer send(String method, String path, String host, String headers, String body) throws IOException {
        return send(method, path, host, headers, body, _ -> {});
    }

    /** @param heard what has come so far, whenever something comes */
    private Answer send(String method, String path, String host, String headers, String body, Consumer<String> heard)
            throws IOException {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0)) {
            socket.setSoTimeout(10_000);
            var content = body.getBytes(StandardCharsets.UTF_8);
            var length = content.length == 0 ? "" : "Content-Length: " + content.length + "\r\n";
            var request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + length
                    + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            var come = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            for (int read = socket.getInputStream().read(buffer);
                    read >= 0;
                    read = socket.getInputStream().read(buffer)) {
                come.write(buffer, 0, read);
                heard.accept(come.toString(StandardCharsets.UTF_8));
            }
            var answer = come.toString(StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }

    /** A JSON request to this computer's own name. */
    Answer json(String method, String path, String headers, String body) throws IOException {
        return send(method, path, "127.0.0.1:" + port, "Content-Type: application/json\r\n" + headers, body);
    }

    Answer get(String path, String headers) throws IOException {
        return get(path, headers, _ -> {});
    }

    Answer get(String path, String headers, Consumer<String> heard) throws IOException {
        return send("GET", path, "127.0.0.1:" + port, headers, "", heard);
    }
}
