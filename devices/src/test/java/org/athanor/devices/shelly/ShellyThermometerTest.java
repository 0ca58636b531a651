package org.athanor.devices.shelly;

import static org.athanor.devices.testing.Failures.anyPort;
import static org.athanor.devices.testing.Failures.assertFailsWithin;
import static org.athanor.devices.testing.Failures.assertMentions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.athanor.devices.DeviceException.Kind;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.devices.simulated.SimulatedShellyPlug;
import org.athanor.devices.simulated.SimulatedShellyThermometer;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class ShellyThermometerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final AtomicReference<Celsius> room = new AtomicReference<>(new Celsius(20.5));
    private final SimulatedShellyThermometer device = new SimulatedShellyThermometer(anyPort(), room::get);
    private final ShellyThermometer thermometer = new ShellyThermometer("room", device.address(), TIMEOUT);

    @AfterEach
    void stop() {
        thermometer.close();
        device.close();
    }

    @Test
    void itReadsTheRoom() {
        assertEquals(new Celsius(20.5), thermometer.read());
        room.set(new Celsius(-3.2));
        assertEquals(new Celsius(-3.2), thermometer.read());
    }

    @Test
    void aLostProbeIsAnErrorNotAZero() {
        device.inject(Fault.LOST_SENSOR);
        assertMentions(
                assertFailsWithin(TIMEOUT, Kind.GARBLED, thermometer::read),
                "Temperature.GetStatus?id=0 on room at 127.0.0.1",
                "\"tC\":null",
                "\"read\"");
        device.clear();
        assertEquals(new Celsius(20.5), thermometer.read());
    }

    @Test
    void aStuckOneRepeatsItself() {
        device.inject(Fault.STUCK_SENSOR);
        room.set(new Celsius(25));
        assertEquals(new Celsius(20.5), thermometer.read());
    }

    @Test
    void aLyingOneReadsTooLow() {
        device.inject(Fault.LYING_SENSOR);
        assertEquals(new Celsius(15.5), thermometer.read());
    }

    @Test
    void anUnreachableOneFailsWithinTheTimeOut() {
        device.inject(Fault.UNREACHABLE);
        assertFailsWithin(TIMEOUT, Kind.UNREACHABLE, thermometer::read);
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, UNREACHABLE",
        "SILENT, UNREACHABLE",
        "LATE, UNREACHABLE",
        "TRUNCATED, UNREACHABLE",
        "GARBAGE, GARBLED",
        "WRONG_REPLY, GARBLED",
        "WRONG_PASSWORD, REFUSED"
    })
    void whateverIsWrongOnTheWireIsNoReading(Fault fault, Kind kind) {
        device.inject(fault);
        var hasty = Duration.ofMillis(400);
        try (var driver = new ShellyThermometer("room", device.address(), hasty)) {
            assertFailsWithin(hasty, kind, driver::read);
        }
        try (var plugged = new SimulatedShellyPlug(
                        anyPort(), new SimulatedElement(new Watts(100), 2000), new Watts(2500));
                var plug = new ShellyPlug("plug", plugged.address(), new Watts(2300), hasty)) {
            plugged.inject(fault);
            assertFailsWithin(hasty, kind, plug::read);
            assertFailsWithin(hasty, kind, () -> plug.on(Duration.ofMinutes(1)));
        }
    }

    @Test
    void whatNoProbeCanMeasureIsGarbled() {
        room.set(new Celsius(-127));
        assertFailsWithin(TIMEOUT, Kind.GARBLED, thermometer::read);
        room.set(new Celsius(300));
        assertFailsWithin(TIMEOUT, Kind.GARBLED, thermometer::read);
    }
}
