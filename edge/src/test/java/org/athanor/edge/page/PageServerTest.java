package org.athanor.edge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.page.Wire.Answer;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageServerTest {
    private static final Instant NOW = FakeRoom.NOW;

    private final FakeRoom source = new FakeRoom();
    private PageServer server;
    private int port;

    /** A path that begins at the host: it would leave the prefix under which a proxy may serve the page. */
    private static final Pattern BELOW_ROOT = Pattern.compile("[\"'`]/(?:api|lib|page|icon)");

    @BeforeEach
    void start() {
        server = PageServer.start(
                PageServer.Config.loopback(0),
                List.of(new ControlledRoom("living", "Living room", source)),
                Optional.empty());
        port = server.address().getPort();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer send(String method, String path, String host, String headers, String body) throws IOException {
        return new Wire(port).send(method, path, host, headers, body);
    }

    private Answer put(String body) throws IOException {
        return send("PUT", "/api/setpoint", "127.0.0.1:" + port, "Content-Type: application/json\r\n", body);
    }

    @Test
    void stateHasUnitsInItsKeysAndLeavesOutWhatIsUnknown() throws IOException {
        var answer = send("GET", "/api/state", "localhost:" + port, "", "");
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("\"celsius\":20.5"), answer.body());
        assertTrue(answer.body().contains("\"hashesPerSecond\":3.75E13"), answer.body());
        assertTrue(answer.body().contains("\"utcOffsetMinutes\":-360"), answer.body());
        assertTrue(answer.body().contains("\"weight\":{\"exact\":\"1440/1\""), answer.body());
        assertTrue(
                answer.body()
                        .contains("\"plan\":{\"start\":\"2026-01-15T06:00:00Z\",\"stepSeconds\":900,"
                                + "\"watts\":[800.0,0.0],\"roomCelsius\":[20.5,20.75,20.625]}"),
                answer.body());
        assertTrue(answer.body().contains("\"perKwh\":[0.25,0.3,0.12346]"), answer.body());
        assertTrue(answer.body().contains("\"note\":\"the forecast is 14 h old\""), answer.body());
        assertFalse(answer.body().contains("standIn"), answer.body());
        assertTrue(answer.body().contains("\"sentence\":{\"say\":\"wanted\",\"values\":{"), answer.body());
        assertTrue(answer.body().contains("\"until\":{\"clock\":\"17:00\"}"), answer.body());
        assertTrue(answer.body().contains("\"watts\":{\"watts\":800.0}"), answer.body());
        assertFalse(answer.body().contains("outdoorCelsius"), answer.body());
        assertTrue(
                answer.body()
                        .contains("\"primary\":{\"title\":\"boiler\",\"watts\":0.0,\"setpointCelsius\":17.0,"
                                + "\"on\":true,\"commanded\":true,\"heldBack\":true}"),
                answer.body());
        assertFalse(answer.body().contains("chipCelsius"), answer.body());
    }

    @Test
    void beforeTheFirstCycleThereIsNoState() throws IOException {
        source.snapshot = Optional.empty();
        assertEquals(503, send("GET", "/api/state", "localhost:" + port, "", "").status());
    }

    @Test
    void historyBeginsAfterTheGivenTime() throws IOException {
        var host = "127.0.0.1:" + port;
        assertTrue(send("GET", "/api/history", host, "", "").body().contains("\"watts\":{\"miner\":600.0}"));
        assertTrue(send("GET", "/api/history", host, "", "").body().contains("\"plannedWatts\":400.0"));
        assertEquals(
                "{\"steps\":[]}",
                send("GET", "/api/history?since=" + NOW, host, "", "").body());
        var wrong = send("GET", "/api/history?since=yesterday", host, "", "");
        assertEquals(400, wrong.status());
        assertTrue(wrong.body().contains("since yesterday"), wrong.body());
        var beyond = send("GET", "/api/history?since=%2B1000000000-12-31T23:59:59Z", host, "", "");
        assertEquals(400, beyond.status());
        assertTrue(beyond.body().contains("since +1000000000-12-31T23:59:59Z: an instant such as"), beyond.body());
    }

    @Test
    void theSetpointIsTakenAndGivenBack() throws IOException {
        assertEquals(204, put("{\"celsius\": 21.5}").status());
        assertEquals(Optional.of(new Celsius(21.5)), source.setpoint.get());
        assertEquals(
                204,
                send("DELETE", "/api/setpoint", "127.0.0.1:" + port, "", "").status());
        assertEquals(Optional.empty(), source.setpoint.get());
    }

    @Test
    void thePageItselfMayWrite() throws IOException {
        var headers = "Content-Type: application/json; charset=utf-8\r\nOrigin: http://localhost:" + port
                + "\r\nSec-Fetch-Site: same-origin\r\n";
        assertEquals(
                204,
                send("PUT", "/api/setpoint", "localhost:" + port, headers, "{\"celsius\": 20}")
                        .status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        method | host             | header                               | status | says
        PUT    | evil.example     |                                      | 403    | Host evil.example
        PUT    | evil.example:@   |                                      | 403    | Host evil.example
        GET    | evil.example:@   |                                      | 403    | Host evil.example
        PUT    | 127.0.0.1:1      |                                      | 403    | Host 127.0.0.1:1
        PUT    | localhost        |                                      | 403    | Host localhost
        PUT    | 127.0.0.1:@      | Origin: http://evil.example          | 403    | Origin http://evil.example
        PUT    | 127.0.0.1:@      | Origin: null                         | 403    | Origin null
        PUT    | 127.0.0.1:@      | Origin: https://127.0.0.1:@          | 403    | Origin https
        PUT    | 127.0.0.1:@      | Origin: http://127.0.0.1:1           | 403    | Origin http://127.0.0.1:1
        DELETE | 127.0.0.1:@      | Origin: http://evil.example          | 403    | Origin http://evil.example
        PUT    | 127.0.0.1:@      | Sec-Fetch-Site: cross-site           | 403    | Sec-Fetch-Site cross-site
        PUT    | 127.0.0.1:@      | Sec-Fetch-Site: same-site            | 403    | Sec-Fetch-Site same-site
        """)
    void aPageElsewhereMovesNoHeater(String method, String host, String header, int status, String says)
            throws IOException {
        var headers = "Content-Type: application/json\r\n"
                + (header == null ? "" : header.replace("@", Integer.toString(port)) + "\r\n");
        var answer = send(
                method, "/api/setpoint", host.replace("@", Integer.toString(port)), headers, "{\"celsius\": 21.5}");
        assertEquals(status, answer.status());
        assertTrue(answer.body().contains(says), answer.body());
        assertEquals(Optional.empty(), source.setpoint.get());
        assertFalse(answer.head().contains("Access-Control"), answer.head());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
        body                     | says
        {"celsius": 80}          | celsius 80.0: a setpoint from 5 to 25
        {"celsius": -300}        | celsius -300
        {"celsius": "21"}        | a temperature
        {"celsius": 1e999}       | celsius
        {"celsius": null}        | a temperature
        {"kelvin": 294}          | an object such as
        {"celsius": 20, "x": 1}  | an object such as
        [21]                     | an object such as
        21,5                     | not JSON
        {"celsius": 20} garbage  | not JSON
        """)
    void nonsenseIsRefusedWithTheFieldTheValueAndWhatIsAccepted(String body, String says) throws IOException {
        var answer = put(body);
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains(says), answer.body());
        assertFalse(answer.body().contains("\\n"), answer.body());
        assertEquals(Optional.empty(), source.setpoint.get());
    }

    /** The English stays what programs are told; beside it stands what the page says in its reader's language. */
    @Test
    void aRefusalIsToldInEnglishAndWithItsWordsAndValues() throws IOException {
        var answer = put("{\"celsius\": 80}");
        assertEquals(
                "{\"error\":\"celsius 80.0: a setpoint from 5 to 25 °C is accepted\",\"refusal\":{\"say\":\"refused-setting\","
                        + "\"values\":",
                answer.body()
                        .substring(0, answer.body().indexOf("{", answer.body().indexOf("values"))));
        assertTrue(answer.body().contains("\"field\":{\"text\":\"celsius\"}"), answer.body());
        assertTrue(answer.body().contains("\"value\":{\"count\":80.0}"), answer.body());
        assertTrue(answer.body().contains("\"accepted\":{\"say\":\"refused-setpoint\",\"values\":{"), answer.body());
        assertTrue(answer.body().contains("\"highest\":{\"count\":25.0}"), answer.body());
        var elsewhere = send("GET", "/api/state", "evil.example", "", "").body();
        assertTrue(elsewhere.contains("\"refusal\":{\"say\":\"refused-host\""), elsewhere);
        var path = send("GET", "/api/nothing", "localhost:" + port, "", "").body();
        assertTrue(path.contains("{\"error\":\"nothing at /api/nothing\",\"refusal\":"), path);
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "''"})
    void whatAFormCanSendIsRefused(String type) throws IOException {
        var header = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        var answer = send("PUT", "/api/setpoint", "127.0.0.1:" + port, header, "{\"celsius\": 21.5}");
        assertEquals(415, answer.status());
        assertTrue(answer.body().contains("application/json is accepted"), answer.body());
        assertEquals(Optional.empty(), source.setpoint.get());
    }

    @Test
    void aPortInUseIsOneClearError() {
        var taken = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        var e = assertThrows(
                PageException.class,
                () -> PageServer.start(
                        new PageServer.Config(taken, Set.of(), List.of()),
                        List.of(new ControlledRoom("living", "Living room", source)),
                        Optional.empty()));
        assertTrue(e.getMessage().startsWith("port " + port + " of 127.0.0.1 is in use"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    /** Every file that the page asks for is there: the links of index.html, and the imports of each module. */
    @Test
    void thePageIsCompleteAndAsksNobodyElse() throws IOException {
        var host = "127.0.0.1:" + port;
        var page = send("GET", "/", host, "", "");
        assertEquals(200, page.status());
        assertTrue(page.head().contains("Content-Security-Policy: default-src 'none'; script-src 'self' 'sha256-"));
        assertTrue(page.head().contains("X-Content-Type-Options: nosniff"));
        var paths = Pattern.compile("(?:=|: )\"(?:\\./)?([\\w/-]+\\.(?:js|css|svg))\"")
                .matcher(page.body());
        int found = 0;
        while (paths.find()) {
            found++;
            var asset = send("GET", "/" + paths.group(1), host, "", "");
            assertEquals(200, asset.status(), paths.group(1));
        }
        assertTrue(found >= 9, found + " files");
        assertFalse(BELOW_ROOT.matcher(page.body()).find(), "the page cannot be served below a prefix");
        for (var own : List.of(
                "/page.js",
                "/charts.js",
                "/format.js",
                "/settings.js",
                "/pairing.js",
                "/texts.js",
                "/api.js",
                "/page.css")) {
            var text = send("GET", own, host, "", "").body();
            assertFalse(text.contains("http://") || text.contains("https://"), own + " names another host");
            assertFalse(BELOW_ROOT.matcher(text).find(), own + " cannot be served below a prefix");
        }
        assertEquals(404, send("GET", "/../../etc/passwd", host, "", "").status() / 100 == 4 ? 404 : 0);
        assertEquals(
                404, send("GET", "/org/athanor/edge/Edge.class", host, "", "").status());
    }

    @Test
    void eventsBringEverySnapshotThatIsNew() throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/events"))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(10))
                .build();
        var answer = client.send(request, BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertTrue(next(lines, "cycle").contains("\"cycle\":1,"));
            assertTrue(next(lines, "heating").contains("\"heating\":true"));
            source.settings = source.settings.withHeating(false);
            assertTrue(next(lines, "heating").contains("\"heating\":false"));
            source.snapshot = Optional.of(FakeRoom.snapshot(2));
            assertTrue(next(lines, "cycle").contains("\"cycle\":2,"));
        }
        client.shutdownNow();
    }

    private static String next(BufferedReader lines, String what) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine())
            if (line.startsWith("data:") && line.contains(what)) return line;
        throw new AssertionError("the stream ended");
    }
}
