package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node's RPC port with answers in Bitcoin Core's shapes. Requests with a longpollid are held until the tip changes. */
final class FakeNode implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Answers one method; an {@link IOException} ends the connection without an answer. */
    interface Method {
        Answer answer(JsonNode params) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, byte[] body) {
        static Answer result(String json) {
            return new Answer(200, bytes("{\"result\":" + json + ",\"error\":null,\"id\":1}\n"));
        }

        /** Core answers errors of version 1 with HTTP 500, and an unknown method with 404. */
        static Answer error(int code, String message) {
            return new Answer(
                    code == -32601 ? 404 : 500,
                    bytes("{\"result\":null,\"error\":{\"code\":" + code + ",\"message\":\"" + message
                            + "\"},\"id\":1}\n"));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    final Map<String, Method> methods = new ConcurrentHashMap<>();
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<String> submitted = Collections.synchronizedList(new ArrayList<>());
    volatile String credentials = "user:secret";
    private final Object tipLock = new Object();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private int port;
    private volatile ObjectNode template;

    FakeNode() {
        template = resource("template-core.json");
        methods.put("getblockchaininfo", _ -> Answer.result("{\"chain\":\"regtest\",\"blocks\":455}"));
        methods.put("getblocktemplate", this::askedForTemplate);
        methods.put("submitblock", params -> {
            submitted.add(params.get(0).asText());
            return Answer.result("null");
        });
        methods.put("getblockheader", params -> Answer.result("{\"confirmations\":1,\"height\":456}"));
        methods.put("getblockhash", _ -> Answer.error(-8, "Block height out of range"));
        start();
    }

    static ObjectNode resource(String name) {
        try (var in = FakeNode.class.getResourceAsStream(name)) {
            return (ObjectNode) JSON.readTree(in).get("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] reply(JsonNode result) {
        return Answer.result(result.toString()).body();
    }

    void start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    void stop() {
        server.stop(0);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    ObjectNode template() {
        return template.deepCopy();
    }

    /** Another tip, or the same one with other contents: held requests are answered. */
    void setTemplate(ObjectNode next) {
        synchronized (tipLock) {
            template = next;
            tipLock.notifyAll();
        }
    }

    /** A template of another tip. */
    ObjectNode nextTip(int number) {
        var next = template();
        var hash = String.format("%064x", number);
        next.put("previousblockhash", hash);
        next.put("longpollid", hash + "1");
        next.put("height", next.get("height").intValue() + 1);
        setTemplate(next);
        return next;
    }

    private Answer askedForTemplate(JsonNode params) {
        var request = params.get(0);
        if (!request.path("rules").toString().contains("\"segwit\""))
            return Answer.error(-8, "getblocktemplate must be called with the segwit rule set");
        if (request.path("mode").asText().equals("proposal")) return Answer.result("null");
        var held = request.path("longpollid").asText("");
        try {
            synchronized (tipLock) {
                while (held.equals(template.path("longpollid").asText("?"))) tipLock.wait();
                return new Answer(200, reply(template));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.error(-1, "Shutting down");
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            var expected = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var name = request.get("method").asText();
            calls.add(name);
            var method = methods.get(name);
            var answer = method == null
                    ? Answer.error(-32601, "Method not found")
                    : method.answer((ArrayNode) request.get("params"));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
