package org.athanor.edge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.RoomSettings.Preset;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageRoomsTest {
    private final FakeRoom living = new FakeRoom();
    private final FakeRoom bath = new FakeRoom();
    private PageServer server;
    private Wire wire;

    @BeforeEach
    void start() {
        server = PageServer.start(
                new PageServer.Config(
                        PageServer.Config.loopback(0).listen(), java.util.Set.of(), List.of("Prices: a test.")),
                List.of(new ControlledRoom("living", "Living room", living), new ControlledRoom("bath", "Bath", bath)),
                Optional.empty());
        wire = new Wire(server.address().getPort());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachRoomIsListedReadAndChangedApart() throws IOException {
        var list = wire.get("/api/rooms", "").body();
        assertTrue(list.contains("{\"id\":\"living\",\"name\":\"Living room\",\"celsius\":20.5,"), list);
        assertTrue(list.contains("\"id\":\"bath\""), list);
        assertTrue(list.contains("\"notes\":[\"Prices: a test.\"]"), list);
        assertEquals(
                204,
                wire.json("PUT", "/api/rooms/bath/setpoint", "", "{\"celsius\": 22}")
                        .status());
        assertEquals(Optional.of(new Celsius(22)), bath.setpoint.get());
        assertEquals(Optional.empty(), living.setpoint.get());
        assertEquals(
                204, wire.json("PUT", "/api/setpoint", "", "{\"celsius\": 19}").status());
        assertEquals(Optional.of(new Celsius(19)), living.setpoint.get(), "the short path is the first room's");
        var unknown = wire.get("/api/rooms/attic/state", "");
        assertEquals(404, unknown.status());
        assertTrue(unknown.body().contains("room attic: one of living, bath is accepted"), unknown.body());
    }

    @Test
    void twoRoomsWithOneIdAreRefused() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> PageServer.start(
                        PageServer.Config.loopback(0),
                        List.of(new ControlledRoom("a", "A", living), new ControlledRoom("a", "B", bath)),
                        Optional.empty()));
        assertEquals("two rooms have the id a", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ControlledRoom("Living room", "A", living));
        assertThrows(IllegalArgumentException.class, () -> new ControlledRoom("living", " ", living));
    }

    @Test
    void settingsAreChangedByTheFieldsThatAreNamed() throws IOException {
        var answer = wire.json(
                "PATCH",
                "/api/rooms/bath/settings",
                "",
                "{\"heating\": false, \"vacation\": {\"from\": \"2026-01-20T12:00\", \"until\": \"2026-01-27T12:00\", \"celsius\": 12}}");
        assertEquals(200, answer.status(), answer.body());
        assertFalse(bath.settings.heating());
        assertTrue(answer.body().contains("\"fromLocal\":\"2026-01-20T12:00\""), answer.body());
        assertTrue(answer.body().contains("\"from\":\"2026-01-20T18:00:00Z\""), "six hours west of Greenwich");
        assertTrue(living.settings.heating());
        assertEquals(answer.body(), wire.get("/api/rooms/bath/settings", "").body());
        var wrong = wire.json("PATCH", "/api/rooms/bath/settings", "", "{\"heating\": \"no\"}");
        assertEquals(400, wrong.status());
        assertTrue(wrong.body().contains("heating \\\"no\\\": true or false is accepted"), wrong.body());
        assertEquals(
                415,
                wire.send(
                                "PATCH",
                                "/api/settings",
                                "127.0.0.1:" + server.address().getPort(),
                                "",
                                "{}")
                        .status());
    }

    @Test
    void aVacationThatHasEndedIsNone() throws IOException {
        wire.json(
                "PATCH",
                "/api/settings",
                "",
                "{\"vacation\": {\"from\": \"2026-01-02T12:00\", \"until\": \"2026-01-03T12:00\", \"celsius\": 12}}");
        assertFalse(wire.get("/api/settings", "").body().contains("vacation"));
    }

    @Test
    void aPresetIsChosenByItsName() throws IOException {
        var answer = wire.json("PUT", "/api/rooms/bath/preset", "", "{\"preset\": \"boost\"}");
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("\"preset\":\"boost\""), answer.body());
        assertTrue(answer.body().contains("\"until\":\"2026-01-15T07:00:00Z\""), answer.body());
        assertEquals(Optional.of(Preset.BOOST), bath.settings.preset(FakeRoom.NOW));
        var wrong = wire.json("PUT", "/api/rooms/bath/preset", "", "{\"preset\": \"party\"}");
        assertEquals(400, wrong.status());
        assertTrue(wrong.body().contains("preset \\\"party\\\": eco, comfort or boost is accepted"), wrong.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PUT    | setpoint | {"celsius": 20}
        DELETE | setpoint | {}
        PATCH  | settings | {"heating": false}
        PUT    | preset   | {"preset": "eco"}
        POST   | lock     | {"code": "9999"}
        """)
    void whileTheChildLockIsOnNothingIsChanged(String method, String path, String body) throws IOException {
        assertEquals(
                200, wire.json("POST", "/api/lock", "", "{\"code\": \"4711\"}").status());
        var before = living.settings;
        var answer = wire.json(method, "/api/" + path, "", body);
        assertEquals(423, answer.status());
        assertTrue(answer.body().contains("the child lock is on"), answer.body());
        assertEquals(before, living.settings);
        assertEquals(Optional.empty(), living.setpoint.get());
        assertEquals(
                200,
                wire.json("POST", "/api/unlock", "", "{\"code\": \"4711\"}").status());
        assertEquals(2, wire.json(method, "/api/" + path, "", body).status() / 100);
    }

    @Test
    void theLockIsNotOpenedByTheWayNorByGuessing() throws IOException {
        var byTheWay = wire.json("PATCH", "/api/settings", "", "{\"childLock\": true}");
        assertEquals(400, byTheWay.status());
        assertTrue(byTheWay.body().contains("childLock true: POST lock or unlock"), byTheWay.body());
        wire.json("POST", "/api/lock", "", "{\"code\": \"4711\"}");
        for (int i = 0; i < Tries.MOST; i++) {
            var wrong = wire.json("POST", "/api/unlock", "", "{\"code\": \"000" + i + "\"}");
            assertEquals(403, wrong.status());
            assertFalse(wrong.body().contains("000" + i), wrong.body());
        }
        var late = wire.json("POST", "/api/unlock", "", "{\"code\": \"4711\"}");
        assertEquals(429, late.status());
        assertTrue(living.settings.childLock());
        assertEquals(
                200,
                wire.json("POST", "/api/rooms/bath/unlock", "", "{\"code\": \"1\"}")
                        .status(),
                "another room's");
    }

    @Test
    void afterAPauseTheLockMayBeTriedAgain() {
        var now = new long[] {Long.MAX_VALUE - 5}; // nanoTime may wrap
        var tries = new Tries(() -> now[0]);
        for (int i = 0; i < Tries.MOST; i++) {
            assertTrue(tries.allowed());
            tries.wrong();
        }
        assertFalse(tries.allowed());
        now[0] += Tries.PAUSE.toNanos() - 1;
        assertFalse(tries.allowed());
        now[0]++;
        assertTrue(tries.allowed());
        tries.right();
        assertTrue(tries.allowed());
    }

    @Test
    void theLogTellsWhatHappened() throws IOException {
        assertEquals(
                "{\"events\":[{\"time\":\"2026-01-15T06:00:00Z\",\"kind\":\"alarm\",\"subject\":\"control\","
                        + "\"text\":\"Miner: silent\"}]}",
                wire.get("/api/rooms/living/log", "").body());
    }
}
