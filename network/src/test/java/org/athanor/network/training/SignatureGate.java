package org.athanor.network.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands before an S3 server that does not look at signatures, and does: a request with a signed address passes only when the
 * signature fits what was really sent (AWS Signature Version 4, "Authenticating Requests: Using Query Parameters").
 */
final class SignatureGate implements AutoCloseable {
    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade", "http2-settings", "expect");

    private final HttpServer server;
    private final URI behind;
    private final String secret;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<String> broken = new AtomicReference<>();

    SignatureGate(URI behind, String secret) throws IOException {
        this.behind = behind;
        this.secret = secret;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int passed() {
        return passed.get();
    }

    int refused() {
        return refused.get();
    }

    /** The next request with such an address is not answered. */
    void breaks(String query) {
        broken.set(query);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var breaks = broken.get();
            if (breaks != null
                    && exchange.getRequestURI().toString().contains(breaks)
                    && broken.compareAndSet(breaks, null)) {
                return;
            }
            var body = exchange.getRequestBody().readAllBytes();
            var query = exchange.getRequestURI().getRawQuery();
            if (query != null && query.contains("X-Amz-Signature=")) {
                if (!fits(exchange, query)) {
                    refused.incrementAndGet();
                    exchange.sendResponseHeaders(403, -1);
                    return;
                }
                passed.incrementAndGet();
            }
            var request = HttpRequest.newBuilder(
                            behind.resolve(exchange.getRequestURI().toString()))
                    .method(
                            exchange.getRequestMethod(),
                            body.length == 0
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            var reply = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            reply.headers().map().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(reply.statusCode(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private boolean fits(HttpExchange exchange, String query) throws GeneralSecurityException {
        var parameters = new TreeMap<String, String>(Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        var signature = parameters.remove("X-Amz-Signature");
        var signed = parameters.get("X-Amz-SignedHeaders").replace("%3B", ";");
        var canonical = new StringBuilder(exchange.getRequestMethod())
                .append('\n')
                .append(exchange.getRequestURI().getRawPath())
                .append('\n')
                .append(parameters.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .collect(Collectors.joining("&")))
                .append('\n');
        for (var name : signed.split(";", -1)) {
            canonical
                    .append(name)
                    .append(':')
                    .append(exchange.getRequestHeaders().getFirst(name))
                    .append('\n');
        }
        canonical.append('\n').append(signed).append("\nUNSIGNED-PAYLOAD");
        var time = parameters.get("X-Amz-Date");
        var scope = parameters.get("X-Amz-Credential").replace("%2F", "/").split("/", 2)[1];
        var digest =
                MessageDigest.getInstance("SHA-256").digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
        var text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + HexFormat.of().formatHex(digest);
        var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text)).equals(signature);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
