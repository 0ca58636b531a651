package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.MailboxException.Kind;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.Throttle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is broken, or means ill, and always wants more of an object. */
@Timeout(60)
class EndlessCoordinatorTest {
    private static final byte[] OBJECT = new byte[3_000_000];
    private static final int REDIRECT = 307;

    @TempDir
    static Path shared;

    private static ServerIdentity identity;

    private HttpsServer coordinator;
    private HttpServer store;
    private CoordinatorClient client;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicLong stored = new AtomicLong();
    private volatile Messages.Place place = Messages.Place.HERE;
    private volatile String offset = "0";
    private volatile boolean turnsAway = true;

    @BeforeAll
    static void makeCertificate() throws Exception {
        identity = ServerIdentity.in(shared);
    }

    @BeforeEach
    void start() throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        coordinator = HttpsServer.create(loopback, 5);
        coordinator.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        coordinator.createContext("/", this::answer);
        coordinator.start();
        store = HttpServer.create(loopback, 5);
        store.createContext("/", exchange -> {
            try (exchange) {
                stored.addAndGet(exchange.getRequestBody().readAllBytes().length);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        store.start();
        client = new CoordinatorClient(
                URI.create("https://127.0.0.1:" + coordinator.getAddress().getPort()),
                identity.sha256(),
                new Throttle(0),
                new Throttle(0));
    }

    @AfterEach
    void stop() {
        client.close();
        coordinator.stop(0);
        store.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    asked.incrementAndGet();
                    var body = Messages.bytes(place);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
                case "HEAD" -> {
                    exchange.getResponseHeaders().set("Upload-Offset", offset);
                    exchange.sendResponseHeaders(200, -1);
                }
                default -> {
                    sent.incrementAndGet();
                    exchange.sendResponseHeaders(turnsAway ? REDIRECT : 200, -1);
                }
            }
        }
    }

    private Messages.Piece piece(long from, long bytes) {
        return new Messages.Piece(
                from, bytes, "http://127.0.0.1:" + store.getAddress().getPort() + "/object", Map.of());
    }

    private void ends(String reason) {
        var failed = assertThrows(MailboxException.class, () -> client.put(OBJECT));
        assertEquals(Kind.GARBLED, failed.kind());
        assertEquals("the coordinator " + reason.replace("HASH", ObjectStore.hash(OBJECT)), failed.getMessage());
    }

    private static final String ENDLESS = "asks without end for pieces of object HASH, which has 3000000 bytes";

    @Test
    void anObjectIsNotBroughtMoreThanTwice() {
        place = new Messages.Place(false, List.of(piece(0, OBJECT.length)), true);
        ends(ENDLESS);
        assertEquals(2L * OBJECT.length, stored.get());
    }

    @Test
    void norInMorePiecesThanStoresTake() {
        place = new Messages.Place(false, Collections.nCopies(10_000, piece(5, 1)), true);
        ends(ENDLESS);
        assertTrue(stored.get() < 10, "pieces: " + stored.get());
    }

    @Test
    void norIsItAskedForEverWhatIsMissing() {
        place = new Messages.Place(false, List.of(), true);
        ends(ENDLESS);
        assertTrue(asked.get() < 10, "asked: " + asked.get());
    }

    @Test
    void whoSendsAWorkerBackAndForthIsNotFollowedForEver() {
        ends("neither takes object HASH nor says where it belongs");
        assertTrue(sent.get() < 5 && asked.get() < 5, sent.get() + " and " + asked.get());
    }

    /** What was sent is asked for when it is sent again. */
    @Test
    void nonsenseOfWhatHasComeIsNothing() throws Exception {
        turnsAway = false;
        client.put(OBJECT);
        var pieces = sent.get();
        for (var nonsense : List.of("-5", "all of it", "9".repeat(30), "3000001")) {
            offset = nonsense;
            client.put(OBJECT);
            assertEquals(2 * pieces, sent.getAndSet(pieces), nonsense);
        }
        offset = "3000000";
        client.put(OBJECT);
        assertEquals(pieces, sent.get(), "all has come");
    }
}
