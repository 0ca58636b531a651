package org.athanor.network;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers Prometheus at {@code /metrics}: the pool's figures, and those of whatever else an operator runs. */
public final class MetricsEndpoint implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final Supplier<String> text;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("metrics", 0).factory());

    private MetricsEndpoint(HttpServer server, Supplier<String> text) {
        this.server = server;
        this.text = text;
    }

    /**
     * Starts to answer.
     *
     * @param listen port 0 takes a free one
     * @param text asked for each answer, on up to {@value #THREADS} threads at once: {@link PrometheusText}
     * @throws IOException if the address cannot be listened on
     */
    public static MetricsEndpoint start(InetSocketAddress listen, Supplier<String> text) throws IOException {
        var endpoint = new MetricsEndpoint(HttpServer.create(listen, BACKLOG), text);
        endpoint.server.createContext("/", endpoint::answer);
        endpoint.server.setExecutor(endpoint.threads);
        endpoint.server.start();
        return endpoint;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                var body = text.get().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }
}
