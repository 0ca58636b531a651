package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.athanor.devices.Credentials;

/**
 * The HTTP side of Shelly's RPC: {@code GET /rpc/Method?name=value}, {@code POST /rpc/Method} with the parameters as JSON,
 * and {@code POST /rpc} with a JSON-RPC frame.
 */
final class ShellyServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_REQUEST = 8192;
    private static final Duration NEVER = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofSeconds(6); // longer than any driver waits

    /** What can be wrong on the wire, whatever is behind it. */
    static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.WRONG_PASSWORD,
            Fault.FORGETS_SESSION);

    /** An error as Shelly reports it. */
    static final class RpcError extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        final int code;

        private RpcError(int code, String message) {
            super(message);
            this.code = code;
        }

        static RpcError badArgument(String name) {
            return new RpcError(-103, "Missing or bad argument '" + name + "'!");
        }

        static RpcError noComponent(String component) {
            return new RpcError(-105, "Argument 'id': no " + component + "!");
        }

        static RpcError noMethod(String method) {
            return new RpcError(404, "No handler for " + method);
        }
    }

    /** Answers a call; called by several threads. */
    interface Handler {
        Map<String, Object> answer(String method, Map<String, String> parameters) throws RpcError;
    }

    private final HttpPort port;
    private final Faults faults;
    private final Optional<DigestGuard> guard;
    private final Handler handler;

    /**
     * @param realm what it calls itself when it asks for its password
     * @param password of its user admin; empty where it has none
     */
    ShellyServer(InetSocketAddress listen, Faults faults, String realm, Optional<String> password, Handler handler) {
        this.faults = faults;
        this.guard = password.map(word -> new DigestGuard(new Credentials("admin", word), realm, "SHA-256"));
        this.handler = handler;
        this.port = new HttpPort(listen, "/rpc", this::serve);
    }

    InetSocketAddress address() {
        return port.address();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            // closing without headers breaks the connection
            if (faults.contains(Fault.UNREACHABLE)) return;
            if (faults.contains(Fault.SILENT)) Thread.sleep(NEVER);
            if (!admits(exchange)) {
                send(exchange, 401, Map.of("code", 401, "message", "Unauthorized"));
                return;
            }
            var body = JSON.createObjectNode();
            var path = exchange.getRequestURI().getPath().substring("/rpc".length());
            var method = path.startsWith("/") ? path.substring(1) : path;
            var parameters = new LinkedHashMap<String, String>();
            try {
                query(exchange.getRequestURI().getRawQuery(), parameters);
                if (exchange.getRequestMethod().equals("POST")) body = posted(exchange);
                boolean frame = method.isEmpty();
                if (frame) method = body.path("method").asText();
                fields(frame ? body.path("params") : body, parameters);
                var answer = handler.answer(method, parameters);
                send(exchange, 200, frame ? framed(body, answer) : answer);
            } catch (RpcError e) {
                send(exchange, e.code == 404 ? 404 : 500, Map.of("code", e.code, "message", e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being closed
        }
    }

    private boolean admits(HttpExchange exchange) {
        if (guard.isEmpty()) return !faults.contains(Fault.WRONG_PASSWORD);
        var call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        var authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
        synchronized (this) {
            if (faults.remove(Fault.FORGETS_SESSION)) guard.get().renew();
            boolean admitted =
                    !faults.contains(Fault.WRONG_PASSWORD) && guard.get().admits(call, authorization);
            if (!admitted)
                exchange.getResponseHeaders()
                        .set("WWW-Authenticate", guard.get().challenge());
            return admitted;
        }
    }

    private static void query(String raw, Map<String, String> parameters) throws RpcError {
        if (raw == null) return;
        for (var pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0)
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
    }

    private static ObjectNode posted(HttpExchange exchange) throws IOException, RpcError {
        try {
            if (JSON.readTree(exchange.getRequestBody().readNBytes(LARGEST_REQUEST)) instanceof ObjectNode object)
                return object;
        } catch (JsonProcessingException e) {
            // falls through to the same answer as for JSON that is no object
        }
        throw RpcError.badArgument("body");
    }

    private static void fields(JsonNode object, Map<String, String> parameters) {
        object.properties().forEach(f -> parameters.put(f.getKey(), f.getValue().asText()));
    }

    private static Map<String, Object> framed(JsonNode request, Map<String, Object> result) {
        var frame = new LinkedHashMap<String, Object>();
        frame.put("id", request.path("id"));
        frame.put("src", "athanor-simulated");
        frame.put("result", result);
        return frame;
    }

    private void send(HttpExchange exchange, int status, Map<String, Object> body)
            throws IOException, InterruptedException {
        var bytes =
                JSON.writeValueAsBytes(faults.contains(Fault.WRONG_REPLY) ? Map.of("restart_required", false) : body);
        if (faults.contains(Fault.GARBAGE)) bytes = "<html>\u0001 mongoose".getBytes(StandardCharsets.UTF_8);
        if (faults.contains(Fault.LATE)) Thread.sleep(LATE);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Server", "ShellyHTTP/1.0.0 (Athanor simulation)");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes, 0, faults.contains(Fault.TRUNCATED) ? bytes.length / 2 : bytes.length);
    }

    @Override
    public void close() {
        port.close();
    }
}
