package org.athanor.devices.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.http.JsonHttp.Request;

/** Requests to a device that wants HTTP digest authentication (RFC 7616), which the JDK's client does not do. */
public final class DigestHttp implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JsonHttp http;
    private final Credentials credentials;
    private Optional<DigestChallenge> challenge = Optional.empty();
    private int uses;

    /**
     * @param device its id, for messages
     * @param timeout of one request with its whole reply
     * @throws IllegalArgumentException as {@link JsonHttp}, and for a user as of {@link #user}
     */
    public DigestHttp(String device, InetSocketAddress address, Duration timeout, Credentials credentials) {
        this.http = new JsonHttp(device, address, timeout);
        this.credentials = credentials;
        user(credentials.user());
    }

    /**
     * A user whom the header of a request can name.
     *
     * @throws IllegalArgumentException for a name with quotes, line breaks or signs beyond ASCII
     */
    public static String user(String name) {
        if (!name.matches("[ !#-\\[\\]-~]*"))
            throw new IllegalArgumentException(
                    "user " + JsonHttp.quote(name) + " (ASCII without quotes and line breaks is accepted)");
        return name;
    }

    /**
     * Answers the device's challenge, as often as it makes a new one of it.
     *
     * @throws DeviceException of kind REFUSED for a wrong user or password; otherwise as {@link JsonHttp#json}
     */
    public synchronized JsonNode json(Request request) {
        if (challenge.isPresent()) {
            var reply = http.reply(authorized(request, challenge.get()));
            if (!reply.unauthorized()) return http.parsed(request, reply);
            challenge = challenge(request, reply); // the last one has run out
        } else {
            var reply = http.reply(request);
            if (!reply.unauthorized()) return http.parsed(request, reply);
            challenge = challenge(request, reply);
        }
        var reply = http.reply(authorized(request, challenge.get()));
        if (!reply.unauthorized()) return http.parsed(request, reply);
        challenge = Optional.empty();
        throw http.failure(
                Kind.REFUSED,
                request,
                "user " + JsonHttp.quote(credentials.user())
                        + " or its password is wrong: correct it in the configuration",
                null);
    }

    private Optional<DigestChallenge> challenge(Request request, JsonHttp.Reply reply) {
        uses = 0;
        var header = reply.challenge().orElse("");
        return Optional.of(DigestChallenge.parse(header)
                .orElseThrow(() -> http.failure(
                        Kind.REFUSED,
                        request,
                        "it wants to be asked in a way that is not known here: WWW-Authenticate is "
                                + JsonHttp.quote(header) + " (Digest with MD5 or SHA-256 is known)",
                        null)));
    }

    private Request authorized(Request request, DigestChallenge from) {
        var clientNonce = new byte[8];
        RANDOM.nextBytes(clientNonce);
        uses++;
        return request.authorized(from.answer(
                request.method(),
                request.target(),
                credentials,
                uses,
                HexFormat.of().formatHex(clientNonce)));
    }

    /** @param cause may be null */
    public DeviceException failure(Kind kind, Request request, String what, Throwable cause) {
        return http.failure(kind, request, what, cause);
    }

    @Override
    public void close() {
        http.close();
    }
}
