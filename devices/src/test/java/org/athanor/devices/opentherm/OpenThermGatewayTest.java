package org.athanor.devices.opentherm;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFails;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedGateway;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
class OpenThermGatewayTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private double air = 20;
    private final SimulatedGateway device = new SimulatedGateway(anyPort(), () -> new Celsius(air), new Celsius(21));
    private final OpenThermGateway gateway = gateway(true);

    private OpenThermGateway gateway(boolean consent) {
        return new OpenThermGateway("boiler", device.address(), consent, TIMEOUT);
    }

    private void run(int minutes) {
        for (int i = 0; i < minutes; i++) device.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void itReadsWhatBoilerAndThermostatTellEachOtherWithOldAndNewFirmware() {
        run(30);
        var state = gateway.read();
        assertTrue(state.heating());
        assertEquals(0.5, state.modulation(), 1e-9);
        assertEquals(Optional.of(0.2), state.leastShare());
        assertEquals(0.6, state.share(), 1e-9);
        assertEquals(device.share(), state.share(), 1e-9);
        assertEquals(Optional.of(new Celsius(21)), state.setpoint());
        assertEquals(Optional.of(new Celsius(20)), state.room());
        assertTrue(state.flow().orElseThrow().value() > 45, state.toString());
        assertFalse(state.fault());
        device.inject(Fault.OLD_FIRMWARE);
        assertEquals(state, gateway.read());
        assertTrue(device.printing(), "others at its line are told of messages again");
    }

    @Test
    void aWarmRoomAndAShowerTakeNoHeatOfTheBoilerForRooms() {
        run(5);
        device.water(true);
        assertEquals(0, gateway.read().share());
        device.water(false);
        assertTrue(gateway.read().share() > 0);
        air = 22;
        run(1);
        assertEquals(0, gateway.read().share());
    }

    @Test
    void aFlameWithoutAModulationIsTakenForTheLargest() {
        var state =
                new BoilerState(false, true, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertEquals(1, state.share());
    }

    @Test
    void theSetpointIsOverriddenUntilTheProgrammeGoesOnOrItIsReleased() {
        gateway.override(new Celsius(17.5));
        assertEquals(new Celsius(17.5), device.setpoint());
        assertEquals(Optional.of(new Celsius(17.5)), gateway.read().setpoint());
        device.programme(new Celsius(19));
        assertEquals(Optional.of(new Celsius(19)), gateway.read().setpoint());
        gateway.override(new Celsius(22));
        gateway.release();
        assertFalse(device.overridden());
        assertEquals(new Celsius(19), device.setpoint());
    }

    @Test
    void whatIsNotTakenIsRefused() {
        device.inject(Fault.IGNORES_COMMANDS);
        assertMentions(assertFails(Kind.REFUSED, () -> gateway.override(new Celsius(18))), "TT=18.00", "holds \"O=N\"");
        device.clear();
        device.inject(Fault.REFUSES_COMMANDS);
        assertMentions(assertFails(Kind.REFUSED, () -> gateway.override(new Celsius(18))), "TT: NG");
        device.clear();
        device.monitor(true);
        assertMentions(assertFails(Kind.REFUSED, () -> gateway.override(new Celsius(18))), "it only monitors");
        assertMentions(assertFails(Kind.REFUSED, () -> gateway.override(new Celsius(31))), "TT=31.00");
        assertFalse(device.overridden());
    }

    @Test
    void withoutConsentNothingIsSet() {
        var measured = gateway(false);
        measured.read();
        assertThrows(IllegalStateException.class, () -> measured.override(new Celsius(18)));
        assertThrows(IllegalStateException.class, measured::release);
        assertFalse(device.overridden());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"UNREACHABLE", "SILENT", "LATE", "GARBAGE", "TRUNCATED", "WRONG_REPLY"})
    void brokenLinesFailInTime(Fault fault) {
        device.inject(fault);
        assertFailsWithin(Duration.ofSeconds(3), Kind.UNREACHABLE, gateway::read);
    }

    @Test
    void aFaultOfTheBoilerIsTold() {
        device.inject(Fault.LOST_SENSOR);
        assertTrue(gateway.read().fault());
    }
}
