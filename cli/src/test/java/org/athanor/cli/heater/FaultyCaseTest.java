package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.athanor.devices.simulated.Fault;
import org.athanor.devices.simulated.SimulatedHeater;
import org.athanor.edge.Snapshot;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole program but its page: a miner whose case goes wrong, beside one that stays well. */
@Execution(ExecutionMode.CONCURRENT)
class FaultyCaseTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z"); // midnight in Chicago
    private static final int CYCLES_TO_WARM_UP = 15;
    /** One to be read, one to be told, one to run down, and a margin of as many. */
    private static final int CYCLES_TO_STOP = 6;

    private static final double RESTING_WATTS = 5;
    /** More than it draws at rest or while it starts, less than its lowest level. */
    private static final double NANO_LEAST_WATTS = 40;

    private static final String FILE = """
        zone: UTC
        state: state
        tariff: {kind: flat, price: 0.3}
        rooms:
          - {id: study, floorArea: 20, setpoint: 21, maximum: 25, thermometer: {kind: shelly, address: "127.0.0.1:PORT"}}
        heaters:
          - id: bitaxe
            kind: axeos
            address: "127.0.0.1:PORT"
            plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
          - id: nano
            kind: nano3s
            address: "127.0.0.1:PORT"
            plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 2500}
        """;

    @TempDir
    private Path folder;

    /** @param then called once, after {@link #CYCLES_TO_WARM_UP}; an interrupted control reads nothing in its next cycle */
    private static List<Snapshot> run(HeaterHome home, Runnable then) {
        var seen = new ArrayList<Snapshot>();
        var control = Thread.currentThread();
        try {
            home.house().run(cycle -> {
                seen.add(cycle.getValue());
                if (seen.size() == CYCLES_TO_WARM_UP) then.run();
                if (seen.size() >= CYCLES_TO_WARM_UP + CYCLES_TO_STOP) control.interrupt();
            });
        } catch (InterruptedException e) {
            assertEquals(CYCLES_TO_WARM_UP + CYCLES_TO_STOP, seen.size());
        }
        return seen.subList(CYCLES_TO_WARM_UP, seen.size());
    }

    @ParameterizedTest
    @CsvSource({"REGULATOR_HOT, its voltage regulator is at", "FAN_FAILED, fan"})
    void whatIsWrongInItsCaseStopsThatHeaterSaysSoAndLeavesTheOther(Fault fault, String reason) throws Exception {
        try (var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), FILE, START, 1)) {
            var world = ground.world();
            var ticker = new WorldTicker(world, START);
            var home = HeaterHome.open(ground.setup(), ticker, ticker, _ -> {});
            try {
                var bitaxe = (SimulatedHeater) world.appliances().get("bitaxe").load();
                var seen = run(home, () -> {
                    assertTrue(bitaxe.power().value() > RESTING_WATTS, "it heats: " + bitaxe.power());
                    bitaxe.inject(fault);
                });
                assertTrue(bitaxe.power().value() < RESTING_WATTS, "it is off: " + bitaxe.power());
                assertTrue(
                        seen.stream()
                                .anyMatch(snapshot -> snapshot.alarms().stream()
                                        .anyMatch(alarm -> alarm.contains("bitaxe") && alarm.contains(reason))),
                        () -> seen.stream().map(Snapshot::alarms).toList().toString());
                assertTrue(
                        home.journal("study").actions(50).stream()
                                .anyMatch(event -> event.subject().equals("bitaxe")
                                        && event.text().contains(reason)),
                        () -> home.journal("study").actions(50).toString());
                var other = world.appliances().get("nano").load().power();
                assertTrue(other.value() > NANO_LEAST_WATTS, "the other goes on heating: " + other);
                bitaxe.clear();
            } finally {
                ground.stop(home);
            }
        }
    }
}
