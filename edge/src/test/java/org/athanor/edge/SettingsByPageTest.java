package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.athanor.comfort.ComfortBand;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.SafetyLimits;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.ThermostatMode;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.edge.FakeDevices.FakeThermometer;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Event;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.Terms;
import org.athanor.edge.page.PageServer;
import org.athanor.ledger.MiningScenario;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;
import org.athanor.units.PricePerKwh;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A room with its control and its page: what is asked over the wire, and what holds then. */
class SettingsByPageTest {
    private static final Instant START = Instant.parse("2026-01-15T06:00:00Z");

    @TempDir
    Path folder;

    private final FakeDevices devices = new FakeDevices();
    private final FakeThermometer room = new FakeThermometer(19);
    private final HttpClient client = HttpClient.newHttpClient();
    private Journal journal;
    private Edge edge;
    private ControlLoop loop;
    private PageServer page;
    private int minute;

    @BeforeEach
    void open() {
        journal = Journal.open(folder.resolve("edge"));
    }

    @AfterEach
    void close() {
        if (page != null) page.close();
        client.close();
        journal.close();
    }

    /** The program as it starts: again, if it ran before. */
    private void start(double configured, double roomMaximum) throws InterruptedException {
        if (page != null) page.close();
        var spec = new HeaterSpec(
                "miner",
                List.of(Watts.ZERO, new Watts(600), new Watts(800)),
                new Watts(850),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                new Joules(60_000),
                Optional.of(new Celsius(95)),
                Optional.empty(),
                true,
                0);
        var config = new EdgeConfig(
                List.of(new HeaterPart(
                        "Miner",
                        spec,
                        devices.new FakeMiner(true),
                        Optional.of(devices.new FakePlug("miner's plug")),
                        Optional.empty(),
                        false)),
                room,
                Optional.empty(),
                Optional.empty(),
                Schedule.constant(ZoneOffset.UTC, new Celsius(configured)),
                ComfortBand.of(1),
                new ThermostatMode.Tpi(0.3, 0.02),
                new SafetyLimits(
                        new Celsius(roomMaximum),
                        new Celsius(7),
                        400_000,
                        new Watts(400),
                        new Watts(2300),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        new Kelvins(0.2),
                        Duration.ofSeconds(150),
                        Duration.ofMinutes(3)),
                new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD),
                EdgeConfig.NO_OUTLOOK,
                Tariff.constant(new PricePerKwh(0.30, Currency.getInstance("EUR"))),
                MiningScenario.JULY_2025,
                () -> Snapshot.World.real(ZoneOffset.UTC),
                Duration.ofMillis(500),
                Duration.ofSeconds(1));
        var earnings = new Earnings(journal, user -> Terms.OF_THE_POOL, () -> START, Duration.ofSeconds(30));
        loop = new ControlLoop(config, journal, earnings);
        edge = new Edge(loop, journal, () -> {
            throw new AssertionError("nothing is ticked here");
        });
        page = PageServer.start(
                PageServer.Config.loopback(0), List.of(new ControlledRoom("bath", "Bath", edge)), Optional.empty());
        cycle();
    }

    private Snapshot.Room cycle() throws InterruptedException {
        return cycle(START.plusSeconds(60L * ++minute));
    }

    private Snapshot.Room cycle(Instant time) throws InterruptedException {
        minute = (int) Duration.between(START, time).toMinutes();
        return loop.cycle(new Tick(time, minute * 60_000_000_000L)).room();
    }

    private record Answer(int status, String body) {}

    private Answer ask(String method, String path, String body) throws IOException, InterruptedException {
        var answer = client.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + page.address().getPort() + "/api/" + path))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    private void taken(String method, String path, String body) throws IOException, InterruptedException {
        var answer = ask(method, path, body);
        assertEquals(2, answer.status() / 100, method + " " + path + " " + body + ": " + answer);
    }

    private void shows(String words) throws IOException, InterruptedException {
        for (var path : List.of("state", "settings"))
            if (ask("GET", path, "").body().contains(words)) return;
        throw new AssertionError(words + " in " + ask("GET", "state", "") + ask("GET", "settings", ""));
    }

    // ---- more than can be held

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PUT    | setpoint | {"celsius": 18}                                  | "setpointCelsius":18.0,"overridden":true
        DELETE | setpoint |                                                  | "overridden":false
        PATCH  | settings | {"heating": false}                               | "heating":false
        PATCH  | settings | {"maximumSetpointCelsius": 19}                   | "highestSetpointCelsius":19.0
        PATCH  | settings | {"presets": {"ecoCelsius": 16}}                  | "ecoCelsius":16.0
        PATCH  | settings | {"quiet": {"from": "22:00", "until": "06:00", "watts": 300}} | "watts":300.0
        PATCH  | settings | {"vacation": {"from": "2026-01-15T06:00", "until": "2026-01-22T12:00", "celsius": 8}} | "setpointCelsius":8.0
        PATCH  | settings | {"schedule": [{"from": "00:00", "celsius": 27}, {"from": "22:00", "celsius": 17}]} | "from":"22:00"
        PUT    | preset   | {"preset": "eco"}                                | "preset":"eco"
        PUT    | preset   | {"preset": "comfort"}                            | "preset":"comfort"
        PUT    | preset   | {"preset": "boost"}                              | "preset":"boost"
        """)
    void everythingMayBeChangedThoughMoreIsConfiguredThanCanBeHeld(
            String method, String path, String body, String shown) throws IOException, InterruptedException {
        start(27, 28);
        taken(method, path, body == null ? "" : body);
        cycle();
        shows(shown);
    }

    @Test
    void theChildLockOpensThoughMoreIsConfiguredThanCanBeHeld() throws IOException, InterruptedException {
        start(27, 28);
        taken("POST", "lock", "{\"code\": \"4711\"}");
        assertEquals(423, ask("PUT", "setpoint", "{\"celsius\": 18}").status());
        start(27, 24);
        assertEquals(403, ask("POST", "unlock", "{\"code\": \"4712\"}").status());
        taken("POST", "unlock", "{\"code\": \"4711\"}");
        shows("\"childLock\":false");
        taken("PATCH", "settings", "{\"heating\": false}");
    }

    @Test
    void whatIsChangedToMoreThanCanBeHeldIsRefused() throws IOException, InterruptedException {
        start(27, 28);
        var answer = ask("PATCH", "settings", "{\"schedule\": [{\"from\": \"00:00\", \"celsius\": 27.5}]}");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("schedule from 00:00 celsius 27.5: a setpoint from 5.0 to "), answer.body());
    }

    @Test
    void whatHoldsIsShownBeforeTheNextCycle() throws IOException, InterruptedException {
        start(27, 28);
        var held = loop.snapshot().orElseThrow().room().setpoint();
        taken("PUT", "setpoint", "{\"celsius\": 18}");
        taken("DELETE", "setpoint", "");
        assertEquals(held, loop.snapshot().orElseThrow().room().setpoint());
        assertEquals(held, cycle().setpoint());
    }

    @Test
    void whatWasKeptIsMovedWithinTighterLimitsAndMayBeChanged() throws IOException, InterruptedException {
        start(21, 28);
        taken("PUT", "setpoint", "{\"celsius\": 24}");
        taken(
                "PATCH",
                "settings",
                "{\"schedule\": [{\"from\": \"06:00\", \"celsius\": 24}, {\"from\": \"22:00\", \"celsius\": 16}]}");
        start(21, 24);
        var most = loop.snapshot().orElseThrow().room().highestSetpoint();
        assertEquals(most, loop.snapshot().orElseThrow().room().setpoint());
        assertEquals(most, edge.settings().schedule().getFirst().setpoint());
        cycle();
        assertEquals(
                List.of("kept settings beyond the limits of 5 °C to " + most + " were moved within them; setpoint "
                        + most + "; schedule changed"),
                edge.events(50).stream()
                        .filter(event -> event.subject().equals("settings"))
                        .map(Event::text)
                        .filter(text -> text.startsWith("kept"))
                        .toList());
        taken("PATCH", "settings", "{\"heating\": false}");
        taken("PATCH", "settings", "{\"heating\": true, \"setpointCelsius\": 19}");
        assertEquals(new Celsius(19), cycle().setpoint());
    }

    // ---- vacation

    private static final String AWAY =
            "{\"vacation\": {\"from\": \"2026-01-15T06:00\", \"until\": \"2026-01-22T12:00\", \"celsius\": 8}}";
    private static final Instant BACK = Instant.parse("2026-01-22T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PUT    | setpoint | {"celsius": 19}                              | 19
        PUT    | preset   | {"preset": "eco"}                            | 18
        PUT    | preset   | {"preset": "boost"}                          | 21
        PATCH  | settings | {"setpointCelsius": 19}                      | 19
        PATCH  | settings | {"setpointCelsius": 19, "until": "2026-01-25T12:00"} | 21
        """)
    void aVacationGoesBeforeWhatWasSetBeforeIt(String method, String path, String body, double later)
            throws IOException, InterruptedException {
        start(21, 28);
        taken(method, path, body);
        taken("PATCH", "settings", AWAY);
        shows("\"setpointCelsius\":8.0,\"overridden\":false");
        assertEquals(new Celsius(8), cycle().setpoint());
        assertFalse(ask("GET", "settings", "").body().contains("\"preset\""));
        start(21, 28);
        assertEquals(new Celsius(8), cycle().setpoint(), "after a restart");
        assertEquals(new Celsius(8), cycle(BACK.minusSeconds(60)).setpoint());
        assertEquals(new Celsius(later), cycle(BACK).setpoint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PUT    | setpoint | {"celsius": 19}                              | 19
        PUT    | preset   | {"preset": "eco"}                            | 18
        PATCH  | settings | {"setpointCelsius": 19}                      | 19
        """)
    void whatIsSetDuringAVacationHoldsUntilItsEnd(String method, String path, String body, double wanted)
            throws IOException, InterruptedException {
        start(21, 28);
        taken(method, path, body);
        taken("PATCH", "settings", AWAY);
        cycle();
        taken(method, path, body); // the same once more is said anew
        shows("\"setpointCelsius\":" + wanted + ",\"overridden\":true");
        shows("\"until\":\"2026-01-22T12:00:00Z\"");
        assertEquals(path.equals("preset"), ask("GET", "settings", "").body().contains("\"preset\":\"eco\""));
        assertEquals(new Celsius(wanted), cycle().setpoint());
        start(21, 28);
        assertEquals(new Celsius(wanted), cycle(BACK.minusSeconds(60)).setpoint(), "after a restart");
        assertEquals(new Celsius(21), cycle(BACK).setpoint());
    }

    @Test
    void anotherVacationGoesBeforeWhatWasSetDuringTheLast() throws IOException, InterruptedException {
        start(21, 28);
        taken("PATCH", "settings", AWAY);
        cycle();
        taken("PUT", "setpoint", "{\"celsius\": 19}");
        taken("PATCH", "settings", AWAY.replace("22T", "23T"));
        shows("\"setpointCelsius\":8.0,\"overridden\":false");
        assertEquals(new Celsius(8), cycle().setpoint());
    }

    @Test
    void aBoostDuringAVacationEndsBeforeIt() throws IOException, InterruptedException {
        start(21, 28);
        taken("PATCH", "settings", AWAY);
        taken("PUT", "preset", "{\"preset\": \"boost\"}");
        shows("\"preset\":\"boost\"");
        assertEquals(new Celsius(23), cycle().setpoint());
        assertEquals(new Celsius(8), cycle(START.plus(Duration.ofHours(2))).setpoint());
    }

    @Test
    void aSetpointHoldsUntilAVacationBegins() throws IOException, InterruptedException {
        start(21, 28);
        taken("PATCH", "settings", AWAY.replace("15T06", "15T08"));
        taken("PUT", "setpoint", "{\"celsius\": 19}");
        assertEquals(new Celsius(19), cycle().setpoint());
        assertEquals(new Celsius(8), cycle(START.plus(Duration.ofHours(2))).setpoint());
    }

    @Test
    void theChildLockAndBeingOffStandAboveAVacation() throws IOException, InterruptedException {
        start(21, 28);
        taken("PATCH", "settings", AWAY);
        taken("POST", "lock", "{\"code\": \"4711\"}");
        assertEquals(423, ask("PUT", "setpoint", "{\"celsius\": 19}").status());
        assertEquals(new Celsius(8), cycle().setpoint());
        taken("POST", "unlock", "{\"code\": \"4711\"}");
        taken("PATCH", "settings", "{\"heating\": false}");
        assertEquals(new Celsius(7), cycle().setpoint());
    }
}
