package org.athanor.edge.forecast;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Both services on one loopback port, with replies that a test sets. */
final class FakeService implements AutoCloseable {
    /** A week in Brussels from 15 January 2026 on, and three days of prices from the 14th on; {@code Replies} of comfort tells more. */
    static final String WEATHER = text("open-meteo.json");

    static final String PRICES = text("energy-charts.json");

    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Behaviour weather = json(WEATHER);
    private volatile Behaviour prices = json(PRICES);

    FakeService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/forecast", exchange -> answer(exchange, weather));
        server.createContext("/price", exchange -> answer(exchange, prices));
        server.start();
    }

    private void answer(HttpExchange exchange, Behaviour behaviour) throws IOException {
        requests.add(exchange.getRequestURI().toString());
        try (exchange) {
            behaviour.answer(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    URI uri() {
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort());
    }

    /** Paths and queries, as they came. */
    List<String> requests() {
        return requests;
    }

    long weatherRequests() {
        return requests.stream().filter(path -> path.startsWith("/v1/forecast")).count();
    }

    void weather(Behaviour behaviour) {
        weather = behaviour;
    }

    void prices(Behaviour behaviour) {
        prices = behaviour;
    }

    static Behaviour json(String body) {
        return reply(200, "application/json; charset=utf-8", body);
    }

    static Behaviour reply(int status, String type, String body) {
        return exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    static Behaviour refusal(int status, String retryAfter, String body) {
        return exchange -> {
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
            reply(status, "application/json", body).answer(exchange);
        };
    }

    private static String text(String file) {
        try (var in = FakeService.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
