package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.athanor.training.data.DataKey;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.MailboxException.Kind;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.Throttle;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.receipts.WorkClaim;
import org.athanor.training.rounds.RoundRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker's client before a real coordinator, over TLS on this computer. */
@Timeout(60)
class CoordinatorServerTest {
    private static final RoundRules RULES =
            new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
    private static final Messages.Join REQUEST = new Messages.Join("test", "", "");

    @TempDir
    Path folder;

    private JobSpec spec;

    @TempDir
    static Path shared;

    private static ServerIdentity identity;
    private TokenMembership membership;
    private Coordinator coordinator;
    private CoordinatorServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void makeCertificate() throws Exception {
        identity = ServerIdentity.in(shared);
    }

    @BeforeEach
    void start() throws Exception {
        spec = TinyJob.in(folder, 3);
        membership = new TokenMembership(folder, identity.sha256());
        coordinator = Coordinator.start(folder, RULES, InstantSource.system(), (round, last, weights) -> null);
        server = CoordinatorServer.start(loopback(), identity, coordinator, membership);
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : opened) each.close();
        server.close();
        coordinator.close();
    }

    private <T extends AutoCloseable> T open(T what) {
        opened.add(what);
        return what;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private CoordinatorClient client(int port, String certificate, Throttle up, Throttle down) {
        var client = new CoordinatorClient(URI.create("https://127.0.0.1:" + port), certificate, up, down);
        opened.add(client);
        return client;
    }

    private CoordinatorClient client() {
        return client(server.address().getPort(), identity.sha256(), new Throttle(0), new Throttle(0));
    }

    private CoordinatorClient member(CoordinatorClient client) throws Exception {
        client.join(membership.invite().secret(), REQUEST);
        return client;
    }

    private static MailboxException fails(Kind kind, String reason, org.junit.jupiter.api.function.Executable talk) {
        var failed = assertThrows(MailboxException.class, talk);
        assertEquals(kind, failed.kind(), failed.getMessage());
        assertTrue(failed.getMessage().contains(reason), failed.getMessage());
        return failed;
    }

    @Test
    void whoGoesOnWithAJobGoesOnCountingItsTraffic() throws Exception {
        member(client()).get(spec.shards().getFirst().hash(), 400);
        server.close();
        var before = server.traffic();
        assertTrue(before.up() > 0 && before.down() > 0 && before.datasetDown() > 400);
        server = CoordinatorServer.start(loopback(), identity, coordinator, membership);
        assertEquals(before.up(), server.traffic().up());
        assertEquals(before.down(), server.traffic().down());
        assertEquals(before.datasetDown(), server.traffic().datasetDown());
    }

    @Test
    void whatStrangersSayIsNoTrafficOfTheJob() throws Exception {
        var head =
                "POST /v1/join HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer nobody\r\nContent-Length: 2000000000\r\n\r\n";
        try (var socket = open(connect(server.address().getPort()))) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[5 << 20]);
            socket.getOutputStream().flush();
            var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
        } catch (IOException closed) {
            // it need not be heard to its end
        }
        assertEquals(0, server.traffic().up());
        member(client()).state(-1);
        for (var waited = 0; server.traffic().up() < 400; waited++) {
            assertTrue(
                    waited < 200,
                    "what its member said is counted when it is answered: "
                            + server.traffic().up());
            Thread.sleep(20);
        }
        assertTrue(
                server.traffic().up() < 4000,
                "of its member: " + server.traffic().up());
        server.close();
        Files.writeString(folder.resolve("traffic"), "");
        server = CoordinatorServer.start(loopback(), identity, coordinator, membership);
        assertEquals(0, server.traffic().up(), "a job does not end for a statistic that a power cut spoilt");
    }

    @Test
    void aRoundGoesOverTheLine() throws Exception {
        var client = client();
        var joined = client.join(membership.invite().secret(), REQUEST);
        assertEquals(spec, joined.job());
        assertEquals("worker-1", joined.worker());
        var shard = spec.shards().getFirst();
        assertEquals(400, client.get(shard.hash(), 400).length);
        var before = client.state(-1);
        var update = TinyJob.update(spec, "worker-1", 0);
        assertEquals(ObjectStore.hash(update), client.put(update));
        assertTrue(client.deliver(0, TinyJob.told(update)).counts());
        var after = client.state(before.round());
        assertEquals(1, after.round());
        assertEquals(after.since(0), client.state(-1, 0));
        assertEquals(List.of(), client.state(-1, 1).changes(), "it has all there is");
        assertEquals(after, client.state(-1, 2), "what never was is no reason to leave out what is");
        var asked = System.nanoTime();
        assertEquals(after, client.state(2, 2), "who was in a round that never was");
        assertTrue(
                System.nanoTime() - asked
                        < CoordinatorClient.LONG_POLL.dividedBy(2).toNanos(),
                "hears so at once");
        var change = after.changes().getLast();
        assertEquals(change.bytes(), client.get(change.hash(), change.bytes()).length);
        assertTrue(server.traffic().up() > update.length && server.traffic().down() > change.bytes());
        assertTrue(server.traffic().datasetDown() > 400 && server.traffic().datasetDown() < 800);
    }

    @Test
    void whoJoinsAnEncryptedJobGetsItsKeyAndNobodyElse() throws Exception {
        var key = DataKey.fresh();
        coordinator.folder().write(key);
        var rights = Files.getPosixFilePermissions(folder.resolve("data.key"));
        assertEquals(PosixFilePermissions.fromString("rw-------"), rights);
        var joined = client().join(membership.invite().secret(), REQUEST);
        assertEquals(key, joined.dataKey());
        assertFalse(
                joined.toString().contains(key.base64()) || joined.toString().contains(joined.key()));
        assertFalse(Files.readString(folder.resolve("job.json")).contains(key.base64()));
        assertFalse(Files.readString(folder.resolve("members.jsonl")).contains(key.base64()));
        fails(Kind.REFUSED, "not good", () -> client().join("guess", REQUEST));
    }

    /** Then the job's state tells what is there instead. */
    @Test
    void whatIsNotThereAnyMoreIsGoneAndNotRefused() throws Exception {
        var client = member(client());
        fails(Kind.GONE, "there is no object", () -> client.get("ab".repeat(32), 5));
        var beats = 20; // what was sent last may be counted a moment later
        var before = server.traffic().down();
        for (var beat = 0; beat < beats; beat++) {
            client.beat(TinyJob.trains(0));
        }
        assertTrue(server.traffic().down() - before < (beats + 1) * 300L, "a beat is answered with next to nothing");
    }

    @Test
    void aTokenLetsOneWorkerInAndStrangersLearnNothing() throws Exception {
        var token = membership.invite();
        client().join(token.secret(), REQUEST);
        fails(Kind.REFUSED, "was used already", () -> client().join(token.secret(), REQUEST));
        fails(Kind.REFUSED, "not good", () -> client().join("guess", REQUEST));
        fails(Kind.REFUSED, "no member of the job", () -> client().state(-1));
        fails(
                Kind.REFUSED,
                "no member",
                () -> client().get(spec.shards().getFirst().hash(), 400));
        fails(Kind.REFUSED, "no member", () -> client().put(new byte[10]));
    }

    @Test
    void whoseAnswerWasLostJoinsAgainAsTheSameAndNobodyElse() throws Exception {
        var token = membership.invite().secret();
        var keys = Ed25519.fresh();
        var publicKey = Ed25519.text(keys.getPublic());
        var request = Messages.Join.proving(token, "test", publicKey, keys.getPrivate(), "");
        var lost = client().join(token, request);
        var again = client();
        assertEquals(lost, again.join(token, request));
        assertEquals(0, again.state(-1).round(), "its key is good");
        var restarted = new TokenMembership(folder, identity.sha256());
        assertEquals(lost.key(), restarted.join(token, request).orElseThrow().key(), "also after a restart");
        assertEquals(
                1,
                Files.readAllLines(folder.resolve("members.jsonl")).stream()
                        .filter(line -> line.contains("worker-"))
                        .count());

        var others = Ed25519.fresh();
        for (var stranger : List.of(
                Messages.Join.proving(token, "test", Ed25519.text(others.getPublic()), others.getPrivate(), ""),
                Messages.Join.proving(token, "test", publicKey, others.getPrivate(), ""),
                new Messages.Join("test", publicKey, ""),
                new Messages.Join(
                        "test",
                        publicKey,
                        "",
                        Messages.Join.proving("x", "", publicKey, keys.getPrivate(), "")
                                .proof()))) {
            fails(Kind.REFUSED, "was used already", () -> client().join(token, stranger));
        }
        var other = membership.invite().secret();
        var second = client().join(other, Messages.Join.proving(other, "test", publicKey, keys.getPrivate(), ""));
        assertEquals("worker-2", second.worker(), "another token is another worker");
        assertFalse(second.key().equals(lost.key()));
        var rights = Files.getPosixFilePermissions(folder.resolve("members.secret"));
        assertEquals(PosixFilePermissions.fromString("rw-------"), rights);
        var kept = Files.readString(folder.resolve("members.jsonl"));
        assertFalse(kept.contains(lost.key()) || kept.contains(token), "secrets are kept as hashes");
        assertFalse(restarted.join(token, request).toString().contains(lost.key()));
    }

    @Test
    void membersAndTokensOutliveARestartAndALineCutShort() throws Exception {
        var client = client();
        var key = client.join(membership.invite().secret(), REQUEST).key();
        var unused = membership.invite();
        Files.writeString(folder.resolve("members.jsonl"), "{\"worker\": \"wor", StandardOpenOption.APPEND);
        var again = new TokenMembership(folder, identity.sha256());
        assertEquals("worker-1", again.worker(key).orElseThrow());
        var second = again.join(unused.secret(), REQUEST).orElseThrow();
        assertEquals("worker-2", second.worker());
        var third = new TokenMembership(folder, identity.sha256());
        assertEquals("worker-2", third.worker(second.key()).orElseThrow());
        assertTrue(third.join(unused.secret(), REQUEST).isEmpty(), "was used");
        assertFalse(Files.readString(folder.resolve("members.jsonl")).contains(key), "keys are kept as hashes");
    }

    /** A line that a full disk cut short is not at the end when the next one comes. */
    @Test
    void whoJoinsAfterALineCutShortIsKnownAfterARestartAndNobodyElseGetsItsName() throws Exception {
        var tokens = List.of(membership.invite(), membership.invite(), membership.invite());
        assertTrue(membership.join(tokens.get(0).secret(), REQUEST).isPresent());
        var file = folder.resolve("members.jsonl");
        // in the middle of a letter of two bytes
        Files.write(file, "{\"name\": \"J\u00f6".getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.APPEND);
        var second = membership.join(tokens.get(1).secret(), REQUEST).orElseThrow();
        var third = membership.join(tokens.get(2).secret(), REQUEST).orElseThrow();
        var again = new TokenMembership(folder, identity.sha256());
        assertEquals("worker-2", again.worker(second.key()).orElseThrow());
        assertEquals("worker-3", again.worker(third.key()).orElseThrow());
        assertEquals(
                "worker-4",
                again.join(again.invite().secret(), REQUEST).orElseThrow().worker());

        Files.writeString(
                file, Files.readString(file, StandardCharsets.ISO_8859_1).replaceAll("(?m)^.*worker-2.*\n", ""));
        var lost = new TokenMembership(folder, identity.sha256());
        assertEquals(
                "worker-5",
                lost.join(lost.invite().secret(), REQUEST).orElseThrow().worker(),
                "no name twice");
    }

    @Test
    void anotherCertificateIsNotTalkedTo() throws Exception {
        var stranger = JoinToken.fresh("ab".repeat(32));
        var client = client(server.address().getPort(), stranger.certificate(), new Throttle(0), new Throttle(0));
        fails(
                Kind.UNREACHABLE,
                "not the coordinator that gave out the token",
                () -> client.join(membership.invite().secret(), REQUEST));
        assertEquals(identity.sha256(), ServerIdentity.in(shared).sha256(), "the certificate is kept over restarts");
    }

    /** To a worker whose clock is years behind or ahead, the coordinator's certificate is not yet or no longer valid. */
    @ParameterizedTest
    @ValueSource(strings = {"+3650d", "-3650d"})
    void aWorkerWhoseClockIsWrongFindsItsCoordinatorAllTheSame(String begins, @TempDir Path other) throws Exception {
        ServerIdentity.in(other);
        var keys = other.resolve("identity.p12");
        var password = other.resolve("identity.password");
        Files.delete(keys);
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=Athanor",
                        "-validity",
                        "10",
                        "-startdate",
                        begins,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass:file",
                        password.toString())
                .inheritIO()
                .start();
        assertEquals(0, made.waitFor());
        var skewed = ServerIdentity.in(other);
        try (var second = CoordinatorServer.start(loopback(), skewed, coordinator, membership)) {
            var client = client(second.address().getPort(), skewed.sha256(), new Throttle(0), new Throttle(0));
            assertEquals(0, member(client).state(-1).round());
        }
    }

    @Test
    void aFetchGoesOnWhereTheLineBroke() throws Exception {
        var object = new byte[300_000];
        new Random(2).nextBytes(object);
        try (var line = new BreakingLine(server.address(), 120_000)) {
            var client = member(client(line.port(), identity.sha256(), new Throttle(0), new Throttle(0)));
            var hash = client.put(object);
            assertArrayEquals(object, client.get(hash, object.length));
            assertTrue(line.connections() > 2, "connections: " + line.connections());
            assertTrue(
                    server.traffic().down() < 3L * object.length,
                    "what had come is not fetched again: " + server.traffic().down());
        }
    }

    @Test
    void anObjectGoesToAFileWithoutFollowingALink() throws Exception {
        var object = new byte[300_000];
        new Random(4).nextBytes(object);
        var outside = Files.writeString(shared.resolve("outside"), "old");
        var file = Files.createSymbolicLink(shared.resolve("fetched"), outside);
        try (var line = new BreakingLine(server.address(), 120_000)) {
            var client = member(client(line.port(), identity.sha256(), new Throttle(0), new Throttle(0)));
            var hash = client.put(object);
            client.get(hash, object.length, file);
            assertArrayEquals(object, Files.readAllBytes(file));
            assertEquals("old", Files.readString(outside));
            fails(Kind.GARBLED, "longer than its 10 bytes", () -> client.get(hash, 10, file));
            fails(Kind.GARBLED, "none for memory", () -> client.get(hash, -1));
            fails(Kind.GARBLED, "none for memory", () -> client.get(hash, 1L << 31));
            assertThrows(IOException.class, () -> client.get(hash, object.length, shared.resolve("nowhere/file")));
        }
    }

    @Test
    void aCoordinatorThatNeverStopsTalkingIsNotListenedTo() throws Exception {
        var talkative = HttpsServer.create(loopback(), 5);
        talkative.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        talkative.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                var piece = new byte[1 << 16];
                for (var sent = 0; sent < 1 << 10; sent++) {
                    exchange.getResponseBody().write(piece);
                }
            }
        });
        talkative.start();
        try {
            var client = client(talkative.getAddress().getPort(), identity.sha256(), new Throttle(0), new Throttle(0));
            fails(Kind.GARBLED, "more than 4194304 bytes at once", () -> client.state(-1));
        } finally {
            talkative.stop(0);
        }
    }

    @Test
    void anUploadGoesOnAfterTheLineBroke() throws Exception {
        var update = new byte[200_000];
        new Random(3).nextBytes(update);
        try (var line = new BreakingLine(server.address(), Integer.MAX_VALUE)) {
            var client = member(client(line.port(), identity.sha256(), new Throttle(60_000), new Throttle(0)));
            line.limitUp(110_000);
            fails(Kind.UNREACHABLE, "", () -> client.put(update));
            var hash = ObjectStore.hash(update);
            var came = coordinator.folder().objects().received(hash);
            assertTrue(came >= 60_000 && came < update.length, "came: " + came);
            line.limitUp(Integer.MAX_VALUE);
            // a worker that was killed in between does not know what came
            var anew = client(server.address().getPort(), identity.sha256(), new Throttle(0), new Throttle(0));
            assertEquals(hash, member(anew).put(update));
            assertArrayEquals(update, coordinator.folder().objects().read(hash));
        }
    }

    @Test
    void whatIsRefusedOrNotNeededDoesNotFillTheDisk() throws Exception {
        var client = member(client());
        var update = TinyJob.update(spec, "worker-1", 0);
        client.put(update);
        assertFalse(client.deliver(2, TinyJob.told(update)).counts(), "round 2 is not open");
        assertFalse(coordinator.folder().objects().has(ObjectStore.hash(update)));
        client.put(update);
        assertTrue(client.deliver(0, TinyJob.told(update)).counts());
        var shard = spec.shards().getFirst().hash();
        var foreign = new Messages.Update(shard, TinyJob.STEPS, List.of(2.0, 1.0), 0.5, null);
        assertFalse(client.deliver(1, foreign).counts());
        assertTrue(coordinator.folder().objects().has(shard), "what others need stays");
        var others = client.put(new byte[97]);
        var hoarder = member(client());
        for (var number = 0; number < 6; number++) {
            hoarder.put(new byte[] {(byte) number, 1, 2, 3});
        }
        var seventh = hoarder.put(new byte[99]);
        var objects = coordinator.folder().objects();
        assertFalse(objects.has(ObjectStore.hash(new byte[] {0, 1, 2, 3})), "the oldest made room");
        assertTrue(objects.has(ObjectStore.hash(new byte[] {1, 1, 2, 3})) && objects.has(seventh));
        assertTrue(objects.has(others), "nobody else's");
        assertEquals(ObjectStore.hash(new byte[98]), client.put(new byte[98]), "another may send");
    }

    @Test
    void whatIsTooLongOrDamagedIsRefused() throws Exception {
        var client = member(client());
        fails(Kind.REFUSED, "at most", () -> client.put(new byte[5 << 20]));
        var hash = client.put(new byte[1000]);
        fails(Kind.GARBLED, "longer than its 10 bytes", () -> client.get(hash, 10));
        Files.write(coordinator.folder().objects().file(hash), new byte[1001]);
        fails(Kind.UNREACHABLE, hash + " is damaged", () -> client.get(hash, 1000));
        fails(Kind.GONE, "no object", () -> client.get("0".repeat(64), 1000));
    }

    /** A router that starts anew: what has come of a large object is not fetched again. */
    @Test
    void aDownloadGoesOnWhereItBrokeAlsoAfterAWhile() throws Exception {
        var object = new byte[400_000];
        new Random(1).nextBytes(object);
        var asked = new CopyOnWriteArrayList<String>();
        var flaky = HttpsServer.create(loopback(), 5);
        flaky.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        flaky.createContext("/", exchange -> {
            var range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(String.valueOf(range));
            try (exchange) {
                if (asked.size() == 2 || asked.size() == 3) {
                    exchange.sendResponseHeaders(503, -1);
                    return;
                }
                var from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
                exchange.sendResponseHeaders(range == null ? 200 : 206, object.length - from);
                exchange.getResponseBody().write(object, from, asked.size() == 1 ? 150_000 : object.length - from);
                exchange.getResponseBody().flush();
            }
        });
        flaky.start();
        try {
            var client = client(flaky.getAddress().getPort(), identity.sha256(), new Throttle(0), new Throttle(0));
            assertArrayEquals(object, client.get(ObjectStore.hash(object), object.length));
            assertEquals(4, asked.size(), asked.toString());
            assertEquals("null", asked.getFirst());
            assertEquals(1, Set.copyOf(asked.subList(1, 4)).size(), asked.toString());
            assertTrue(asked.getLast().startsWith("bytes=1"), asked.toString());

            asked.clear();
            asked.add("as if one had come");
            fails(Kind.UNREACHABLE, "status 503", () -> client.get(ObjectStore.hash(object), object.length));
        } finally {
            flaky.stop(0);
        }
    }

    /** Of one more member. */
    private String newKey() throws IOException {
        return membership
                .join(membership.invite().secret(), REQUEST)
                .orElseThrow()
                .key();
    }

    @Test
    void aMemberHoldsNoMoreThanEightRequestsAndNoPieceOfFourMebibytes() throws Exception {
        var key = newKey();
        var head = "PUT /v1/objects/%064d HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                + "\r\nContent-Range: bytes 0-%d/%d\r\nContent-Length: %d\r\n\r\n";
        var held = new ArrayList<SSLSocket>();
        for (var number = 0; number < 8; number++) {
            var socket = open(connect(server.address().getPort()));
            socket.getOutputStream()
                    .write(head.formatted(number, 999, 1000, 1000).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            held.add(socket);
        }
        var busy = client();
        busy.use(key);
        var end = System.nanoTime() + 10e9;
        MailboxException refused = null;
        while (refused == null && System.nanoTime() < end) { // until the last of them is being read
            try {
                busy.state(-1);
            } catch (MailboxException full) {
                refused = full;
            }
        }
        assertNotNull(refused, "all requests were answered");
        assertEquals(Kind.UNREACHABLE, refused.kind(), "the worker tries again");
        assertTrue(refused.getMessage().contains("8 requests of this worker"), refused.getMessage());
        assertEquals(0, member(client()).state(-1).round(), "others are answered");
        held.getFirst().close();
        while (true) {
            try {
                assertEquals(0, busy.state(-1).round());
                break;
            } catch (MailboxException full) {
                assertTrue(System.nanoTime() < end, full.getMessage());
            }
        }
        try (var socket = connect(server.address().getPort())) {
            var most = 4 << 20;
            var large = head.formatted(9, most, most + 1, most + 1);
            socket.getOutputStream().write(large.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[most + 1]);
            socket.getOutputStream().flush();
            var line = new byte[12];
            assertEquals(12, socket.getInputStream().readNBytes(line, 0, 12));
            assertEquals("HTTP/1.1 413", new String(line, StandardCharsets.US_ASCII));
        }
    }

    private static final String OTHER = "the coordinator speaks version %s of the protocol and the worker %s:"
            + " update Athanor on the computer of the %s";

    /** What the coordinator answers to {@code POST path}, with its head. */
    private String post(String path, String key, String version, Object message) throws Exception {
        var body = Messages.bytes(message);
        try (var socket = connect(server.address().getPort())) {
            var head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + key
                    + (version == null ? "" : "\r\nAthanor-Protocol: " + version) + "\r\nContent-Length: " + body.length
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return ended(socket);
        }
    }

    @Test
    void anUpdateThatTellsMoreLossesThanARoundHasStepsIsNotEvenRead() throws Exception {
        var key = newKey();
        var hash = ObjectStore.hash(new byte[] {1});
        var told = new Messages.Update(hash, 4, Collections.nCopies(5000, 2.5), 0.5, null);
        answered(400, "such a message has at most", post("/v1/rounds/0/update", key, null, told));
    }

    private static void answered(int status, String reason, String said) {
        assertTrue(said.startsWith("HTTP/1.1 " + status), said);
        assertTrue(said.contains(reason), said);
    }

    @ParameterizedTest
    @CsvSource({"/v2/join, v2, coordinator", "/v0/rounds/0/update, v0, worker"})
    void whoSpeaksAnotherLanguageHearsWhichAndWhoIsBehind(String path, String version, String behind) throws Exception {
        var said = post(path, "secret", null, REQUEST);
        answered(404, OTHER.formatted("v1.3", version, behind), said);

        // a worker passes on what another version's coordinator says, and tries no more
        var refusal = said.substring(said.indexOf("\r\n\r\n") + 4);
        var client = client(saying(404, null, refusal), identity.sha256(), new Throttle(0), new Throttle(0));
        fails(Kind.REFUSED, OTHER.formatted("v1.3", version, behind), () -> client.join("secret", REQUEST));
        fails(Kind.REFUSED, OTHER.formatted("v1.3", version, behind), () -> client.state(-1));
    }

    /** The port of a coordinator that says the same to all. */
    private int saying(int status, String version, String text) throws IOException {
        var other = HttpsServer.create(loopback(), 5);
        other.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        other.createContext("/", exchange -> {
            if (version != null) {
                exchange.getResponseHeaders().set("Athanor-Protocol", version);
            }
            exchange.sendResponseHeaders(status, text.length());
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        other.start();
        open(() -> other.stop(0));
        return other.getAddress().getPort();
    }

    @Test
    void whoSaysThatItIsTooOldForAJobIsNotLetIn() throws Exception {
        var token = membership.invite();
        answered(403, OTHER.formatted("v1.3", "v1", "worker"), post("/v1/join", token.secret(), "v1", REQUEST));
        assertTrue(membership.isGood(token), "an updated worker joins with it");
        var key = client().join(token.secret(), REQUEST).key();
        answered(403, OTHER.formatted("v1.3", "v1", "worker"), post("/v1/beat", key, "v1", TinyJob.trains(0)));
        for (var good : new String[] {null, "v1.3", "v1.4", "nonsense".repeat(1000)}) {
            answered(200, "", post("/v1/beat", key, good, TinyJob.trains(0)));
        }
        answered(
                400,
                OTHER.formatted("v1.3", "v1.4", "coordinator") + " (is no Beat: ",
                post("/v1/beat", key, "v1.4", List.of()));
        answered(400, "\"is no Beat: ", post("/v1/beat", key, "v1.3", List.of()));
    }

    /** To a worker that is older than ids by all that a job is, it has another one. */
    @Test
    void whoSignsForTheJobByAnotherNameHearsThatItIsOlder() throws Exception {
        var keys = Ed25519.fresh();
        var client = client();
        var joined =
                client.join(membership.invite().secret(), new Messages.Join("old", Ed25519.text(keys.getPublic()), ""));
        var update = TinyJob.update(spec, joined.worker(), 0);
        var hash = client.put(update);
        var older = signed(keys.getPrivate(), "ab".repeat(32), joined.worker(), hash);
        var path = "/v1/rounds/0/update";
        answered(403, OTHER.formatted("v1.3", "v1", "worker"), post(path, joined.key(), null, older));
        answered(403, OTHER.formatted("v1.3", "v1.4", "coordinator"), post(path, joined.key(), "v1.4", older));
        assertFalse(coordinator.folder().objects().has(hash), "nobody needs it");
        client.put(update);
        answered(200, "not signed with the key", post(path, joined.key(), "v1.3", older));
        client.put(update);
        var right = signed(keys.getPrivate(), spec.id(), joined.worker(), hash);
        answered(200, "\"counts\":true", post(path, joined.key(), null, right));
    }

    private Messages.Update signed(PrivateKey key, String job, String worker, String hash) {
        var told = TinyJob.told(new byte[0]);
        var tokens = (long) told.steps() * spec.sequences() * spec.model().context();
        var claim = new WorkClaim(job, 0, worker, hash, tokens, null);
        return new Messages.Update(
                hash, told.steps(), told.losses(), told.cpuSeconds(), null, null, Ed25519.sign(key, claim.bytes()));
    }

    @Test
    void whatACoordinatorOfAnotherVersionSaysIsExplainedByThat() throws Exception {
        for (var older : new String[] {null, "v1"}) {
            var client = client(saying(200, older, "{}"), identity.sha256(), new Throttle(0), new Throttle(0));
            fails(
                    Kind.GARBLED,
                    OTHER.formatted("v1", "v1.3", "coordinator") + " (what the coordinator says is no State: ",
                    () -> client.state(-1));
        }
        var newer = client(saying(200, "v1.7", "{}"), identity.sha256(), new Throttle(0), new Throttle(0));
        fails(Kind.GARBLED, OTHER.formatted("v1.7", "v1.3", "worker"), () -> newer.join("secret", REQUEST));
        var same = client(saying(200, "v1.3", "{}"), identity.sha256(), new Throttle(0), new Throttle(0));
        var failed = fails(Kind.GARBLED, "what the coordinator says is no State: ", () -> same.state(-1));
        assertFalse(failed.getMessage().contains("update Athanor"), failed.getMessage());
    }

    @Test
    void aMemberHearsAgainWhatItWasToldAtJoining() throws Exception {
        var client = client();
        var joined = client.join(membership.invite().secret(), REQUEST);
        assertEquals(joined, client.job());
        fails(Kind.REFUSED, "no member", () -> client().job());
    }

    @Test
    void nobodyThereIsNothingToStopFor() throws Exception {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var client = client(port, identity.sha256(), new Throttle(0), new Throttle(0));
        fails(Kind.UNREACHABLE, "cannot be reached", () -> client.state(-1));
    }

    @Test
    void transfersKeepToTheHouseholdsLimit() throws Exception {
        var client = member(
                client(server.address().getPort(), identity.sha256(), new Throttle(200_000), new Throttle(400_000)));
        var update = new byte[150_000];
        new Random(4).nextBytes(update);
        var began = System.nanoTime();
        var hash = client.put(update);
        var up = (System.nanoTime() - began) / 1e9;
        assertTrue(up > 0.45, "150 kB at 200 kB/s took " + up + " s");
        began = System.nanoTime();
        client.get(hash, update.length);
        var down = (System.nanoTime() - began) / 1e9;
        assertTrue(down > 0.1, "150 kB at 400 kB/s took " + down + " s");
    }

    private SSLSocket connect(int port) throws Exception {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    /** What is tried here is the server. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void whoSendsOrReadsAByteAMinuteIsCutOff() throws Exception {
        var key = newKey();
        var object = new byte[4 << 20];
        new Random(5).nextBytes(object);
        var shown = "Host: x\r\nAuthorization: Bearer " + key + "\r\n";
        try (var impatient = CoordinatorServer.start(
                loopback(), identity, coordinator, membership, new Patience(Duration.ofSeconds(2), 2 << 20))) {
            var port = impatient.address().getPort();
            var whole = client(port, identity.sha256(), new Throttle(0), new Throttle(0));
            whole.use(key);
            var hash = whole.put(object); // who is quick is not cut off
            var slowOnes = new ArrayList<SSLSocket>();
            for (var head : List.of(
                    "POST /v1/beat HTTP/1.1\r\n" + shown + "Content-Length: 1000\r\n\r\n{",
                    "POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
                    "PUT /v1/objects/" + "0".repeat(64) + " HTTP/1.1\r\n" + shown
                            + "Content-Range: bytes 0-999/4194304\r\nContent-Length: 1000\r\n\r\nabc")) {
                var slow = open(connect(port));
                slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                slow.getOutputStream().flush();
                slow.setSoTimeout(20_000);
                slowOnes.add(slow);
            }
            for (var slow : slowOnes) {
                assertEquals("", ended(slow));
            }
            try (var slow = connect(port)) {
                // it asks for more than the line holds, and does not read
                var asked = ("GET /v1/objects/" + hash + " HTTP/1.1\r\n" + shown + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                var began = System.nanoTime();
                assertThrows(IOException.class, () -> {
                    while (System.nanoTime() - began < 40e9) {
                        slow.getOutputStream().write(asked);
                        Thread.sleep(100);
                    }
                });
            }
        }
    }

    /** Who has no token needs none to hold a connection. */
    @Test
    @Timeout(180)
    void strangersWhoHoldConnectionsLockNobodyOut() throws Exception {
        var key = newKey();
        var asks = ("GET /v1/state HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var inside = open(connect(server.address().getPort()));
        var flood = new ArrayList<Socket>();
        for (var number = 0; number < 2_100; number++) {
            if (number % 100 == 0) {
                assertTrue(answered(inside, asks), "among " + number);
            }
            var from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + number % 20)});
            try {
                var stranger = open(new Socket());
                stranger.bind(new InetSocketAddress(from, 0));
                stranger.connect(server.address());
                if (number % 2 == 0) {
                    stranger.getOutputStream().write(22); // as a handshake begins
                }
                flood.add(stranger);
            } catch (IOException _) {
                // turned away
            }
        }
        assertTrue(flood.size() > 2_000, flood.size() + " strangers");
        assertEquals(0, member(client()).state(-1).round(), "who comes after them");
        assertTrue(answered(inside, asks), "who was there before keeps its connection");
    }

    /** The whole answer to a request is read. */
    private static boolean answered(SSLSocket socket, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
        var said = new StringBuilder();
        for (var read = socket.getInputStream().read();
                read >= 0;
                read = socket.getInputStream().read()) {
            said.append((char) read);
            var head = said.indexOf("\r\n\r\n");
            if (head > 0) {
                var length =
                        said.toString().toLowerCase(Locale.ROOT).replaceFirst("(?s).*content-length: (\\d+).*", "$1");
                socket.getInputStream().readNBytes(Integer.parseInt(length));
                return said.toString().startsWith("HTTP/1.1 200");
            }
        }
        return false;
    }

    @Test
    void whoNeverEndsAHandshakeOrAHeadIsCutOff() throws Exception {
        try (var impatient = CoordinatorServer.start(
                loopback(), identity, coordinator, membership, new Patience(Duration.ofSeconds(2), 2 << 20))) {
            var port = impatient.address().getPort();
            var silent = open(new Socket(InetAddress.getLoopbackAddress(), port));
            var shaking = open(new Socket(InetAddress.getLoopbackAddress(), port));
            shaking.getOutputStream().write(22);
            var talking = open(connect(port));
            talking.getOutputStream().write("GET /v1/state HT".getBytes(StandardCharsets.US_ASCII));
            talking.getOutputStream().flush();
            for (var slow : List.of(silent, shaking, talking)) {
                slow.setSoTimeout(10_000);
                try {
                    slow.getInputStream().readAllBytes();
                } catch (SSLException | SocketException _) {
                    // closed without a farewell
                }
            }
        }
    }

    /** What is said before the connection is closed. */
    private static String ended(SSLSocket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SSLException | SocketException _) {
            return ""; // closed without a farewell
        }
    }

    /** Passes bytes on to the coordinator and cuts every connection after so many. */
    private static final class BreakingLine implements AutoCloseable {
        private final ServerSocket server;
        private final InetSocketAddress to;
        private final int mostDown;
        private final AtomicInteger connections = new AtomicInteger();
        private volatile int mostUp = Integer.MAX_VALUE;

        BreakingLine(InetSocketAddress to, int mostDown) throws IOException {
            this.to = to;
            this.mostDown = mostDown;
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        int connections() {
            return connections.get();
        }

        /** Of connections from now on, and of those that are open. */
        void limitUp(int bytes) {
            mostUp = bytes;
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    var near = server.accept();
                    var far = new Socket(to.getAddress(), to.getPort());
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> pass(near, far, true));
                    Thread.ofVirtual().start(() -> pass(far, near, false));
                } catch (IOException _) {
                    return; // closed
                }
            }
        }

        private void pass(Socket from, Socket into, boolean up) {
            try (from;
                    into) {
                var buffer = new byte[4096];
                var passed = 0;
                for (var read = 0; read >= 0; read = from.getInputStream().read(buffer)) {
                    if ((passed += read) > (up ? mostUp : mostDown)) {
                        return;
                    }
                    into.getOutputStream().write(buffer, 0, read);
                }
            } catch (IOException _) {
                // the other side is gone: so is this one
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
