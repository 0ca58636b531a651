package org.athanor.devices.testing;

import static org.athanor.devices.testing.Failures.anyPort;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Stands before a simulated device and changes what it replies. */
public final class MutatingProxy implements AutoCloseable {
    private final InetSocketAddress device;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private volatile UnaryOperator<String> change = UnaryOperator.identity();

    public MutatingProxy(InetSocketAddress device) {
        this.device = device;
        try {
            server = HttpServer.create(anyPort(), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public void change(UnaryOperator<String> bodies) {
        change = bodies;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + device.getPort() + exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) request.header("Authorization", authorization);
            var reply = client.send(request.build(), BodyHandlers.ofString());
            var bytes = change.apply(reply.body()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.statusCode(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
    }
}
