package org.athanor.devices.homeassistant;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.http.JsonHttp;
import org.athanor.devices.http.JsonHttp.Request;
import org.athanor.units.Celsius;

/** One entity of Home Assistant: its state, fresh and understood, or a failure that says why there is none. */
final class EntityReader implements AutoCloseable {
    /** From then on a reading is none: the sensor's battery may be empty, or its radio out of reach. */
    static final Duration STALE = Duration.ofMinutes(30);

    /** Two clocks may differ by so much. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private static final Pattern ENTITY = Pattern.compile("([a-z0-9_]+)\\.[a-z0-9_]+");
    private static final Map<Integer, String> REFUSALS = Map.of(
            401, "its token is wrong or was revoked: make a new one on its profile page",
            403, "it tells that to administrators only: give its unit of temperature",
            404, "there is no entity of this name, or no such call");

    private static final double LOWEST = -60;
    private static final double HIGHEST = 150;

    final Request states;
    private final HomeAssistantAccess access;
    private final String entity;
    private final InstantSource clock;
    final JsonHttp http;

    /** @throws IllegalArgumentException for what is no entity's name, or one of another kind */
    EntityReader(String id, HomeAssistantAccess access, String entity, InstantSource clock, List<String> kinds) {
        this.access = access;
        this.entity = entity(entity, kinds);
        this.clock = clock;
        this.states = Request.get(access.path() + "/api/states/" + entity);
        this.http = new JsonHttp(id, access.address(), access.timeout());
    }

    /** @throws IllegalArgumentException for what is no entity's name, or one of another kind */
    static String entity(String text, List<String> kinds) {
        var name = ENTITY.matcher(text);
        if (!name.matches() || !kinds.contains(name.group(1)))
            throw new IllegalArgumentException("entity \"" + text + "\" (one of " + String.join(", ", kinds)
                    + " is accepted, such as " + kinds.getFirst() + ".living_room)");
        return text;
    }

    String entity() {
        return entity;
    }

    Request get(String call) {
        return Request.get(access.path() + "/api/" + call);
    }

    Request post(String call) {
        return Request.post(access.path() + "/api/" + call);
    }

    /** @throws DeviceException of kind REFUSED for a wrong token */
    JsonNode ask(Request request) {
        return http.json(request.authorized("Bearer " + access.token()), REFUSALS);
    }

    /** @throws DeviceException if it says nothing of itself, or said it too long ago */
    JsonNode freshState() {
        var state = state();
        var text = state.path("state").asText("");
        if (text.equals("unavailable") || text.equals("unknown") || text.isBlank())
            throw http.failure(Kind.GARBLED, states, "no reading: its state is " + JsonHttp.quote(text), null);
        requireFresh(state);
        return state;
    }

    /** However old, and whatever it says: of a thermostat that has had nothing to tell, the limits hold. */
    JsonNode state() {
        var state = ask(states);
        if (!state.path("entity_id").asText("").equals(entity))
            throw http.failure(Kind.GARBLED, states, "not of this entity: " + JsonHttp.quote(state.toString()), null);
        return state;
    }

    /**
     * A sensor whose room keeps its temperature updates nothing, but since 2024 Home Assistant tells when it last reported: that
     * counts where it is told.
     */
    private void requireFresh(JsonNode state) {
        var field = state.path("last_reported").isTextual() ? "last_reported" : "last_updated";
        Instant last;
        try {
            last = OffsetDateTime.parse(state.path(field).asText("")).toInstant();
        } catch (DateTimeException e) {
            throw http.failure(
                    Kind.GARBLED,
                    states,
                    "no time in its " + field + ": "
                            + JsonHttp.quote(state.path(field).toString()),
                    e);
        }
        var age = Duration.between(last, clock.instant());
        if (age.compareTo(STALE) > 0)
            throw http.failure(
                    Kind.GARBLED, states, "no reading: the last is " + age.toMinutes() + " minutes old", null);
        if (age.compareTo(AHEAD.negated()) < 0)
            throw http.failure(
                    Kind.GARBLED,
                    states,
                    "its reading is of " + last + ", ahead of our clock by more than " + AHEAD.toMinutes()
                            + " minutes: set the clocks",
                    null);
    }

    Celsius plausible(double value, TemperatureUnit unit, String what) {
        var celsius = unit.celsius(value);
        if (!(celsius.value() >= LOWEST && celsius.value() <= HIGHEST))
            throw http.failure(
                    Kind.GARBLED,
                    states,
                    what + " is " + value + " " + unit.symbol() + " (believed from " + LOWEST + " to " + HIGHEST
                            + " °C)",
                    null);
        return celsius;
    }

    @Override
    public void close() {
        http.close();
    }
}
