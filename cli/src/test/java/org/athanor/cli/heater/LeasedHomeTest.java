package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.athanor.devices.simulated.SimulatedGateway;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole program but its page: a miner that its own timer protects, beside a boiler behind an OpenTherm gateway. */
@Execution(ExecutionMode.CONCURRENT)
class LeasedHomeTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago

    @TempDir
    private Path folder;

    private static List<Snapshot> run(HeaterHome home, int cycles) {
        var seen = new ArrayList<Snapshot>();
        var control = Thread.currentThread();
        try {
            home.house().run(cycle -> {
                seen.add(cycle.getValue());
                if (seen.size() >= cycles) control.interrupt();
            });
        } catch (InterruptedException e) {
            assertEquals(cycles, seen.size());
        }
        return seen;
    }

    @Test
    void aMinerWithoutAPlugHeatsByItsOwnTimerAndStopsWhenTheProgramIsGone() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var gateway = new SimulatedGateway(loopback, () -> new Celsius(18), new Celsius(17))) {
            var text = """
                    zone: UTC
                    state: state
                    tariff: {kind: flat, price: 0.3}
                    rooms:
                      - id: living
                        floorArea: 30
                        insulation: good
                        setpoint: 20
                        thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
                        primary: {kind: otgw, address: "127.0.0.1:%d", capacityWatts: 9000, efficiency: 0.9,
                                  fuelPrice: 0.11, command: true}
                    heaters:
                      - {id: miner, kind: mini3, address: "127.0.0.1:PORT", lease: firmware}
                    """.formatted(gateway.address().getPort());
            try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), text, START, 1)) {
                var world = ground.world();
                var ticker = new WorldTicker(world, START);
                try (var home = HeaterHome.open(ground.setup(), ticker, ticker, _ -> {})) {
                    var seen = run(home, 30);
                    assertFalse(seen.getFirst().heaters().getFirst().guarded(), "its timer was not seen yet");
                    var last = seen.getLast().heaters().getFirst();
                    assertTrue(last.guarded(), last.guard());
                    assertTrue(world.power() > 350, world.power() + " W");
                    assertEquals(new Celsius(20), gateway.setpoint());

                    world.advance(Duration.ofMinutes(10)); // nobody reads it any more, as if the program had died
                    assertTrue(world.power() < 50, world.power() + " W");
                }
                assertFalse(gateway.overridden(), "its thermostat is left to itself");
            }
        }
    }
}
