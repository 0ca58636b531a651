package org.athanor.devices.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.athanor.devices.simulated.RestServer.Answer;
import org.athanor.devices.simulated.RestServer.Answer.Whole;
import org.athanor.devices.simulated.RestServer.Question;
import org.athanor.units.Celsius;

/**
 * As much of Home Assistant as sensors and thermostats need: states, the unit of temperature, and the service that sets a
 * setpoint. Its entities are added to it; a sensor reports whenever it is asked for.
 */
public final class SimulatedHomeAssistant implements Breakable, AutoCloseable {
    static final Set<Fault> SHOWS = Faults.of(
            Fault.UNREACHABLE,
            Fault.SILENT,
            Fault.LATE,
            Fault.GARBAGE,
            Fault.TRUNCATED,
            Fault.WRONG_REPLY,
            Fault.WRONG_PASSWORD,
            Fault.FOREIGN_CALLER,
            Fault.IGNORES_COMMANDS,
            Fault.REFUSES_COMMANDS,
            Fault.OLD_FIRMWARE,
            Fault.STUCK_SENSOR,
            Fault.LOST_SENSOR,
            Fault.LYING_SENSOR);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATES = "GET /api/states/";
    private static final double LIE_KELVIN = 5;

    private final String token;
    private final boolean fahrenheit;
    private final InstantSource clock;
    private final Faults faults = new Faults(SHOWS);
    private final Map<String, Supplier<Celsius>> sensors = new LinkedHashMap<>();
    private final Map<String, Power> powers = new LinkedHashMap<>();
    private final Map<String, Climate> climates = new LinkedHashMap<>();
    private final RestServer server;
    private Optional<Instant> stuckSince = Optional.empty();

    private record Power(Supplier<String> state, String unit) {}

    private static final class Climate {
        final Supplier<Celsius> current;
        double setpoint;
        String mode = "heat";

        Climate(Supplier<Celsius> current, double setpoint) {
            this.current = current;
            this.setpoint = setpoint;
        }
    }

    /**
     * @param listen port 0 takes a free one
     * @param fahrenheit whether its home measures in °F
     */
    public SimulatedHomeAssistant(InetSocketAddress listen, String token, boolean fahrenheit, InstantSource clock) {
        this.token = token;
        this.fahrenheit = fahrenheit;
        this.clock = clock;
        this.server = new RestServer(listen, this::answer);
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** @param entity such as sensor.living_room */
    public synchronized void addSensor(String entity, Supplier<Celsius> temperature) {
        sensors.put(entity, temperature);
    }

    /**
     * @param entity such as sensor.boiler_heat
     * @param state as it writes it
     * @param unit as it names it
     */
    public synchronized void addPower(String entity, Supplier<String> state, String unit) {
        powers.put(entity, new Power(state, unit));
    }

    /** @param entity such as climate.living_room */
    public synchronized void addClimate(String entity, Supplier<Celsius> current, Celsius setpoint) {
        climates.put(entity, new Climate(current, shown(setpoint)));
    }

    /** What a thermostat aims at, in truth. */
    public synchronized Celsius setpoint(String entity) {
        double value = climates.get(entity).setpoint;
        return new Celsius(fahrenheit ? (value - 32) / 1.8 : value);
    }

    /** As somebody does at the thermostat itself. */
    public synchronized void setMode(String entity, String mode) {
        climates.get(entity).mode = mode;
    }

    @Override
    public Set<Fault> shows() {
        return SHOWS;
    }

    @Override
    public synchronized void inject(Fault... injected) {
        faults.add(injected);
        if (faults.contains(Fault.STUCK_SENSOR) && stuckSince.isEmpty()) stuckSince = Optional.of(clock.instant());
    }

    @Override
    public synchronized void clear() {
        faults.clear();
        stuckSince = Optional.empty();
    }

    private double shown(Celsius celsius) {
        double value = celsius.value() - (faults.contains(Fault.LYING_SENSOR) ? LIE_KELVIN : 0);
        return Math.round((fahrenheit ? value * 1.8 + 32 : value) * 10) / 10.0;
    }

    // ---- the API

    private synchronized Answer answer(Question question) {
        if (faults.contains(Fault.UNREACHABLE)) return new Answer.Broken();
        if (faults.contains(Fault.SILENT)) return new Answer.Never();
        if (faults.contains(Fault.GARBAGE)) return new Whole(200, "<html>\u0001 502</html>");
        var whole = whole(question);
        if (faults.contains(Fault.LATE)) return new Answer.Late(whole);
        return faults.contains(Fault.TRUNCATED) ? new Answer.Half(whole) : whole;
    }

    private Whole whole(Question question) {
        if (faults.contains(Fault.WRONG_PASSWORD) || !question.authorization().equals(Optional.of("Bearer " + token)))
            return new Whole(401, "401: Unauthorized");
        if (faults.contains(Fault.WRONG_REPLY)) return new Whole(200, "{\"message\":\"API running.\"}");
        if (question.call().startsWith(STATES))
            return state(question.call().substring(STATES.length()))
                    .map(state -> new Whole(200, state.toString()))
                    .orElseGet(() -> new Whole(404, "{\"message\":\"Entity not found.\"}"));
        return switch (question.call()) {
            case "GET /api/config" -> config();
            case "POST /api/services/climate/set_temperature" -> setTemperature(question.body());
            default -> new Whole(404, "404: Not Found");
        };
    }

    /** Newer versions tell it to administrators only. */
    private Whole config() {
        if (faults.contains(Fault.FOREIGN_CALLER)) return new Whole(403, "403: Forbidden");
        var config = JSON.createObjectNode();
        config.putObject("unit_system").put("temperature", unit());
        return new Whole(200, config.toString());
    }

    private String unit() {
        return fahrenheit ? "°F" : "°C";
    }

    private Optional<ObjectNode> state(String entity) {
        var state = JSON.createObjectNode().put("entity_id", entity);
        var attributes = state.putObject("attributes");
        boolean lost = faults.contains(Fault.LOST_SENSOR);
        if (sensors.containsKey(entity)) {
            state.put(
                    "state",
                    lost
                            ? "unavailable"
                            : Double.toString(shown(sensors.get(entity).get())));
            attributes.put("unit_of_measurement", unit()).put("device_class", "temperature");
        } else if (powers.containsKey(entity)) {
            var power = powers.get(entity);
            state.put("state", lost ? "unavailable" : power.state().get());
            attributes.put("unit_of_measurement", power.unit()).put("device_class", "power");
        } else if (climates.containsKey(entity)) climate(climates.get(entity), lost, state, attributes);
        else return Optional.empty();
        var reported =
                stuckSince.orElseGet(clock::instant).atOffset(ZoneOffset.UTC).toString();
        state.put("last_changed", reported).put("last_updated", reported);
        // a sensor that reports what it did before updates nothing: before 2024 nobody could tell
        if (!faults.contains(Fault.OLD_FIRMWARE)) {
            state.put("last_reported", reported);
            state.put(
                    "last_updated",
                    clock.instant()
                            .minus(Duration.ofHours(2))
                            .atOffset(ZoneOffset.UTC)
                            .toString());
        }
        return Optional.of(state);
    }

    private void climate(Climate climate, boolean lost, ObjectNode state, ObjectNode attributes) {
        double current = shown(climate.current.get());
        boolean cold = current < climate.setpoint;
        state.put("state", lost ? "unavailable" : climate.mode);
        attributes
                .put("current_temperature", current)
                .put("min_temp", fahrenheit ? 45 : 7)
                .put("max_temp", fahrenheit ? 86 : 30)
                .put("target_temp_step", fahrenheit ? 1 : 0.5)
                .put("hvac_action", climate.mode.equals("off") ? "off" : cold ? "heating" : "idle");
        if (climate.mode.equals("heat_cool"))
            attributes
                    .putNull("temperature")
                    .put("target_temp_low", climate.setpoint)
                    .put("target_temp_high", climate.setpoint + 4);
        else attributes.put("temperature", climate.setpoint);
    }

    private Whole setTemperature(String body) {
        JsonNode given;
        try {
            given = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new Whole(400, "{\"message\":\"Data should be valid JSON.\"}");
        }
        var climate = climates.get(given.path("entity_id").asText(""));
        if (climate == null || !given.path("temperature").isNumber() || faults.contains(Fault.REFUSES_COMMANDS))
            return new Whole(400, "400: Bad Request");
        if (climate.mode.equals("heat_cool")) return new Whole(500, "500: Internal Server Error");
        if (!faults.contains(Fault.IGNORES_COMMANDS))
            climate.setpoint = given.path("temperature").doubleValue();
        return new Whole(200, "[]");
    }

    @Override
    public void close() {
        server.close();
    }
}
