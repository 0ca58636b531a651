package org.athanor.edge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.page.Wire.Answer;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heater's own computer asks from 127.0.0.1; 127.0.0.2 plays another device of the home. */
class PageAccessTest {
    private static final Pattern COOKIE = Pattern.compile("Set-Cookie: athanor-token=([\\w-]{43}); (.*)");

    @TempDir
    Path folder;

    private final FakeRoom room = new FakeRoom();
    private Journal journal;
    private PageServer server;
    private Wire own;
    private Wire phone;
    private int port;

    @BeforeEach
    void start() {
        journal = Journal.open(folder.resolve("edge"));
        serve(Optional.of(new Pairing(journal, InstantSource.system())));
    }

    private void serve(Optional<Pairing> pairing) {
        server = PageServer.start(
                PageServer.Config.loopback(0),
                List.of(new ControlledRoom("living", "Living room", room)),
                pairing,
                address -> address.getHostAddress().equals("127.0.0.1"));
        port = server.address().getPort();
        own = new Wire(port);
        phone = new Wire(port, "127.0.0.2");
    }

    @AfterEach
    void stop() {
        server.close();
        journal.close();
    }

    private String code() throws IOException {
        var answer = own.json("POST", "/api/pairing", "", "");
        var matcher = Pattern.compile("\"digits\":\"([0-9]{8})\"").matcher(answer.body());
        assertTrue(matcher.find(), answer.body());
        return matcher.group(1);
    }

    private Answer pair(String code, String more) throws IOException {
        return phone.json("POST", "/api/pair", "", "{\"code\": \"" + code + "\", \"name\": \"phone\"" + more + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/state", "GET, /api/rooms", "GET, /api/rooms/living/state", "GET, /api/rooms/living/settings",
        "GET, /api/rooms/living/events", "GET, /api/rooms/living/log", "GET, /api/history", "GET, /api/pairing",
        "PUT, /api/setpoint", "DELETE, /api/setpoint", "PATCH, /api/rooms/living/settings", "POST, /api/pairing",
        "DELETE, /api/pairing/1", "POST, /api/rooms/living/unlock", "GET, /api/nothing"
    })
    void aStrangerReachesNothing(String method, String path) throws IOException {
        var answer = phone.json(method, path, "", method.equals("GET") ? "" : "{\"celsius\": 20}");
        assertEquals(401, answer.status());
        assertTrue(answer.body().contains("enter the code that the heater's own page shows"), answer.body());
        assertEquals(
                401, phone.json(method, path, "Authorization: Bearer x\r\n", "").status());
        assertEquals(
                401, phone.json(method, path, "Cookie: athanor-token=x\r\n", "").status());
        assertEquals(Optional.empty(), room.setpoint.get());
    }

    @Test
    void aStrangerSeesThePageAndThatItIsAStranger() throws IOException {
        assertEquals(200, phone.get("/", "").status());
        assertEquals(200, phone.get("/page.js", "").status());
        assertEquals(200, phone.get("/api/texts", "").status());
        assertEquals(
                "{\"own\":false,\"paired\":false,\"pairing\":true}",
                phone.get("/api/access", "").body());
        assertEquals(
                "{\"own\":true,\"paired\":false,\"pairing\":true}",
                own.get("/api/access", "").body());
    }

    @Test
    void aPairedDeviceMayWriteUntilItIsRevoked() throws IOException {
        var answer = pair(code(), "");
        assertEquals(204, answer.status());
        var cookie = COOKIE.matcher(answer.head());
        assertTrue(cookie.find(), answer.head());
        assertTrue(
                cookie.group(2).contains("HttpOnly") && cookie.group(2).contains("SameSite=Strict"), cookie.group(2));
        assertTrue(cookie.group(2).contains("Path=/"), cookie.group(2));
        var shown = "Cookie: language=fr; athanor-token=" + cookie.group(1) + "\r\n";
        assertEquals(
                204,
                phone.json("PUT", "/api/setpoint", shown, "{\"celsius\": 20}").status());
        assertEquals(Optional.of(new Celsius(20)), room.setpoint.get());
        var list = phone.get("/api/pairing", shown).body();
        assertTrue(list.contains("\"name\":\"phone\"") && list.contains("\"self\":true"), list);
        var id = Pattern.compile("\"id\":\"(\\w+)\"").matcher(list);
        assertTrue(id.find());
        var elsewhere = shown + "Origin: http://evil.example\r\n";
        assertEquals(
                403,
                phone.json("PUT", "/api/setpoint", elsewhere, "{\"celsius\": 21}")
                        .status());
        assertEquals(
                204, own.json("DELETE", "/api/pairing/" + id.group(1), "", "").status());
        assertEquals(
                404, own.json("DELETE", "/api/pairing/" + id.group(1), "", "").status());
        assertEquals(
                401,
                phone.json("PUT", "/api/setpoint", shown, "{\"celsius\": 22}").status());
        assertEquals(Optional.of(new Celsius(20)), room.setpoint.get());
    }

    @ParameterizedTest
    @CsvSource({
        "/%61pi/state",
        "//api/state",
        "/api//state",
        "/API/state",
        "/api/state/",
        "/api/state;x=1",
        "/./api/state"
    })
    void noSpellingOfAPathLetsAStrangerIn(String path) throws IOException {
        var answer = phone.get(path, "");
        assertTrue(answer.status() == 401 || answer.status() == 400, path + ": " + answer.status());
        assertFalse(answer.body().contains("cycle"), answer.body());
    }

    @Test
    void theStreamOfARevokedDeviceEnds() throws Exception {
        var shown = "Cookie: " + cookie(pair(code(), "")) + "\r\nAccept: text/event-stream\r\n";
        try (var reader = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new CountDownLatch(1);
            var stream = reader.submit(() -> phone.get("/api/events", shown, heard -> {
                if (heard.contains("\"cycle\":1")) first.countDown();
            }));
            assertTrue(first.await(30, TimeUnit.SECONDS));
            assertFalse(stream.isDone());
            var id = Pattern.compile("\"id\":\"(\\w+)\"")
                    .matcher(own.get("/api/pairing", "").body());
            assertTrue(id.find());
            own.json("DELETE", "/api/pairing/" + id.group(1), "", "");
            assertEquals(200, stream.get(30, TimeUnit.SECONDS).status());
        }
    }

    @Test
    void aProgramIsGivenABearerToken() throws IOException {
        var answer = pair(code(), ", \"bearer\": true");
        assertEquals(200, answer.status());
        assertFalse(answer.head().contains("Set-Cookie"), answer.head());
        var token = Pattern.compile("\"token\":\"([\\w-]{43})\"").matcher(answer.body());
        assertTrue(token.find(), answer.body());
        assertEquals(
                200,
                phone.get("/api/state", "Authorization: Bearer " + token.group(1) + "\r\n")
                        .status());
    }

    @Test
    void theCodeIsShownAtTheHeaterAlone() throws IOException {
        var code = code();
        assertTrue(own.get("/api/pairing", "").body().contains(code));
        var shown = "Cookie: " + cookie(pair(code, "")) + "\r\n";
        var next = code();
        assertFalse(phone.get("/api/pairing", shown).body().contains(next));
        var asked = phone.json("POST", "/api/pairing", shown, "");
        assertEquals(403, asked.status());
        assertTrue(asked.body().contains("only the heater's own computer may show a code"), asked.body());
    }

    private static String cookie(Answer answer) {
        var cookie = COOKIE.matcher(answer.head());
        assertTrue(cookie.find(), answer.head());
        return "athanor-token=" + cookie.group(1);
    }

    @Test
    void aWrongCodeIsCountedAndNeverRepeated() throws IOException {
        var code = code();
        var wrong = code.equals("00000000") ? "00000001" : "00000000";
        var answer = pair(wrong, "");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("(4 tries left)"), answer.body());
        assertFalse(answer.body().contains(wrong), answer.body());
        var odd = phone.json("POST", "/api/pair", "", "{\"code\": \"" + code + "\"}");
        assertEquals(400, odd.status());
        assertFalse(odd.body().contains(code), odd.body());
    }

    @Test
    void withoutPairingOnlyTheHeatersOwnComputerMayAsk() throws IOException {
        server.close();
        serve(Optional.empty());
        assertEquals(
                "{\"own\":false,\"paired\":false,\"pairing\":false}",
                phone.get("/api/access", "").body());
        var answer = phone.get("/api/state", "");
        assertEquals(401, answer.status());
        assertTrue(answer.body().contains("pairing is not set up"), answer.body());
        assertEquals(404, pair("12345678", "").status());
        assertEquals(200, own.get("/api/state", "").status());
        assertEquals(404, own.get("/api/pairing", "").status());
    }

    @Test
    void theAddressThatWasDialledIsOursAndAnotherNameIsNot() throws IOException {
        assertEquals(200, own.send("GET", "/", "127.0.0.1:" + port, "", "").status());
        assertEquals(403, own.send("GET", "/", "192.168.1.9:" + port, "", "").status());
        assertEquals(
                403, phone.send("GET", "/", "heater.example:" + port, "", "").status());
        var gate = new Gate(java.util.Set.of("heater.local"), 8642);
        assertEquals(Optional.empty(), gate.refusesRequest("192.168.1.9:8642", "192.168.1.9"));
        assertEquals(Optional.empty(), gate.refusesRequest("[fd00::9]:8642", "fd00::9"));
        assertEquals(Optional.empty(), gate.refusesRequest("Heater.local:8642", "192.168.1.9"));
        assertTrue(gate.refusesRequest("192.168.1.10:8642", "192.168.1.9").isPresent());
        assertEquals(Optional.empty(), gate.refusesWrite("http://192.168.1.9:8642", "same-origin", "192.168.1.9"));
        assertTrue(gate.refusesWrite("http://192.168.1.10:8642", null, "192.168.1.9")
                .isPresent());
        assertTrue(gate.refusesWrite("https://192.168.1.9:8642", null, "192.168.1.9")
                .isPresent());
    }
}
