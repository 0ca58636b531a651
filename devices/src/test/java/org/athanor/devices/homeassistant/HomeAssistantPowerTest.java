package org.athanor.devices.homeassistant;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedHomeAssistant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A power against a simulated Home Assistant. */
class HomeAssistantPowerTest {
    private static final String ENTITY = "sensor.boiler_heat";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-01-15T06:00:00Z"));
    private final AtomicReference<String> shown = new AtomicReference<>("3500");
    private final SimulatedHomeAssistant home = new SimulatedHomeAssistant(anyPort(), "secret", false, now::get);

    private HomeAssistantPower power(String unit) {
        home.addPower(ENTITY, shown::get, unit);
        return new HomeAssistantPower(
                "heat", new HomeAssistantAccess(home.address(), "", "secret", Duration.ofSeconds(2)), ENTITY, now::get);
    }

    @AfterEach
    void stop() {
        home.close();
    }

    @ParameterizedTest
    @CsvSource({"3500, W, 3500", "3.5, kW, 3500", "0, W, 0", "0.0, kW, 0", "12345.678, W, 12345.678"})
    void wattsAndKilowattsAreRead(String state, String unit, double watts) {
        shown.set(state);
        assertEquals(watts, power(unit).read().value(), 1e-9);
    }

    @Test
    void anotherUnitIsNoPower() {
        assertMentions(assertFails(Kind.REFUSED, power("°C")::read), "it is no power: its unit is \"°C\" (W or kW)");
        assertFails(Kind.REFUSED, power("BTU/h")::read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "0x10", "on", "", "1e3", "1,5"})
    void whatIsNoNumberIsNoReading(String state) {
        shown.set(state);
        assertFails(Kind.GARBLED, power("W")::read);
    }

    @ParameterizedTest
    @CsvSource({"-1, W", "1000001, W", "1001, kW"})
    void whatCannotBeIsNotBelieved(String state, String unit) {
        shown.set(state);
        assertMentions(assertFails(Kind.GARBLED, power(unit)::read), "believed from 0 to 1000000 W");
    }

    @Test
    void whatIsUnavailableOrOldIsNoReading() {
        var power = power("W");
        home.inject(Fault.LOST_SENSOR);
        assertMentions(assertFails(Kind.GARBLED, power::read), "unavailable");
        home.clear();
        home.inject(Fault.STUCK_SENSOR);
        now.set(now.get().plus(Duration.ofMinutes(31)));
        assertMentions(assertFails(Kind.GARBLED, power::read), "minutes old");
    }

    @Test
    void onlySensorsAndNumbersHoldAPower() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HomeAssistantPower(
                        "heat", HomeAssistantAccess.of(home.address(), "secret"), "climate.living", now::get));
    }
}
