package org.athanor.devices.homeassistant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.athanor.devices.DeviceException;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.Thermometer;
import org.athanor.devices.homeassistant.ClimateState.Action;
import org.athanor.devices.http.JsonHttp;
import org.athanor.units.Celsius;

/**
 * A thermostat that Home Assistant knows: the home's other heating. It is read, and told a setpoint where its owner consented.
 *
 * <p>It also serves as a thermometer, of what the thermostat measures at its own place.
 *
 * <p>Its temperatures are in the unit that Home Assistant was set to, which its configuration tells; since newer versions tell
 * that to administrators only, it can be given.
 */
public final class HomeAssistantClimate implements Thermometer {
    private static final Duration READ_BACK_EVERY = Duration.ofMillis(250);
    private static final double NARROWEST_STEP = 0.1;
    private static final List<String> KINDS = List.of("climate");

    private final String id;
    private final boolean mayCommand;
    private final Duration patience;
    private final EntityReader reader;
    private Optional<TemperatureUnit> unit;

    /**
     * @param entity of Home Assistant, such as climate.living_room
     * @param mayCommand whether its owner consents to having its setpoint set
     * @param unit of its temperatures; empty asks Home Assistant
     * @param patience how long a command may take until it is read back; radio valves sleep for a while
     * @param clock by which the age of a reading is judged
     * @throws IllegalArgumentException for what is no such entity's name
     */
    public HomeAssistantClimate(
            String id,
            HomeAssistantAccess access,
            String entity,
            boolean mayCommand,
            Optional<TemperatureUnit> unit,
            Duration patience,
            InstantSource clock) {
        this.id = id;
        this.mayCommand = mayCommand;
        this.unit = unit;
        this.patience = patience;
        this.reader = new EntityReader(id, access, entity, clock, KINDS);
    }

    @Override
    public String id() {
        return id;
    }

    /** @throws IllegalArgumentException for what is no name of a thermostat */
    public static String entity(String name) {
        return EntityReader.entity(name, KINDS);
    }

    public boolean mayCommand() {
        return mayCommand;
    }

    /** @throws DeviceException if there is no fresh state */
    public synchronized ClimateState state() {
        var degrees = unit();
        var state = reader.freshState();
        return new ClimateState(
                state.path("state").asText(),
                temperature(state, "current_temperature", degrees),
                temperature(state, "temperature", degrees),
                action(state));
    }

    /** {@inheritDoc} What the thermostat measures. */
    @Override
    public Celsius read() {
        return state().current()
                .orElseThrow(
                        () -> reader.http.failure(Kind.GARBLED, reader.states, "it measures no temperature", null));
    }

    private Optional<Celsius> temperature(JsonNode state, String attribute, TemperatureUnit degrees) {
        var value = state.path("attributes").path(attribute);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (!value.isNumber())
            throw reader.http.failure(
                    Kind.GARBLED,
                    reader.states,
                    attribute + " is no number: " + JsonHttp.quote(value.toString()),
                    null);
        return Optional.of(reader.plausible(value.doubleValue(), degrees, attribute));
    }

    private static Action action(JsonNode state) {
        return switch (state.at("/attributes/hvac_action").asText("")) {
            case "off" -> Action.OFF;
            case "idle" -> Action.IDLE;
            case "heating", "preheating" -> Action.HEATING;
            case "cooling" -> Action.COOLING;
            case "" -> Action.UNKNOWN;
            default -> Action.OTHER;
        };
    }

    private TemperatureUnit unit() {
        if (unit.isPresent()) return unit.get();
        var request = reader.get("config");
        var config = reader.ask(request);
        var symbol = config.at("/unit_system/temperature").asText("");
        unit = TemperatureUnit.named(symbol);
        return unit.orElseThrow(() -> reader.http.failure(
                Kind.GARBLED, request, "its unit of temperature is " + JsonHttp.quote(symbol), null));
    }

    /**
     * Sets the setpoint, rounded to the thermostat's steps, and returns once it is read back. Its mode is left as it is: one that
     * is off stays off.
     *
     * @throws IllegalStateException if its owner has not consented
     * @throws DeviceException of kind REFUSED if it is beyond what the thermostat takes, or not read back in time
     */
    public synchronized void setSetpoint(Celsius wanted) {
        if (!mayCommand)
            throw new IllegalStateException(
                    id + ": its owner has not consented to having the setpoint of " + reader.entity() + " set");
        var degrees = unit();
        var state = reader.state();
        double step = Math.max(NARROWEST_STEP, number(state, "target_temp_step", degrees.kelvins(1) < 1 ? 1 : 0.5));
        double value = Math.round(degrees.of(wanted) / step) * step;
        value = Math.round(value * 1000) / 1000.0; // 21.1, not 21.100000000000001
        double least = number(state, "min_temp", Double.NEGATIVE_INFINITY);
        double most = number(state, "max_temp", Double.POSITIVE_INFINITY);
        var request = reader.post("services/climate/set_temperature");
        if (value < least || value > most)
            throw reader.http.failure(
                    Kind.REFUSED,
                    request,
                    "setpoint " + value + " " + degrees.symbol() + " (it takes " + least + " to " + most + ")",
                    null);
        reader.ask(request.with(JsonNodeFactory.instance
                .objectNode()
                .put("entity_id", reader.entity())
                .put("temperature", value)));
        requireSetpoint(value, step, degrees);
    }

    private double number(JsonNode state, String attribute, double otherwise) {
        var value = state.path("attributes").path(attribute);
        return value.isNumber() ? value.doubleValue() : otherwise;
    }

    private void requireSetpoint(double value, double step, TemperatureUnit degrees) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var now = reader.state().at("/attributes/temperature");
            if (now.isNumber() && Math.abs(now.doubleValue() - value) <= step / 2) return;
            if (System.nanoTime() >= end)
                throw reader.http.failure(
                        Kind.REFUSED,
                        reader.states,
                        "its setpoint is " + now + " instead of " + value + " " + degrees.symbol() + " after "
                                + patience,
                        null);
            try {
                Thread.sleep(READ_BACK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw reader.http.failure(Kind.UNREACHABLE, reader.states, "interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
