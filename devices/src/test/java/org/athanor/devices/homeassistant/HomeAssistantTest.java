package org.athanor.devices.homeassistant;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.homeassistant.ClimateState.Action;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedHomeAssistant;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sensors and thermostats against a simulated Home Assistant. */
class HomeAssistantTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final String TOKEN = "eyJhbGciOi.J9-_x";
    private static final String SENSOR = "sensor.living_room";
    private static final String CLIMATE = "climate.living_room";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-01-15T06:00:00Z"));
    private final InstantSource clock = now::get;
    private final AtomicReference<Celsius> room = new AtomicReference<>(new Celsius(20.5));
    private SimulatedHomeAssistant home = home(false);

    private SimulatedHomeAssistant home(boolean fahrenheit) {
        var simulated = new SimulatedHomeAssistant(anyPort(), TOKEN, fahrenheit, clock);
        simulated.addSensor(SENSOR, room::get);
        simulated.addClimate(CLIMATE, room::get, new Celsius(20));
        return simulated;
    }

    private void measureInFahrenheit() {
        home.close();
        home = home(true);
    }

    private HomeAssistantThermometer thermometer() {
        return thermometer(SENSOR, TOKEN, TIMEOUT);
    }

    private HomeAssistantThermometer thermometer(String entity, String token, Duration timeout) {
        return new HomeAssistantThermometer(
                "room", new HomeAssistantAccess(home.address(), "", token, timeout), entity, clock);
    }

    private HomeAssistantClimate climate(boolean mayCommand, Optional<TemperatureUnit> unit) {
        return new HomeAssistantClimate(
                "heating",
                new HomeAssistantAccess(home.address(), "", TOKEN, TIMEOUT),
                CLIMATE,
                mayCommand,
                unit,
                PATIENCE,
                clock);
    }

    @AfterEach
    void stop() {
        home.close();
    }

    @Test
    void aSensorIsRead() {
        assertEquals(new Celsius(20.5), thermometer().read());
    }

    @Test
    void degreesFahrenheitAreConverted() {
        measureInFahrenheit();
        assertEquals(20.5, thermometer().read().value(), 0.03);
        assertEquals(20.5, climate(false, Optional.empty()).read().value(), 0.03);
        assertEquals(
                20,
                climate(false, Optional.empty())
                        .state()
                        .setpoint()
                        .orElseThrow()
                        .value(),
                1e-9);
    }

    @Test
    void whatIsUnavailableIsNoReading() {
        home.inject(Fault.LOST_SENSOR);
        assertMentions(
                assertFails(Kind.GARBLED, thermometer()::read),
                "GET /api/states/sensor.living_room on room at 127.0.0.1:",
                "no reading: its state is \"unavailable\"");
        assertFails(Kind.GARBLED, climate(false, Optional.empty())::read);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsOlderThanHalfAnHourIsNoReading(boolean old) {
        if (old) home.inject(Fault.OLD_FIRMWARE);
        home.inject(Fault.STUCK_SENSOR);
        now.set(now.get().plus(Duration.ofMinutes(30)));
        assertEquals(new Celsius(20.5), thermometer().read());
        now.set(now.get().plus(Duration.ofSeconds(1)));
        assertMentions(assertFails(Kind.GARBLED, thermometer()::read), "no reading: the last is 30 minutes old");
    }

    @Test
    void aClockFarBehindItsOwnIsSaid() {
        var late = now.get().minus(Duration.ofMinutes(6));
        var thermometer =
                new HomeAssistantThermometer("room", HomeAssistantAccess.of(home.address(), TOKEN), SENSOR, () -> late);
        assertMentions(assertFails(Kind.GARBLED, thermometer::read), "ahead of our clock", "set the clocks");
    }

    @Test
    void aWrongTokenIsSaidAndNeverShown() {
        var failure = assertFails(Kind.REFUSED, thermometer(SENSOR, "hunter2", TIMEOUT)::read);
        assertMentions(failure, "its token is wrong or was revoked");
        assertFalse(failure.toString().contains("hunter2"));
        assertFalse(HomeAssistantAccess.of(home.address(), "hunter2").toString().contains("hunter2"));
    }

    @Test
    void anEntityThatIsNotThereIsSaid() {
        assertMentions(
                assertFails(Kind.REFUSED, thermometer("sensor.cellar", TOKEN, TIMEOUT)::read),
                "there is no entity of this name");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREACHABLE", "SILENT", "LATE", "TRUNCATED"})
    void noWholeReplyIsUnreachable(Fault fault) {
        home.inject(fault);
        var hasty = Duration.ofMillis(300);
        assertFailsWithin(hasty, Kind.UNREACHABLE, thermometer(SENSOR, TOKEN, hasty)::read);
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "WRONG_REPLY"})
    void whatCannotBeBelievedIsGarbled(Fault fault) {
        home.inject(fault);
        assertFails(Kind.GARBLED, thermometer()::read);
        assertFails(Kind.GARBLED, climate(false, Optional.of(TemperatureUnit.CELSIUS))::read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "NaN"  | °C   | GARBLED | its state is no number: "NaN"
            "on"   | °C   | GARBLED | its state is no number: "on"
            "0x10" | °C   | GARBLED | its state is no number
            "451"  | °C   | GARBLED | its state is 451.0 °C
            "451"  | °F   | GARBLED | its state is 451.0 °F
            "45"   | %    | REFUSED | it is no thermometer: its unit is "%"
            "45"   |      | REFUSED | it is no thermometer: its unit is ""
            null   | °C   | GARBLED | no reading
            """)
    void badStatesAreNamed(String state, String unit, Kind kind, String complaint) throws Exception {
        var server = HttpServer.create(anyPort(), 0);
        var body = ("{\"entity_id\":\"sensor.living_room\",\"state\":" + state
                        + ",\"attributes\":{\"unit_of_measurement\":\"" + (unit == null ? "" : unit)
                        + "\"},\"last_updated\":\"2025-01-15T06:00:00.123456+00:00\"}")
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try (var thermometer = new HomeAssistantThermometer(
                "room", HomeAssistantAccess.of(server.getAddress(), TOKEN), SENSOR, clock)) {
            assertMentions(assertFails(kind, thermometer::read), complaint);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aThermostatIsRead() {
        var climate = climate(false, Optional.empty());
        assertEquals(
                new ClimateState("heat", Optional.of(new Celsius(20.5)), Optional.of(new Celsius(20)), Action.IDLE),
                climate.state());
        room.set(new Celsius(18));
        assertEquals(Action.HEATING, climate.state().action());
        home.setMode(CLIMATE, "off");
        assertEquals(Action.OFF, climate.state().action());
        home.setMode(CLIMATE, "heat_cool");
        assertEquals(Optional.empty(), climate.state().setpoint(), "it has two");
    }

    @Test
    void itsSetpointIsSetByConsentAlone() {
        assertMentions(
                assertThrows(
                        IllegalStateException.class,
                        () -> climate(false, Optional.empty()).setSetpoint(new Celsius(18))),
                "heating: its owner has not consented",
                CLIMATE);
        assertEquals(new Celsius(20), home.setpoint(CLIMATE));
    }

    @Test
    void itIsRoundedToTheThermostatsStepsAndReadBack() {
        climate(true, Optional.empty()).setSetpoint(new Celsius(18.3));
        assertEquals(new Celsius(18.5), home.setpoint(CLIMATE));
        measureInFahrenheit();
        climate(true, Optional.empty()).setSetpoint(new Celsius(18.3));
        assertEquals(65, home.setpoint(CLIMATE).value() * 1.8 + 32, 1e-9, "18.3 °C are 64.9 °F");
    }

    @Test
    void aThermostatWithNothingToTellCanStillBeSet() {
        home.inject(Fault.STUCK_SENSOR);
        now.set(now.get().plus(Duration.ofHours(3)));
        var climate = climate(true, Optional.empty());
        assertFails(Kind.GARBLED, climate::state);
        climate.setSetpoint(new Celsius(17));
        assertEquals(new Celsius(17), home.setpoint(CLIMATE));
    }

    @Test
    void aSetpointThatItDoesNotTakeIsNotSent() {
        assertMentions(
                assertFails(Kind.REFUSED, () -> climate(true, Optional.empty()).setSetpoint(new Celsius(35))),
                "setpoint 35.0 °C (it takes 7.0 to 30.0)");
    }

    @Test
    void aCommandThatWasIgnoredOrRefusedIsAnError() {
        home.inject(Fault.IGNORES_COMMANDS);
        assertMentions(
                assertFails(Kind.REFUSED, () -> climate(true, Optional.empty()).setSetpoint(new Celsius(17))),
                "its setpoint is 20.0 instead of 17.0 °C after PT0.4S");
        home.clear();
        home.inject(Fault.REFUSES_COMMANDS);
        assertMentions(
                assertFails(Kind.REFUSED, () -> climate(true, Optional.empty()).setSetpoint(new Celsius(17))),
                "POST /api/services/climate/set_temperature on heating");
    }

    @Test
    void whereTheUnitIsNotToldItCanBeGiven() {
        home.inject(Fault.FOREIGN_CALLER);
        assertMentions(
                assertFails(Kind.REFUSED, climate(false, Optional.empty())::state),
                "GET /api/config on heating",
                "give its unit of temperature");
        assertEquals(
                new Celsius(20.5),
                climate(false, Optional.of(TemperatureUnit.CELSIUS)).read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "living_room", "light.living_room", "sensor.", "sensor.Küche", "sensor.a/../b"})
    void whatIsNoSensorIsRefused(String entity) {
        assertThrows(IllegalArgumentException.class, () -> thermometer(entity, TOKEN, TIMEOUT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\nbreak"})
    void whatIsNoTokenIsRefused(String token) {
        assertThrows(IllegalArgumentException.class, () -> HomeAssistantAccess.of(home.address(), token));
    }
}
