package org.athanor.devices.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.mqtt.TemperatureShape.Bare;
import org.athanor.devices.mqtt.TemperatureShape.Tasmota;
import org.athanor.devices.mqtt.TemperatureShape.Unit;
import org.athanor.devices.mqtt.TemperatureShape.Zigbee2Mqtt;

/** Understands what thermometers say. */
final class TemperatureReader {
    /** What a message said. */
    sealed interface Told {
        /** @param seen when the device itself was heard, if the message says so */
        record Reading(double celsius, Optional<Instant> seen) implements Told {}

        record Unreadable(String why) implements Told {}

        record SomethingElse() implements Told {}
    }

    /** What an outdoor or room sensor can measure; a probe that is broken reads 85, -127 or worse. */
    private static final double LOWEST = -55;

    private static final double HIGHEST = 125;
    /** Java alone would take 68F for sixty-eight. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,9}(\\.\\d{1,20})?([eE][+-]?\\d{1,2})?");

    private static final ObjectMapper JSON = new ObjectMapper();

    private TemperatureReader() {}

    static Told read(TemperatureShape shape, String text) {
        return switch (shape) {
            case Zigbee2Mqtt(var field) -> zigbee(text, field);
            case Tasmota(var sensor) -> tasmota(text, sensor);
            case Bare(var unit) -> bare(text, unit);
        };
    }

    private static Told zigbee(String text, String field) {
        var read = object(text);
        if (read.isEmpty()) return new Told.Unreadable("not a JSON object: " + JsonHttp.quote(text));
        if (!read.get().has(field)) return new Told.SomethingElse();
        return number(read.get().get(field), Unit.CELSIUS, lastSeen(read.get().path("last_seen")), text);
    }

    /** As text of ISO 8601 with an offset, or as milliseconds since 1970: Zigbee2MQTT's settings decide. */
    private static Optional<Instant> lastSeen(JsonNode node) {
        try {
            if (node.isIntegralNumber()) return Optional.of(Instant.ofEpochMilli(node.longValue()));
            if (node.isTextual())
                return Optional.of(OffsetDateTime.parse(node.textValue()).toInstant());
        } catch (DateTimeException _) {
            // another form of time is as good as none
        }
        return Optional.empty();
    }

    private static Told tasmota(String text, String sensor) {
        var read = object(text);
        if (read.isEmpty()) return new Told.Unreadable("not a JSON object: " + JsonHttp.quote(text));
        var value = read.get().path(sensor).path("Temperature");
        if (value.isMissingNode()) return new Told.Unreadable("no " + sensor + ".Temperature: " + JsonHttp.quote(text));
        var unit = read.get().path("TempUnit").asText("C");
        // "Time" is the device's local time without an offset, so it dates nothing
        return switch (unit.toUpperCase(Locale.ROOT)) {
            case "C" -> number(value, Unit.CELSIUS, Optional.empty(), text);
            case "F" -> number(value, Unit.FAHRENHEIT, Optional.empty(), text);
            default -> new Told.Unreadable("TempUnit \"" + unit + "\" (C and F are known)");
        };
    }

    private static Told bare(String text, Unit unit) {
        var stripped = text.strip();
        if (!NUMBER.matcher(stripped).matches()) return new Told.Unreadable("not a number: " + JsonHttp.quote(text));
        return plausible(unit.celsius(Double.parseDouble(stripped)), Optional.empty(), text);
    }

    /** Old Tasmota sends numbers as text. */
    private static Told number(JsonNode node, Unit unit, Optional<Instant> seen, String text) {
        if (node.isNumber()) return plausible(unit.celsius(node.doubleValue()), seen, text);
        if (node.isTextual() && bare(node.textValue(), unit) instanceof Told.Reading(var celsius, var _))
            return new Told.Reading(celsius, seen);
        return new Told.Unreadable("no number: " + JsonHttp.quote(text));
    }

    private static Told plausible(double celsius, Optional<Instant> seen, String text) {
        if (!(celsius >= LOWEST && celsius <= HIGHEST))
            return new Told.Unreadable("beyond " + LOWEST + " to " + HIGHEST + " °C: " + JsonHttp.quote(text));
        return new Told.Reading(celsius, seen);
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}
