package org.athanor.devices.simulated;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The HTTP side of simulated devices with an API of paths and JSON. */
final class RestServer implements AutoCloseable {
    private static final int LARGEST_REQUEST = 8192;
    private static final Duration NEVER = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofSeconds(6); // longer than any driver waits

    /**
     * @param call method and path, such as GET /api/system/info
     * @param query its parameters, decoded
     * @param authorization content of the header of that name
     */
    record Question(String call, Map<String, String> query, Optional<String> authorization, String body) {
        boolean reads() {
            return call.startsWith("GET ");
        }
    }

    /** What is answered, if at all. */
    sealed interface Answer {
        record Whole(int status, String body) implements Answer {}

        /** Asks who it is: content of the header WWW-Authenticate. */
        record Challenge(String header) implements Answer {}

        /** Announced whole, ends in the middle. */
        record Half(Whole whole) implements Answer {}

        /** After everybody's time-out. */
        record Late(Whole whole) implements Answer {}

        record Never() implements Answer {}

        /** The connection is closed, as by a device without power. */
        record Broken() implements Answer {}
    }

    /** Called by several threads. */
    interface Handler {
        Answer answer(Question question) throws IOException;
    }

    private final HttpPort port;
    private final Handler handler;

    RestServer(InetSocketAddress listen, Handler handler) {
        this.handler = handler;
        this.port = new HttpPort(listen, "/", this::serve);
    }

    InetSocketAddress address() {
        return port.address();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = new Question(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    query(exchange.getRequestURI().getRawQuery()),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    new String(exchange.getRequestBody().readNBytes(LARGEST_REQUEST), StandardCharsets.UTF_8));
            switch (handler.answer(question)) {
                case Answer.Whole whole -> send(exchange, whole, false);
                case Answer.Challenge(var header) -> {
                    exchange.getResponseHeaders().set("WWW-Authenticate", header);
                    send(exchange, new Answer.Whole(401, ""), false);
                }
                case Answer.Half(var whole) -> send(exchange, whole, true);
                case Answer.Late(var whole) -> {
                    Thread.sleep(LATE);
                    send(exchange, whole, false);
                }
                case Answer.Never() -> Thread.sleep(NEVER);
                case Answer.Broken() -> {} // closing without headers breaks the connection
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being closed
        }
    }

    private static Map<String, String> query(String raw) {
        var parameters = new LinkedHashMap<String, String>();
        if (raw == null) return parameters;
        for (var pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0)
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void send(HttpExchange exchange, Answer.Whole whole, boolean half) throws IOException {
        var bytes = whole.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(whole.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes, 0, half ? bytes.length / 2 : bytes.length);
    }

    @Override
    public void close() {
        port.close();
    }
}
