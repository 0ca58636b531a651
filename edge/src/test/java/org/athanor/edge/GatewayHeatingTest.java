package org.athanor.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.devices.opentherm.OpenThermGateway;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedGateway;
import org.athanor.edge.opentherm.GatewayHeating;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A boiler behind a simulated OpenTherm gateway, spoken to over TCP, beside a miner in a room of two nodes. */
class GatewayHeatingTest {
    private static final double BOILER = 4000;
    private static final Celsius PROGRAMME = new Celsius(20);

    @TempDir
    Path folder;

    private LearnedHome living;
    private SimulatedGateway device;

    @BeforeEach
    void open() {
        living = new LearnedHome(folder.resolve("edge"));
        device = new SimulatedGateway(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> new Celsius(living.air), PROGRAMME);
    }

    @AfterEach
    void close() {
        device.close();
        living.close();
    }

    private GatewayHeating boiler(boolean consent) {
        var source = new PrimarySource(new PrimarySource.Boiler(0.9), new Watts(BOILER), consent);
        return new GatewayHeating(
                source,
                new OpenThermGateway("boiler", device.address(), consent, Duration.ofSeconds(2)),
                new Celsius(17));
    }

    private Snapshot cycles(ControlLoop loop, int count) throws InterruptedException {
        Snapshot last = null;
        for (int i = 0; i < count; i++)
            last = living.minute(loop::cycle, () -> {
                device.advance(Duration.ofMinutes(1));
                return device.share() * BOILER;
            });
        return last;
    }

    @Test
    void thePlanHoldsTheDearerBoilerBackAndTheStopLeavesTheThermostatToItself() throws InterruptedException {
        living.learn();
        try (var boiler = boiler(true)) {
            var loop = living.loop(living.config(true).with(boiler));
            var snapshot = cycles(loop, 20);
            assertEquals(Optional.empty(), snapshot.planning().standIn());
            assertEquals(List.of(), snapshot.alarms());
            assertEquals(new Celsius(17), device.setpoint());
            living.price = 2; // now the boiler's is the cheaper one
            cycles(loop, 60);
            assertEquals(LearnedHome.SETPOINT, device.setpoint());
            living.price = 0.25;
            cycles(loop, 60);
            assertEquals(new Celsius(17), device.setpoint());
            device.programme(new Celsius(19)); // its programme ends the override
            cycles(loop, 2);
            assertEquals(new Celsius(17), device.setpoint());
            loop.stop();
            assertFalse(device.overridden());
            assertEquals(new Celsius(19), device.setpoint());
        }
    }

    @Test
    void anOverrideToTheRoomsSetpointIsGivenBackToo() throws InterruptedException {
        living.learn();
        try (var boiler = boiler(true)) {
            var loop = living.loop(living.config(false).with(boiler));
            cycles(loop, 3);
            assertEquals(LearnedHome.SETPOINT, device.setpoint());
            loop.stop();
        }
        assertFalse(device.overridden());
    }

    @Test
    void withoutConsentItIsOnlyMeasured() {
        living.air = 19;
        device.advance(Duration.ofMinutes(1));
        try (var heating = boiler(false)) {
            assertEquals(0.6 * BOILER, heating.read().heat().value(), 1e-6);
            assertEquals(Optional.of(PROGRAMME), heating.read().setpoint());
            assertThrows(IllegalStateException.class, () -> heating.aim(new Celsius(17)));
            device.inject(Fault.LOST_SENSOR);
            assertTrue(assertThrows(DeviceException.class, heating::read)
                    .getMessage()
                    .contains("reports a fault"));
        }
        assertFalse(device.overridden());
    }
}
