package org.athanor.devices.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;

/**
 * Requests to one device, and its replies in JSON. Connections are kept open between requests; a reply is bounded in size and,
 * whole, in time.
 */
public final class JsonHttp implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST_REPLY = 64 * 1024;
    private static final int QUOTED = 80;
    private static final int UNAUTHORIZED = 401;
    private static final int LONGEST_TOKEN = 4096;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    /** What the JDK's client takes for the content of a header. */
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e\\xa0-\\xff]+");

    /**
     * What is asked.
     *
     * @param method such as GET
     * @param path with its leading slash
     * @param query escaped, without its question mark
     * @param authorization content of the header of that name
     * @param shown of path and query in messages
     */
    public record Request(
            String method,
            String path,
            Optional<String> query,
            Optional<JsonNode> body,
            Optional<String> authorization,
            String shown) {
        private static Request of(String method, String path) {
            return new Request(method, path, Optional.empty(), Optional.empty(), Optional.empty(), path);
        }

        public static Request get(String path) {
            return of("GET", path);
        }

        public static Request get(String path, String query) {
            return new Request("GET", path, Optional.of(query), Optional.empty(), Optional.empty(), path + "?" + query);
        }

        /**
         * @param parameters of its query, not escaped; not shown in messages, for there may be a password among them
         * @param what is shown in their place
         */
        public static Request get(String path, Map<String, String> parameters, String what) {
            var query = parameters.entrySet().stream()
                    .map(parameter -> escaped(parameter.getKey()) + "=" + escaped(parameter.getValue()))
                    .collect(Collectors.joining("&"));
            return new Request(
                    "GET", path, Optional.of(query), Optional.empty(), Optional.empty(), path + " \"" + what + "\"");
        }

        /** Spaces as %20: not every small server knows that a plus means one. */
        private static String escaped(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }

        public static Request post(String path) {
            return of("POST", path);
        }

        public static Request put(String path) {
            return of("PUT", path);
        }

        public static Request patch(String path) {
            return of("PATCH", path);
        }

        public Request with(JsonNode content) {
            return new Request(method, path, query, Optional.of(content), authorization, shown);
        }

        public Request authorized(String token) {
            return new Request(method, path, query, body, Optional.of(token), shown);
        }

        /** Path and query, as they stand in the request's first line where nothing in them must be escaped. */
        String target() {
            return path + query.map(text -> "?" + text).orElse("");
        }

        /** As it stands in messages: without its body, which may hold a password, and its token. */
        @Override
        public String toString() {
            return method + " " + shown;
        }
    }

    /**
     * A reply, whatever its status.
     *
     * @param challenge what the server wants proven, when it does
     */
    record Reply(int status, Optional<String> challenge, String body) {
        boolean unauthorized() {
            return status == UNAUTHORIZED;
        }
    }

    private final String device;
    private final InetSocketAddress address;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * @param device its id, for messages
     * @param timeout of one request with its whole reply
     * @throws IllegalArgumentException for a time-out that is not positive, or an address as of {@link #address}
     */
    public JsonHttp(String device, InetSocketAddress address, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero())
            throw new IllegalArgumentException(device + ": time-out " + timeout + " (must be positive)");
        this.device = device;
        this.address = address(address);
        this.timeout = timeout;
        // HTTP/1.1: an offer of HTTP/2 is one header more that a small server may stumble over
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * An address that can stand in a URL.
     *
     * @throws IllegalArgumentException for a host's name with other signs than letters, digits, - and .
     */
    public static InetSocketAddress address(InetSocketAddress address) {
        try {
            var _ = uri(address, "/");
            return address;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "not an address for HTTP: " + address + " (a name has letters, digits, - and .)", e);
        }
    }

    /**
     * A token that the header of a request can hold.
     *
     * @throws IllegalArgumentException for one that is empty, or has blanks, line breaks or signs beyond ASCII
     */
    public static String bearer(String token) {
        if (!isToken(token))
            throw new IllegalArgumentException(
                    token.isBlank() ? "it is empty" : "it is too long, or holds spaces, line breaks or other signs");
        return token;
    }

    /** @throws DeviceException if there is no answer, an error, or nothing that is JSON */
    public JsonNode json(Request request) {
        return parsed(request, text(request));
    }

    /**
     * The body of a reply whose status says success, whatever it holds.
     *
     * @throws DeviceException if there is no answer, or an error
     */
    public String text(Request request) {
        return successful(request, send(request));
    }

    private String successful(Request request, HttpResponse<String> response) {
        return successful(request, response.statusCode(), response.body());
    }

    private String successful(Request request, int status, String body) {
        if (status / 100 != 2) throw failure(Kind.REFUSED, request, "HTTP " + status + " " + quote(body), null);
        return body;
    }

    Reply reply(Request request) {
        var response = send(request);
        return new Reply(response.statusCode(), response.headers().firstValue("WWW-Authenticate"), response.body());
    }

    /**
     * The header WWW-Authenticate of a reply that wants something proven; empty for any other reply.
     *
     * @throws DeviceException if there is no answer
     */
    public Optional<String> challenge(Request request) {
        var reply = reply(request);
        return reply.unauthorized() ? Optional.of(reply.challenge().orElse("")) : Optional.empty();
    }

    JsonNode parsed(Request request, Reply reply) {
        return parsed(request, successful(request, reply.status(), reply.body()));
    }

    private JsonNode parsed(Request request, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw failure(Kind.GARBLED, request, "not JSON: " + quote(text), e);
        }
    }

    /**
     * The body of a reply, and whether its status says that the caller must log in first.
     *
     * @throws DeviceException if there is no answer, or another error
     */
    public Optional<JsonNode> jsonUnlessUnauthorized(Request request) {
        var response = send(request);
        if (response.statusCode() == UNAUTHORIZED) return Optional.empty();
        return Optional.of(parsed(request, successful(request, response)));
    }

    /**
     * The body of a reply.
     *
     * @param refusals words for statuses that mean something with this device
     * @throws DeviceException if there is no answer, or an error; of kind REFUSED with these words
     */
    public JsonNode json(Request request, Map<Integer, String> refusals) {
        var response = send(request);
        var refusal = refusals.get(response.statusCode());
        if (refusal != null) throw failure(Kind.REFUSED, request, refusal, null);
        return parsed(request, successful(request, response));
    }

    /**
     * The token of a reply to a login.
     *
     * @throws DeviceException of kind GARBLED if there is none that a header may hold
     */
    public String token(Request request, JsonNode reply) {
        var given = reply.path("token");
        if (!given.isTextual()) throw failure(Kind.GARBLED, request, "no \"token\" in its reply", null);
        if (!isToken(given.textValue()))
            throw failure(
                    Kind.GARBLED,
                    request,
                    "the \"token\" in its reply is none: 1 to " + LONGEST_TOKEN
                            + " visible ASCII signs without spaces are accepted",
                    null);
        return given.textValue();
    }

    /** Whether a header may hold it as it stands. */
    public static boolean isToken(String text) {
        return text.length() <= LONGEST_TOKEN && TOKEN.matcher(text).matches();
    }

    /** The time limit is for the whole exchange; that of a request ends with the headers. */
    private HttpResponse<String> send(Request request) {
        var built = HttpRequest.newBuilder(uri(request)).method(request.method(), body(request));
        if (request.body().isPresent()) built.header("Content-Type", "application/json");
        request.authorization().ifPresent(text -> {
            if (!HEADER.matcher(text).matches())
                throw failure(
                        Kind.REFUSED,
                        request,
                        "its user, password or token holds signs that no header may hold: correct it in the"
                                + " configuration (letters of western Europe, digits and ASCII signs are accepted)",
                        null);
            built.header("Authorization", text);
        });
        var reply = http.sendAsync(built.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_REPLY));
        try {
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw failure(Kind.UNREACHABLE, request, "no whole reply within " + timeout, e);
        } catch (ExecutionException e) {
            throw failure(Kind.UNREACHABLE, request, e.getCause().toString(), e);
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(Kind.UNREACHABLE, request, "interrupted", e);
        }
    }

    private static BodyPublisher body(Request request) {
        return request.body()
                .map(body -> BodyPublishers.ofString(body.toString()))
                .orElseGet(BodyPublishers::noBody);
    }

    private URI uri(Request request) {
        try {
            var plain = uri(address, request.path());
            return request.query().isEmpty()
                    ? plain
                    : URI.create(plain + "?" + request.query().get());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(device + ": not an address for HTTP: " + address, e);
        }
    }

    private static URI uri(InetSocketAddress address, String path) throws URISyntaxException {
        return new URI("http", null, address.getHostString(), address.getPort(), path, null, null);
    }

    /**
     * A number of a reply, in the bounds in which it is believed: 1e999 is JSON too, and is read as infinity.
     *
     * @param pointer as of RFC 6901, such as /aenergy/total
     * @throws DeviceException if it is missing, no number or beyond
     */
    public double number(Request request, JsonNode reply, String pointer, double lowest, double highest) {
        var value = reply.at(pointer);
        if (!value.isNumber())
            throw failure(Kind.GARBLED, request, "no number at " + pointer + ": " + quote(reply.toString()), null);
        double number = value.doubleValue();
        if (!(number >= lowest && number <= highest))
            throw failure(
                    Kind.GARBLED,
                    request,
                    pointer + " is " + number + " (believed from " + lowest + " to " + highest + ")",
                    null);
        return number;
    }

    /** @param cause may be null */
    public DeviceException failure(Kind kind, Request request, String what, Throwable cause) {
        return new DeviceException(
                kind,
                request + " on " + device + " at " + address.getHostString() + ":" + address.getPort() + ": " + what,
                cause);
    }

    /** For messages: printable and short. */
    public static String quote(String text) {
        var printable = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (printable.length() > QUOTED ? printable.substring(0, QUOTED) + "…" : printable) + "\"";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
