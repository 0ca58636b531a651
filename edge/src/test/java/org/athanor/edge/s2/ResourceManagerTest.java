package org.athanor.edge.s2;

import static org.athanor.devices.testing.Mosquitto.await;
import static org.athanor.edge.s2.EnergyManager.instruction;
import static org.athanor.edge.s2.FakeFlexibleRoom.MINER;
import static org.athanor.edge.s2.FakeFlexibleRoom.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real WebSockets, with an energy manager that checks every message by the rules of the published schemas. */
class ResourceManagerTest {
    private static final ResourceManager.Pace FAST = new ResourceManager.Pace(
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMinutes(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(20));
    private static final String NOW = START.toString();
    private static final String MUTATIONS = "{}[]\",:0189-+.eEtruxn\\ \u00e9";

    private final FakeFlexibleRoom room = new FakeFlexibleRoom();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EnergyManager manager;

    @BeforeEach
    void open() {
        manager = new EnergyManager();
        opened.add(manager);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) each.close();
        assertEquals(List.of(), manager.wrong, "against the rules");
    }

    private ResourceManager start() {
        return start(FAST);
    }

    private ResourceManager start(ResourceManager.Pace pace) {
        var resource = ResourceManager.start(manager.config(), room, room, pace, notes::add);
        opened.add(resource);
        return resource;
    }

    private ResourceManager controlled() {
        var resource = start();
        assertEquals("OK", manager.takeControl().get("status").asText());
        manager.awaitType("FRBC.SystemDescription");
        manager.awaitType("FRBC.FillLevelTargetProfile");
        return resource;
    }

    private void awaitNote(String part) {
        await("a note of " + part, () -> notes.stream().anyMatch(note -> note.contains(part)));
    }

    // ---- what is offered

    @Test
    void itIntroducesItselfAsAConsumerOfElectricity() {
        var resource = start();
        var greeting = manager.awaitType("Handshake");
        assertEquals("RM", greeting.get("role").asText());
        assertEquals("1.0.0-beta", greeting.at("/supported_protocol_versions/0").asText());
        var details = manager.awaitType("ResourceManagerDetails");
        assertEquals("living", details.get("resource_id").asText());
        assertEquals("ENERGY_CONSUMER", details.at("/roles/0/role").asText());
        assertEquals("ELECTRICITY", details.at("/roles/0/commodity").asText());
        assertEquals(
                "FILL_RATE_BASED_CONTROL",
                details.at("/available_control_types/0").asText());
        assertEquals("EUR", details.get("currency").asText());
        manager.awaitType("PowerMeasurement");
        var forecast = manager.awaitType("PowerForecast");
        assertEquals(3, forecast.get("elements").size());
        assertEquals(900_000, forecast.at("/elements/0/duration").asLong());
        assertEquals(
                600, forecast.at("/elements/0/power_values/0/value_expected").asDouble());
        assertEquals(Optional.empty(), resource.trouble());
        assertFalse(resource.controlled());
        assertEquals(List.of(), manager.all("FRBC.SystemDescription"), "before it is selected");
    }

    @Test
    void theRoomIsAStorageOfDegreesThatLeaks() {
        var resource = controlled();
        await("control", resource::controlled);
        var storage = manager.last("FRBC.SystemDescription").get("storage");
        assertEquals("degrees Celsius", storage.get("fill_level_label").asText());
        assertEquals(16, storage.at("/fill_level_range/start_of_range").asDouble());
        assertEquals(22, storage.at("/fill_level_range/end_of_range").asDouble());
        assertEquals(
                20,
                manager.awaitType("FRBC.StorageStatus")
                        .get("present_fill_level")
                        .asDouble());
        // (19 °C + 3 °C) / 40 h
        var leakage = StreamSupport.stream(
                        manager.awaitType("FRBC.LeakageBehaviour")
                                .get("elements")
                                .spliterator(),
                        false)
                .filter(element ->
                        element.at("/fill_level_range/start_of_range").asDouble() == 18)
                .findFirst()
                .orElseThrow();
        assertEquals(22 / (40 * 3600.0), leakage.get("leakage_rate").asDouble(), 1e-12);
        var targets = manager.awaitType("FRBC.FillLevelTargetProfile").get("elements");
        assertEquals(2, targets.size());
        assertEquals(16 * 3_600_000L, targets.at("/0/duration").asLong());
        assertEquals(19, targets.at("/0/fill_level_range/start_of_range").asDouble());
        assertEquals(22, targets.at("/0/fill_level_range/end_of_range").asDouble());
        assertEquals(8 * 3_600_000L, targets.at("/1/duration").asLong());
    }

    @Test
    void aHeaterIsAnActuatorWithAModeForEachLevel() {
        controlled();
        var actuators = manager.last("FRBC.SystemDescription").get("actuators");
        assertEquals(2, actuators.size());
        var miner = actuators.get(0);
        assertEquals("Mini 3", miner.get("diagnostic_label").asText());
        assertEquals(3, miner.get("operation_modes").size());
        var top = miner.at("/operation_modes/2/elements/0");
        assertEquals(800, top.at("/power_ranges/0/end_of_range").asDouble());
        assertEquals(8e-4, top.at("/fill_rate/end_of_range").asDouble(), 1e-12);
        assertEquals(-0.045 / 3600, top.at("/running_costs/start_of_range").asDouble(), 1e-12);
        assertEquals(6, miner.get("transitions").size());
        var transition = transition(miner, "level-0", "level-2");
        assertEquals(
                "[\"minimum-on\",\"minimum-dwell\"]",
                transition.get("start_timers").toString());
        assertEquals("[\"minimum-off\"]", transition.get("blocking_timers").toString());
        assertEquals(120_000, transition.get("transition_duration").asLong());
        assertEquals(
                "[\"minimum-on\"]",
                transition(miner, "level-2", "level-0").get("blocking_timers").toString());
        assertEquals(1_800_000, miner.at("/timers/0/duration").asLong());
        assertEquals(
                "level-0",
                manager.awaitType("FRBC.ActuatorStatus")
                        .get("active_operation_mode_id")
                        .asText());
    }

    private static JsonNode transition(JsonNode actuator, String from, String to) {
        for (var each : actuator.get("transitions"))
            if (each.get("from").asText().equals(from)
                    && each.get("to").asText().equals(to)) return each;
        throw new AssertionError("no transition from " + from + " to " + to);
    }

    @Test
    void costsInACurrencyThatS2DoesNotKnowAreLeftOut() {
        room.currency("CZK");
        controlled();
        assertFalse(manager.last("ResourceManagerDetails").has("currency"));
        assertTrue(manager.last("FRBC.SystemDescription")
                .at("/actuators/0/operation_modes/0/elements/0/running_costs")
                .isMissingNode());
    }

    @Test
    void aRoomThatIsNotKnownIsNotOffered() {
        room.known(false);
        var resource = start();
        await("the reason", () -> resource.trouble().orElse("").contains("not known well enough"));
        assertFalse(manager.connected());
        room.known(true);
        manager.awaitType("ResourceManagerDetails");
    }

    @Test
    void onlyWhatIsNewIsToldAgain() {
        controlled();
        room.temperature(20.5);
        manager.await(
                "the new temperature", each -> each.path("present_fill_level").asDouble() == 20.5);
        room.pass(Duration.ofMinutes(1));
        await(
                "another measurement",
                () -> manager.last("PowerMeasurement")
                        .get("measurement_timestamp")
                        .asText()
                        .equals("2026-01-15T06:01:00Z"));
        assertEquals(1, manager.all("FRBC.SystemDescription").size());
        assertEquals(1, manager.all("FRBC.FillLevelTargetProfile").size());
        assertEquals(1, manager.all("FRBC.LeakageBehaviour").size());
        assertEquals(2, manager.all("FRBC.StorageStatus").size());
    }

    // ---- instructions

    @Test
    void anInstructionBecomesAPreferenceAndItsCourseIsTold() {
        controlled();
        assertEquals(
                "OK", manager.ask(instruction("one", 0, 2, NOW)).get("status").asText());
        manager.awaitStatus("one", "STARTED");
        assertEquals(List.of(MINER + " 2"), room.asked);
        room.cycle();
        manager.awaitStatus("one", "SUCCEEDED");
        assertEquals(List.of("ACCEPTED", "STARTED", "SUCCEEDED"), manager.statuses("one"));
        var status = manager.await(
                "the new mode",
                each -> each.path("active_operation_mode_id").asText().equals("level-2"));
        assertEquals("level-0", status.get("previous_operation_mode_id").asText());
        assertEquals(NOW, status.get("transition_timestamp").asText());
        manager.await(
                "the minimum on time",
                each -> each.path("timer_id").asText().equals("minimum-on")
                        && each.path("finished_at").asText().equals("2026-01-15T06:30:00Z"));
    }

    @Test
    void anInstructionForLaterIsFollowedLater() {
        controlled();
        manager.ask(instruction("later", 0, 1, "2026-01-15T07:10:00+01:00"));
        manager.awaitStatus("later", "ACCEPTED");
        room.pass(Duration.ofMinutes(9));
        room.temperature(20.1);
        manager.await("a round", each -> each.path("present_fill_level").asDouble() == 20.1);
        assertEquals(List.of(), room.asked);
        room.pass(Duration.ofMinutes(1));
        manager.awaitStatus("later", "STARTED");
        assertEquals(List.of(MINER + " 1"), room.asked);
    }

    @Test
    void aPreferenceIsRenewedAndRunsOutWithoutTheManager() {
        var resource = controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.awaitStatus("one", "STARTED");
        for (int i = 0; i < 4; i++) {
            room.pass(Duration.ofMinutes(3));
            int before = i + 1;
            await("a renewal", () -> room.asked.size() > before);
            room.cycle();
            assertEquals(2, room.level(MINER));
        }
        resource.close();
        assertEquals(MINER + " released", room.asked.getLast());
        room.cycle();
        assertEquals(0, room.level(MINER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            room | level | outcome  | note
            18.9 | 0     | REJECTED | below its comfort band from 19
            18.9 | 1     | REJECTED | below its comfort band from 19
            18.9 | 2     | STARTED  |
            19   | 0     | STARTED  |
            22   | 2     | STARTED  |
            22.1 | 1     | REJECTED | above its comfort band to 22
            22.1 | 0     | STARTED  |
            """)
    void anInstructionNeverLeavesTheComfortBand(double celsius, int level, String outcome, String note) {
        room.temperature(celsius);
        controlled();
        manager.ask(instruction("one", 0, level, NOW));
        manager.awaitStatus("one", outcome);
        if (note == null) return;
        awaitNote(note);
        assertEquals(List.of(), room.asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            room | level | outcome  | note
            19.4 | 0     | REJECTED | would be below its comfort band from 19
            19.4 | 1     | STARTED  |
            19.6 | 0     | STARTED  |
            21.9 | 2     | REJECTED | would be above its comfort band to 22
            21.9 | 0     | STARTED  |
            21.7 | 2     | STARTED  |
            """)
    void anInstructionIsRejectedWhereItsHeaterCouldNotTurnBackInTime(
            double celsius, int level, String outcome, String note) {
        room.leeway(0.5, 0.2);
        anInstructionNeverLeavesTheComfortBand(celsius, level, outcome, note);
    }

    @Test
    void withoutATemperatureTheRoomIsLeftToItself() {
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.awaitStatus("one", "STARTED");
        room.noTemperature();
        manager.awaitStatus("one", "ABORTED");
        assertEquals(MINER + " released", room.asked.getLast());
        manager.ask(instruction("two", 0, 2, NOW));
        manager.awaitStatus("two", "REJECTED");
    }

    @Test
    void aRoomThatGetsTooWarmEndsWhatWasInstructed() {
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        room.cycle();
        manager.awaitStatus("one", "STARTED");
        room.temperature(22.5);
        awaitNote("above its comfort band");
        await("the release", () -> room.asked.getLast().equals(MINER + " released"));
    }

    @Test
    void minimumTimesOfADeviceAreKept() {
        controlled();
        manager.ask(instruction("on", 0, 2, NOW));
        manager.awaitStatus("on", "STARTED");
        room.cycle();
        manager.awaitStatus("on", "SUCCEEDED");
        room.pass(Duration.ofMinutes(29));
        manager.ask(instruction("early", 0, 0, NOW));
        manager.awaitStatus("early", "REJECTED");
        awaitNote("changes no sooner than 2026-01-15T06:30:00Z (minimum-on)");
        room.pass(Duration.ofMinutes(1));
        manager.ask(instruction("in-time", 0, 0, NOW));
        manager.awaitStatus("in-time", "STARTED");
    }

    @Test
    void aNewInstructionTakesThePlaceOfOneThatHasNotSucceeded() {
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.awaitStatus("one", "STARTED");
        manager.ask(instruction("two", 0, 1, NOW));
        manager.awaitStatus("two", "STARTED");
        manager.awaitStatus("one", "ABORTED");
        manager.ask(instruction("other", 1, 1, NOW)); // of another heater
        manager.awaitStatus("other", "STARTED");
        room.cycle();
        manager.awaitStatus("two", "SUCCEEDED");
        manager.awaitStatus("other", "SUCCEEDED");
    }

    @Test
    void anInstructionThatIsNotReachedIsAborted() {
        room.obeys(false);
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.awaitStatus("one", "STARTED");
        room.pass(Duration.ofMinutes(10));
        manager.awaitStatus("one", "ABORTED");
        awaitNote("has not reached the level in time");
        assertEquals(MINER + " released", room.asked.getLast());
    }

    @Test
    void instructionsCanBeRevoked() {
        controlled();
        manager.ask(instruction("waiting", 0, 1, "2026-01-15T08:00:00Z"));
        manager.ask(instruction("active", 1, 1, NOW));
        manager.awaitStatus("active", "STARTED");
        for (var id : List.of("waiting", "active")) {
            assertEquals(
                    "OK",
                    manager.ask(revoke("FRBC.Instruction", id)).get("status").asText());
            manager.awaitStatus(id, "REVOKED");
            assertEquals(
                    "INVALID_CONTENT",
                    manager.ask(revoke("FRBC.Instruction", id)).get("status").asText());
        }
        assertEquals("element released", room.asked.getLast());
        assertEquals(
                "INVALID_CONTENT",
                manager.ask(revoke("FRBC.SystemDescription", "whatever"))
                        .get("status")
                        .asText());
    }

    private static ObjectNode revoke(String type, String id) {
        return Messages.message("RevokeObject").put("object_type", type).put("object_id", id);
    }

    @Test
    void aManagerThatGivesUpControlTakesItsWishesAlong() {
        var resource = controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.ask(instruction("later", 0, 1, "2026-01-15T08:00:00Z"));
        manager.awaitStatus("one", "STARTED");
        manager.ask(Messages.message("SelectControlType").put("control_type", "NO_SELECTION"));
        manager.awaitStatus("one", "ABORTED");
        manager.awaitStatus("later", "ABORTED");
        assertEquals(MINER + " released", room.asked.getLast());
        await("its end", () -> !resource.controlled());
        assertEquals(
                "INVALID_CONTENT",
                manager.ask(instruction("two", 0, 2, NOW)).get("status").asText());
    }

    // ---- messages that are not as they should be

    @Test
    void whatIsNoMessageIsAnsweredToo() {
        controlled();
        manager.say("{\"message_type\":");
        assertEquals(
                "INVALID_DATA",
                manager.awaitReception(Messages.NO_ID).get("status").asText());
        manager.say("{\"message_type\":\"FRBC.Instruction\"}");
        await(
                "both answers",
                () -> manager.heard.stream()
                                .filter(each ->
                                        each.path("subject_message_id").asText().equals(Messages.NO_ID))
                                .count()
                        == 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', useHeadersInDisplayName = true, textBlock = """
            field                 | value               | status          | why
            operation_mode_factor | 1.5                 | INVALID_CONTENT | not between 0 and 1
            operation_mode_factor | "1"                 | INVALID_MESSAGE | a number is accepted
            actuator_id           | "heater-2"          | INVALID_CONTENT | was not described
            operation_mode        | "level-3"           | INVALID_CONTENT | was not described
            operation_mode        | "x"                 | INVALID_MESSAGE | 2 to 64
            execution_time        | "2026-01-15T06:00"  | INVALID_MESSAGE | a time with its offset
            abnormal_condition    | 0                   | INVALID_MESSAGE | true or false
            surprise              | 1                   | INVALID_MESSAGE | has no place there
            message_type          | "OMBC.Instruction"  | INVALID_MESSAGE | no message that is known
            """)
    void anInstructionThatIsWrongIsRefusedWithTheReason(String field, String value, String status, String why)
            throws Exception {
        controlled();
        var message = instruction("one", 0, 2, NOW);
        message.set(field, new ObjectMapper().readTree(value));
        var answer = manager.ask(message);
        assertEquals(status, answer.get("status").asText());
        assertTrue(answer.get("diagnostic_label").asText().contains(why), answer.toString());
        assertEquals(List.of(), room.asked);
        assertEquals(List.of(), manager.statuses("one"));
    }

    @Test
    void aFieldThatIsMissingIsNamed() {
        controlled();
        var message = instruction("one", 0, 2, NOW);
        message.remove("execution_time");
        assertTrue(manager.ask(message)
                .get("diagnostic_label")
                .asText()
                .contains("FRBC.Instruction.execution_time is missing"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noMessageHoweverBrokenEndsASession(long seed) {
        controlled();
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var text = new StringBuilder(instruction("broken-" + i, 0, 2, NOW).toString());
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, MUTATIONS.charAt(random.nextInt(MUTATIONS.length())));
                    default -> text.insert(at, MUTATIONS.charAt(random.nextInt(MUTATIONS.length())));
                }
            }
            manager.say(text.toString());
        }
        for (var odd : List.of("", "null", "[]", "1e999999999", "\"x\"", "{}", "[".repeat(5_000), "\u0000"))
            manager.say(odd);
        var answer = manager.ask(Messages.message("SelectControlType").put("control_type", Messages.FILL_RATE));
        assertEquals("OK", answer.get("status").asText(), "seed " + seed);
        assertEquals(1, manager.all("Handshake").size(), "seed " + seed + ": " + notes);
        assertTrue(manager.all("ReceptionStatus").size() > 200, "seed " + seed);
    }

    @Test
    void anInstructionIsFollowedOnce() {
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        assertEquals(
                "INVALID_CONTENT",
                manager.ask(instruction("one", 0, 1, NOW)).get("status").asText());
        assertFalse(room.asked.contains(MINER + " 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEMAND_DRIVEN_BASED_CONTROL", "POWER_ENVELOPE_BASED_CONTROL"})
    void aControlTypeThatWasNotOfferedIsRefused(String type) {
        var resource = start();
        manager.awaitType("ResourceManagerDetails");
        var answer = manager.ask(Messages.message("SelectControlType").put("control_type", type));
        assertEquals("INVALID_CONTENT", answer.get("status").asText());
        assertFalse(resource.controlled());
    }

    @Test
    void aMessageThatOnlyResourceManagersSendIsRefused() {
        controlled();
        var answer = manager.ask(FillRateControl.storage(new Celsius(20)));
        assertEquals("INVALID_CONTENT", answer.get("status").asText());
    }

    @Test
    void whatTheManagerCannotTakeNowIsSentAgainAFewTimes() {
        start();
        manager.awaitType("ResourceManagerDetails");
        manager.answer = "TEMPORARY_ERROR";
        room.pass(Duration.ofMinutes(1));
        awaitNote("could not take PowerMeasurement 3 times");
        // the note may be of the minute before, whose measurement may just have met the same answer
        await("its third time", () -> measuredAt("2026-01-15T06:01:00Z").size() >= 3);
        var ids = measuredAt("2026-01-15T06:01:00Z");
        assertEquals(3, ids.size());
        assertEquals(1, ids.stream().distinct().count());
    }

    private List<String> measuredAt(String time) {
        return manager.all("PowerMeasurement").stream()
                .filter(each -> each.get("measurement_timestamp").asText().equals(time))
                .map(each -> each.get("message_id").asText())
                .toList();
    }

    // ---- the link

    @Test
    void aBrokenLinkTakesAllWishesAndIsMadeAgain() {
        controlled();
        manager.ask(instruction("one", 0, 2, NOW));
        manager.awaitStatus("one", "STARTED");
        manager.heard.clear();
        manager.hangUp();
        manager.awaitType("ResourceManagerDetails");
        assertEquals(MINER + " released", room.asked.getLast());
        assertTrue(notes.stream().anyMatch(note -> note.contains("1001")), notes.toString());
        assertEquals("OK", manager.takeControl().get("status").asText());
    }

    @Test
    void aManagerThatComesLaterIsFound() {
        int port = manager.port();
        var config = manager.config();
        manager.close();
        var resource = ResourceManager.start(config, room, room, FAST, notes::add);
        opened.add(resource);
        await("the first failure", () -> resource.trouble().orElse("").contains("no connection"));
        manager = new EnergyManager(port);
        opened.add(0, manager);
        manager.awaitType("ResourceManagerDetails");
        await("no trouble", () -> resource.trouble().isEmpty());
    }

    @Test
    void aManagerThatAnswersNothingIsNone() {
        manager.answers = message -> !message.path("message_type").asText().equals("PowerMeasurement");
        start(new ResourceManager.Pace(
                Duration.ofMillis(20),
                Duration.ofMillis(20),
                Duration.ofMinutes(5),
                Duration.ofMillis(1_000),
                Duration.ofMillis(20)));
        awaitNote("the manager has not answered PowerMeasurement within 1 s");
        await("another session", () -> manager.all("Handshake").size() >= 2);
    }

    @Test
    void aManagerThatCannotGoOnIsLeft() {
        manager.answer = "PERMANENT_ERROR";
        start();
        awaitNote("the manager cannot go on after Handshake");
        manager.answer = "OK";
        manager.awaitType("ResourceManagerDetails");
    }

    @Test
    void aVersionThatWasNotOfferedIsRefused() {
        manager.version = "9.9";
        start();
        awaitNote("version 9.9 was not offered (offered were 1.0.0-beta)");
        assertEquals(List.of(), manager.all("ResourceManagerDetails"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECONNECT", "TERMINATE"})
    void theManagerMayEndASession(String request) {
        controlled();
        manager.heard.clear();
        manager.say(Messages.message("SessionRequest").put("request", request));
        manager.awaitType("ResourceManagerDetails");
        assertEquals(
                request.equals("TERMINATE"),
                notes.stream().anyMatch(note -> note.contains("the manager ended the session")));
    }

    @Test
    void theTokenIsSentAndNotShown() {
        var config = new S2Config(manager.config().manager(), Optional.of("sesame"), S2Config.VERSIONS);
        opened.add(ResourceManager.start(config, room, room, FAST, notes::add));
        manager.awaitType("ResourceManagerDetails");
        assertEquals(List.of("Bearer sesame"), manager.tokens);
        assertFalse(config.toString().contains("sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://manager/s2", "manager:8080", "ws:/s2"})
    void anAddressThatIsNoWebSocketIsRefused(String address) {
        var refused = assertThrows(IllegalArgumentException.class, () -> S2Config.of(URI.create(address)));
        assertTrue(refused.getMessage().contains(address), refused.getMessage());
    }
}
