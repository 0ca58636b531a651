package org.athanor.devices.http;

import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.athanor.devices.Credentials;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.braiins.BraiinsHeater;
import org.athanor.devices.homeassistant.HomeAssistantAccess;
import org.athanor.devices.vnish.VnishHeater;
import org.athanor.devices.vnish.VnishLevel;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device gives, or its owner wrote, to be put into a header. */
class TokensTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private HttpServer server;
    private Map<String, String> replies = Map.of();

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var reply = replies.get(exchange.getRequestURI().getPath());
                var body = (reply == null ? "{}" : reply).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
                exchange.sendResponseHeaders(reply == null ? 401 : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0001", "a\\r\\nX: y", "\\u0416", "\\ud83d\\ude00", "two words", ""})
    void aTokenThatNoHeaderMayHoldIsGarbage(String token) {
        replies = Map.of(
                "/api/v1/auth/login",
                "{\"token\":\"" + token + "\"}",
                "/api/v1/unlock",
                "{\"token\":\"" + token + "\"}",
                "/api/v1/info",
                "{\"fw_version\":\"1.3.4\"}",
                "/api/v1/summary",
                "{\"miner\":{\"miner_status\":{\"miner_state\":\"mining\"}}}");
        try (var braiins = new BraiinsHeater(
                        "s19",
                        "S19",
                        List.of(1000),
                        new Watts(3000),
                        Credentials.DEFAULT,
                        server.getAddress(),
                        TIMEOUT);
                var vnish = new VnishHeater(
                        "s21",
                        "S21",
                        List.of(VnishLevel.throttled(100, new Watts(3000))),
                        new Watts(3000),
                        "admin",
                        server.getAddress(),
                        TIMEOUT)) {
            assertMentions(assertFails(Kind.GARBLED, braiins::read), "POST /api/v1/auth/login on s19", "token");
            assertMentions(assertFails(Kind.GARBLED, () -> vnish.setLevel(0)), "POST /api/v1/unlock on s21", "token");
        }
    }

    @Test
    void aTokenIsVisibleAsciiOfBoundedLength() {
        assertTrue(JsonHttp.isToken("eyJhbGciOi.J9-_~=/+"));
        assertTrue(JsonHttp.isToken("x".repeat(4096)));
        assertFalse(JsonHttp.isToken("x".repeat(4097)));
        for (var wrong : List.of("", " ", "a b", "a\u007f", "\u00e9"))
            assertThrows(
                    IllegalArgumentException.class, () -> HomeAssistantAccess.of(server.getAddress(), wrong), wrong);
    }

    @Test
    void aUserThatNoHeaderMayHoldIsRefusedRatherThanTheEndOfTheProgram() {
        var russian = new Credentials("\u0416", "secret");
        assertThrows(IllegalArgumentException.class, () -> new DigestHttp("s9", server.getAddress(), TIMEOUT, russian));
        try (var http = new JsonHttp("s9", server.getAddress(), TIMEOUT)) {
            assertMentions(
                    assertFails(
                            Kind.REFUSED,
                            () -> http.json(
                                    JsonHttp.Request.get("/cgi-bin/x.cgi").authorized("Digest \u0416"))),
                    "GET /cgi-bin/x.cgi on s9",
                    "no header may hold");
        }
    }
}
