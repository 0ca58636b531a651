package org.athanor.devices.shelly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;

/** Calls of Shelly's HTTP RPC: {@code GET /rpc/Method?id=0&...}, JSON back. Connections are kept open between calls. */
final class ShellyRpc implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST_REPLY = 64 * 1024;
    private static final int QUOTED = 80;

    private final String device;
    private final InetSocketAddress address;
    private final Duration timeout;
    private final HttpClient http;

    ShellyRpc(String device, InetSocketAddress address, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero())
            throw new IllegalArgumentException(device + ": time-out " + timeout + " (must be positive)");
        this.device = device;
        this.address = address;
        this.timeout = timeout;
        // HTTP/1.1: an offer of HTTP/2 is one header more that a small server may stumble over
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /** @throws DeviceException if there is no answer, an error, or nothing that is JSON */
    JsonNode call(String method, String query) {
        var response = send(method, query);
        if (response.statusCode() != 200)
            throw failure(
                    Kind.REFUSED, method, query, "HTTP " + response.statusCode() + " " + quote(response.body()), null);
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw failure(Kind.GARBLED, method, query, "not JSON: " + quote(response.body()), e);
        }
    }

    /** The time limit is for the whole exchange; that of a request ends with the headers. */
    private HttpResponse<String> send(String method, String query) {
        var request = HttpRequest.newBuilder(uri(method, query)).GET().build();
        var reply = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_REPLY));
        try {
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw failure(Kind.UNREACHABLE, method, query, "no whole reply within " + timeout, e);
        } catch (ExecutionException e) {
            throw failure(Kind.UNREACHABLE, method, query, e.getCause().toString(), e);
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(Kind.UNREACHABLE, method, query, "interrupted", e);
        }
    }

    private URI uri(String method, String query) {
        try {
            return new URI("http", null, address.getHostString(), address.getPort(), "/rpc/" + method, query, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(device + ": not an address for HTTP: " + address, e);
        }
    }

    DeviceException failure(Kind kind, String method, String query, String what, Throwable cause) {
        return new DeviceException(
                kind,
                method + "?" + query + " on " + device + " at " + address.getHostString() + ":" + address.getPort()
                        + ": " + what,
                cause);
    }

    static String quote(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (printable.length() > QUOTED ? printable.substring(0, QUOTED) + "…" : printable) + "\"";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
