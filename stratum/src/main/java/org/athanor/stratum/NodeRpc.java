package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.stratum.NodeException.Kind;

/** JSON-RPC of a Bitcoin node over HTTP. Answers are bounded in size and time. Any number of threads may call. */
final class NodeRpc implements AutoCloseable {
    /** A template of 4 MB of transactions is some 9 MB of JSON. */
    static final long LARGEST_REPLY = 32_000_000;

    private final URI node;
    private final NodeCredentials credentials;
    private final HttpClient client;
    private final AtomicLong ids = new AtomicLong();
    private volatile String authorization;

    /** @param node without user and password */
    NodeRpc(URI node, NodeCredentials credentials, Duration connectTimeout) {
        this.node = node;
        this.credentials = credentials;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // nobody but the node must get the credentials
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    URI node() {
        return node;
    }

    /**
     * @param params a JSON array
     * @throws NodeException if there is no answer in time, or the answer is an error
     */
    JsonNode call(String method, String params, Duration timeout) {
        return result(method, post(method, params, timeout));
    }

    /** The answer's bytes, whatever they are. */
    Reply post(String method, String params, Duration timeout) {
        var used = authorization;
        if (used == null) used = authorize();
        var reply = send(method, params, timeout, used);
        if (reply.status() != 401) return reply;
        var fresh = authorize(); // a node that started again has a new cookie
        return fresh.equals(used) ? reply : send(method, params, timeout, fresh);
    }

    private String authorize() {
        String secret;
        try {
            secret = credentials.userAndPassword();
        } catch (NodeException e) {
            throw e;
        } catch (RuntimeException e) { // without its message, which may hold them
            throw new NodeException(
                    Kind.UNREACHABLE, "no credentials: " + e.getClass().getName());
        }
        authorization = "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        return authorization;
    }

    /**
     * Sends it a second time if the connection ended before an answer: a node closes connections that have been idle for
     * a while, and may do so at the very moment. All that is asked here may be asked twice.
     */
    private Reply send(String method, String params, Duration timeout, String authorized) {
        try {
            return sendOnce(method, params, timeout, authorized);
        } catch (NodeException e) {
            if (!(e.getCause() instanceof IOException) || e.getCause() instanceof ConnectException) throw e;
            return sendOnce(method, params, timeout, authorized);
        }
    }

    private Reply sendOnce(String method, String params, Duration timeout, String authorized) {
        var body = "{\"jsonrpc\":\"1.0\",\"id\":" + ids.incrementAndGet() + ",\"method\":\"" + method + "\",\"params\":"
                + params + "}";
        var request = HttpRequest.newBuilder(node)
                .header("Authorization", authorized)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_REPLY));
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new NodeException(Kind.UNREACHABLE, method + " at " + node + ": no answer within " + timeout, e);
        } catch (ExecutionException e) {
            throw new NodeException(Kind.UNREACHABLE, method + " at " + node + ": " + why(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new NodeException(Kind.UNREACHABLE, method + " at " + node + ": interrupted", e);
        }
    }

    private static String why(Throwable cause) {
        if (cause instanceof ConnectException && cause.getMessage() == null) return "nobody listens there";
        var message = cause.getMessage();
        return cause instanceof IOException && message != null ? Json.clean(message) : cause.toString();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, byte[] body) {}

    /** The result that an answer holds, or the error as an exception. Pure. */
    static JsonNode result(String method, Reply reply) {
        switch (reply.status()) {
            case 401 ->
                throw new NodeException(
                        Kind.CREDENTIALS, method + ": the node does not accept these credentials (HTTP 401)");
            case 403 ->
                throw new NodeException(
                        Kind.CREDENTIALS,
                        method + ": the node does not let this computer ask (HTTP 403; rpcallowip in bitcoin.conf)");
            default -> {}
        }
        var object = Json.object(reply.body());
        if (object.isEmpty()) {
            if (reply.status() == 503)
                throw new NodeException(Kind.ERROR, method + ": the node is too busy (HTTP 503)");
            throw new NodeException(
                    Kind.NONSENSE,
                    method + ": no JSON object but " + reply.body().length + " bytes with HTTP " + reply.status()
                            + "; is this a Bitcoin node's RPC port?");
        }
        var error = object.get().get("error");
        if (error != null && !error.isNull()) {
            int code = error.path("code").asInt(0);
            var message = error.isObject() ? Json.clean(error.get("message")) : Json.clean(error);
            throw new NodeException(code, method + ": " + message + " (error " + code + ")");
        }
        var result = object.get().get("result");
        if (result == null)
            throw new NodeException(
                    Kind.NONSENSE, method + ": an answer with neither result nor error, HTTP " + reply.status());
        return result;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
