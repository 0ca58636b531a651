package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import org.athanor.edge.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cold room with a miner of 800 W and an element of 1 kW, by a heater file: the element is for what the chips cannot do. */
@Execution(ExecutionMode.CONCURRENT)
class BoostRunTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago
    private static final int CYCLES = 240;

    @TempDir
    private Path folder;

    private int minerMinutes;
    private int elementMinutes;
    private int elementMinutesBeforeTheChips;
    private double celsius;

    private void run(double fuseWatts, double setpoint) throws Exception {
        var text = """
                zone: UTC
                state: state
                tariff: {kind: flat, price: 0.3}
                circuits: [{id: flat, watts: %s}]
                rooms:
                  - {id: living, floorArea: 30, insulation: good, setpoint: %s, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
                heaters:
                  - id: miner
                    kind: mini3
                    address: "127.0.0.1:PORT"
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                  - id: panel
                    kind: element
                    watts: 1000
                    circuit: flat
                    plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
                """.formatted(fuseWatts, setpoint);
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), text, START, 1)) {
            var world = ground.world();
            var ticker = new WorldTicker(world, START);
            var control = Thread.currentThread();
            var home = HeaterHome.open(ground.setup(), ticker, ticker, _ -> {});
            try {
                home.house().run(cycle -> {
                    look(world, cycle.getValue());
                    if (cycle.getValue().cycle() >= CYCLES) control.interrupt();
                });
            } catch (InterruptedException e) {
                celsius = world.worlds().get("living").home().airCelsius();
            } finally {
                ground.stop(home);
            }
        }
    }

    private void look(SimulatedHome world, Snapshot now) {
        double miner = world.appliances().get("miner").load().power().value();
        double panel = world.appliances().get("panel").load().power().value();
        if (miner > 600) minerMinutes++;
        if (panel == 0) return;
        elementMinutes++;
        // it starts at 600 W, its last level, and keeps that for half an hour; a change of it takes minutes
        if (miner < 590 && now.cycle() > 10) elementMinutesBeforeTheChips++;
    }

    @Test
    void theElementHelpsWhileTheChipsDoTheirMost() throws Exception {
        run(3600, 20);
        assertTrue(elementMinutes > 10, elementMinutes + " minutes of the element");
        assertTrue(minerMinutes >= elementMinutes - 10, minerMinutes + " minutes of the miner at its most");
        assertTrue(elementMinutesBeforeTheChips <= 5, elementMinutesBeforeTheChips + " minutes without the chips");
    }

    @Test
    void onAFuseForOneOfThemItIsTheChips() throws Exception {
        run(1300, 22);
        assertEquals(0, elementMinutes);
        assertTrue(minerMinutes > CYCLES * 3 / 4, minerMinutes + " minutes of the miner at its most");
        assertTrue(celsius > 17, celsius + " °C");
    }
}
