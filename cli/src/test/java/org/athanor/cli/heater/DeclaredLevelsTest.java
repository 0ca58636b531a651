package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.athanor.edge.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program but its page: miners whose levels are what their owner says. */
@Execution(ExecutionMode.CONCURRENT)
class DeclaredLevelsTest {
    private static final Instant START = Instant.parse("2019-01-30T06:00:00Z"); // -30 °C in Chicago

    private static final String FILE = """
            zone: UTC
            state: state
            tariff: {kind: flat, price: 0.3}
            rooms:
              - id: hall
                floorArea: 200
                insulation: poor
                setpoint: SETPOINT
                circuitWatts: 4000
                thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
            heaters:
              - id: rack
                RACK
                address: "127.0.0.1:PORT"
                plug: {kind: shelly, address: "127.0.0.1:PORT", ratingWatts: 4000}
            """;

    @TempDir
    private Path folder;

    private List<Snapshot> live(String rack, String setpoint, int minutes) throws Exception {
        try (var ground = HomeOnPorts.open(
                folder.resolve("heater.yaml"), FILE.replace("RACK", rack).replace("SETPOINT", setpoint), START, 1)) {
            var ticker = new WorldTicker(ground.world(), START);
            var home = HeaterHome.open(ground.setup(), ticker, ticker, _ -> {});
            var seen = new ArrayList<Snapshot>();
            var control = Thread.currentThread();
            try {
                home.house().run(cycle -> {
                    seen.add(cycle.getValue());
                    if (seen.size() >= minutes) control.interrupt();
                });
            } catch (InterruptedException e) {
                assertEquals(minutes, seen.size());
            } finally {
                ground.stop(home);
            }
            return seen;
        }
    }

    private static Set<String> alarms(List<Snapshot> seen) {
        var alarms = new LinkedHashSet<String>();
        for (var snapshot : seen) alarms.addAll(snapshot.alarms());
        return alarms;
    }

    @Test
    void whatAVnishMinerDrawsUnthrottledIsToldWhereItsOwnerWasWrong() throws Exception {
        var said = alarms(live("kind: vnish\n    levels: [1800, 2600]\n    maximumWatts: 3600", "21", 40));
        assertEquals(1, said.size(), said.toString());
        var alarm = said.iterator().next();
        assertTrue(
                alarm.matches(
                        "rack draws 30[3-5]\\d W at its highest level, for which 2600 W are declared: write 30[3-5]\\d"
                                + " for the highest of its levels .*"),
                alarm);
    }

    @Test
    void whatIsDeclaredRightIsNoAlarm() throws Exception {
        assertEquals(Set.of(), alarms(live("kind: vnish\n    levels: [1800, 3050]\n    maximumWatts: 3600", "21", 40)));
    }

    /** It starts towards its whole limit for half an hour, refusing shares: that is no trouble of which to tell. */
    @ParameterizedTest
    @ValueSource(strings = {"whatsminer-v2", "whatsminer-v3"})
    void sharesOfAWhatsminersLimitAreReachedWithoutAnAlarm(String kind) throws Exception {
        var seen = live(
                "kind: " + kind + "\n    password: athanor\n    levels: [60% of 3400, 80% of 3400, 3400]\n"
                        + "    maximumWatts: 3500",
                "15.5",
                90);
        assertEquals(Set.of(), alarms(seen));
        var levels = new LinkedHashSet<String>();
        for (var snapshot : seen) snapshot.heaters().getFirst().level().ifPresent(levels::add);
        assertTrue(levels.contains("80 % of 3400 W"), levels.toString());
    }
}
