package org.athanor.edge.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that is sent, taken apart: whatever is missing, too much or of another kind must be found. */
class MessageRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = FakeFlexibleRoom.START;
    /** That may be left out, by the published schemas. */
    private static final Set<String> OPTIONAL = Set.of(
            "supported_protocol_versions",
            "name",
            "manufacturer",
            "currency",
            "diagnostic_label",
            "fill_level_label",
            "running_costs",
            "transition_duration",
            "previous_operation_mode_id",
            "transition_timestamp");

    static Stream<ObjectNode> messages() {
        var room = new FakeFlexibleRoom();
        var flexibility = room.flexibility().orElseThrow();
        var moment = room.moment().orElseThrow();
        var control = new FillRateControl(flexibility);
        return Stream.of(
                Messages.handshake(S2Config.VERSIONS),
                Messages.message("HandshakeResponse").put("selected_protocol_version", "1.0.0-beta"),
                Messages.details("living", "Living room", flexibility, 60_000),
                Messages.message("SelectControlType").put("control_type", Messages.FILL_RATE),
                Messages.message("SessionRequest").put("request", "RECONNECT"),
                Messages.message("RevokeObject")
                        .put("object_type", "FRBC.Instruction")
                        .put("object_id", "one"),
                Messages.measurement(moment).orElseThrow(),
                Messages.forecast(moment.forecast().orElseThrow()),
                Messages.status("one", "ACCEPTED", NOW),
                Messages.reception("one", "INVALID_CONTENT", Optional.of("because")),
                control.system(moment),
                control.leakage(moment).orElseThrow(),
                control.targets(moment).orElseThrow(),
                FillRateControl.storage(new Celsius(20)),
                FillRateControl.actuator(0, 1, Optional.of(new FillRateControl.Change(0, NOW))),
                FillRateControl.timer(0, FillRateControl.MINIMUM_ON, NOW),
                EnergyManager.instruction("one", 0, 1, NOW.toString()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageAsItIsSentIsRight(ObjectNode message) {
        assertEquals(Optional.empty(), MessageRules.violation(message));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void nothingMayBeMissing(ObjectNode message) {
        everyObject(message, copy -> {
            for (var name : names(copy.at())) {
                var removed = copy.at().remove(name);
                var wrong = MessageRules.violation(copy.root());
                assertEquals(OPTIONAL.contains(name), wrong.isEmpty(), name + " of " + copy.at());
                copy.at().set(name, removed);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("messages")
    void nothingMayBeAdded(ObjectNode message) {
        everyObject(message, copy -> {
            copy.at().put("surprise", 1);
            assertTrue(
                    MessageRules.violation(copy.root()).orElse("").contains("surprise has no place there"),
                    copy.at().toString());
            copy.at().remove("surprise");
        });
    }

    @ParameterizedTest
    @MethodSource("messages")
    void nothingMayBeOfAnotherKind(ObjectNode message) {
        everyObject(message, copy -> {
            for (var name : names(copy.at())) {
                var right = copy.at().get(name);
                for (var other : List.of("null", "[[]]", "{\"a\":1}", "\" \"", "-0.5", "[]", "true")) {
                    var value = read(other);
                    if (value.getNodeType() == right.getNodeType() && !other.equals("\" \"")) continue;
                    copy.at().set(name, value);
                    // any text may be blank that has no form of its own
                    boolean anyText = other.equals("\" \"")
                            && (Set.of("name", "manufacturer", "selected_protocol_version")
                                            .contains(name)
                                    || name.endsWith("_label"));
                    boolean emptyList = other.equals("[]") && right.isArray();
                    if (!anyText && !emptyList)
                        assertTrue(
                                MessageRules.violation(copy.root()).isPresent(),
                                name + " " + other + " of " + copy.at());
                }
                copy.at().set(name, right);
            }
        });
    }

    /** @param at an object within {@code root}, which changes with it */
    private record Copy(ObjectNode root, ObjectNode at) {}

    private interface Check {
        void run(Copy copy);
    }

    private static void everyObject(ObjectNode message, Check check) {
        var objects = new ArrayList<ObjectNode>();
        collect(message, objects);
        for (var each : objects) check.run(new Copy(message, each));
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) objects.add(object);
        node.forEach(child -> collect(child, objects));
    }

    private static List<String> names(ObjectNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Test
    void listsHaveTheirBounds() {
        var forecast = Messages.forecast(
                new FakeFlexibleRoom().moment().orElseThrow().forecast().orElseThrow());
        var elements = (ArrayNode) forecast.get("elements");
        while (elements.size() < 288) elements.add(elements.get(0).deepCopy());
        assertEquals(Optional.empty(), MessageRules.violation(forecast));
        elements.add(elements.get(0).deepCopy());
        assertTrue(MessageRules.violation(forecast).orElse("").contains("a list of 1 to 288"));
        elements.removeAll();
        assertTrue(MessageRules.violation(forecast).isPresent());
    }

    @Test
    void aQuantityIsToldOnce() {
        var measurement = Messages.measurement(new FakeFlexibleRoom().moment().orElseThrow())
                .orElseThrow();
        var values = (ArrayNode) measurement.get("values");
        values.add(values.get(0).deepCopy());
        assertTrue(MessageRules.violation(measurement).orElse("").contains("twice"));
    }

    @Test
    void fillLevelsFollowEachOther() {
        var room = new FakeFlexibleRoom();
        var leakage = new FillRateControl(room.flexibility().orElseThrow())
                .leakage(room.moment().orElseThrow())
                .orElseThrow();
        var range = (ObjectNode) leakage.at("/elements/1/fill_level_range");
        range.put("start_of_range", range.get("start_of_range").doubleValue() + 0.1);
        assertTrue(MessageRules.violation(leakage).orElse("").contains("begins at"));
        range.put("end_of_range", -100);
        assertTrue(MessageRules.violation(leakage).orElse("").contains("a range from low to high"));
    }

    @ParameterizedTest
    @CsvSource({"CEM, ''", "RM, ''", "cem, one of", "'', one of"})
    void wordsAreThoseOfTheSchemas(String role, String wrong) {
        var message = Messages.message("Handshake").put("role", role);
        assertTrue(MessageRules.violation(message).orElse("").contains(wrong));
        assertEquals(wrong.isEmpty(), MessageRules.violation(message).isEmpty());
    }

    @Test
    void idsOfHeatersAndLevelsAreFoundAgain() {
        var control = new FillRateControl(new FakeFlexibleRoom().flexibility().orElseThrow());
        assertEquals(OptionalInt.of(1), control.heater("heater-1"));
        assertEquals(OptionalInt.empty(), control.heater("heater-2"));
        assertEquals(OptionalInt.of(2), control.level(0, "level-2"));
        assertEquals(OptionalInt.empty(), control.level(1, "level-2"));
    }
}
