package org.athanor.devices.shelly;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.http.DigestHttp;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;

/** Calls of Shelly's HTTP RPC, with a password where the device has one: then by digest with SHA-256, as its documentation says. */
final class ShellyRpc implements AutoCloseable {
    /** The only user that these devices know. */
    private static final String USER = "admin";

    private static final Map<Integer, String> REFUSALS = Map.of(401, "it has a password: configure it");

    private final JsonHttp http;
    private final Optional<DigestHttp> authenticated;

    /**
     * @param password empty where it has none
     * @param timeout of one call with its answer; a password that must be proven anew takes two
     */
    ShellyRpc(String id, InetSocketAddress address, Optional<String> password, Duration timeout) {
        this.http = new JsonHttp(id, address, timeout);
        this.authenticated = password.map(word -> new DigestHttp(id, address, timeout, new Credentials(USER, word)));
    }

    static Request call(String method) {
        return Request.get("/rpc/" + method);
    }

    static Request call(String method, String query) {
        return Request.get("/rpc/" + method, query);
    }

    /** @throws DeviceException if there is no answer, an error, or nothing that is JSON */
    JsonNode json(Request request) {
        return authenticated.isPresent() ? authenticated.get().json(request) : http.json(request, REFUSALS);
    }

    /** As {@link JsonHttp#number}. */
    double number(Request request, JsonNode reply, String pointer, double lowest, double highest) {
        return http.number(request, reply, pointer, lowest, highest);
    }

    /** @param cause may be null */
    DeviceException failure(Kind kind, Request request, String what, Throwable cause) {
        return http.failure(kind, request, what, cause);
    }

    @Override
    public void close() {
        http.close();
        authenticated.ifPresent(DigestHttp::close);
    }
}
