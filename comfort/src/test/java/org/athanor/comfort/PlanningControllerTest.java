package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanningControllerTest {
    private static final int DAY = 24 * 60;

    private static final ComfortConfig COMFORT = LearnedFlat.COMFORT;
    private static final PlanningConfig CONFIG = LearnedFlat.CONFIG;

    /** One flat for some days; sums are those of the days after the first five. */
    private static final class Life {
        final TestFlat flat = new TestFlat(COMFORT, 21, -4);
        PlanningController controller = new PlanningController(CONFIG);
        double cost;
        double dearKwh;
        double kelvinHours;
        int planned;
        int counted;
        PlannedStep last;

        Life live(int days, boolean planning) {
            for (int minute = 0; minute < days * DAY; minute++) {
                flat.outdoor = LearnedFlat.outdoor(flat.time);
                flat.sun = LearnedFlat.sun(flat.time);
                var readings = flat.readings(Optional.of(flat.sensor()), Optional.empty());
                last = controller.step(readings, planning ? LearnedFlat.outlook(flat.time) : Outlook.UNKNOWN);
                flat.obey(last.control().commands());
                double before = flat.electricity;
                double price = LearnedFlat.price(flat.time);
                flat.advance();
                if (minute < 5 * DAY) continue;
                double kwh = (flat.electricity - before) / 3.6e6;
                cost += kwh * price;
                if (price > 0.5) dearKwh += kwh;
                kelvinHours += (Math.max(0, 20 - flat.room[0]) + Math.max(0, flat.room[0] - 22)) / 60;
                counted++;
                if (last.standIn().isEmpty()) planned++;
            }
            return this;
        }
    }

    @Test
    void keepsTheBandMoreCheaplyThanItsThermostat() {
        var thermostat = new Life().live(8, false);
        var planner = new Life().live(8, true);
        var what = "thermostat " + thermostat.cost + " (dear " + thermostat.dearKwh + " kWh, "
                + thermostat.kelvinHours + " K·h), plan " + planner.cost + " (dear " + planner.dearKwh + " kWh, "
                + planner.kelvinHours + " K·h, planned " + planner.planned + " of " + planner.counted + "); "
                + planner.last.standIn() + " " + planner.controller.quality() + " "
                + planner.last.control().explanation();
        assertTrue(planner.planned > 0.95 * planner.counted, what);
        assertTrue(planner.cost < 0.96 * thermostat.cost, what);
        assertTrue(planner.dearKwh < 0.93 * thermostat.dearKwh, what);
        assertTrue(planner.kelvinHours < thermostat.kelvinHours + 1, what);
    }

    @Test
    void saysWhyItDoesNotPlan() {
        var life = new Life().live(1, false);
        assertTrue(life.last.standIn().orElseThrow().contains("not been seen"), "" + life.last.standIn());
        life.live(1, true);
        assertTrue(life.last.standIn().orElseThrow().contains("not known well enough"), "" + life.last.standIn());
        assertTrue(life.last.plan().isEmpty());
    }

    @Test
    void goesOnAfterARestart() {
        var life = new Life().live(6, true);
        assertEquals(Optional.empty(), life.last.standIn());
        var bytes = life.controller.toBytes();
        life.controller = PlanningController.ofBytes(CONFIG, bytes);
        assertEquals(bytes.length, life.controller.toBytes().length);
        for (int minute = 0; minute < 15; minute++) {
            var readings = life.flat.readings(Optional.of(life.flat.sensor()), Optional.empty());
            life.last = life.controller.step(readings, LearnedFlat.outlook(life.flat.time));
            life.flat.obey(life.last.control().commands());
            life.flat.advance();
        }
        assertEquals(Optional.empty(), life.last.standIn());
    }

    /** Prices and forecasts that begin anew each hour, plans that are made at any minute. */
    @Test
    void theExampleRunsAsItsTextSays() throws Exception {
        var classes = System.getProperty("jdk.module.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--class-path",
                        classes,
                        Path.of("..", "examples", "OwnRoom.java").toString(),
                        "4")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.lines().anyMatch(line -> line.matches("day 4: .* (9\\d|100) % planned.*")), said);
    }

    @Test
    void foreignBytesAreRefused() {
        var bytes = new PlanningController(CONFIG).toBytes();
        for (int i = 0; i < bytes.length; i += 1 + bytes.length / 200) {
            var damaged = bytes.clone();
            damaged[i] ^= 0x40;
            assertThrows(IllegalArgumentException.class, () -> PlanningController.ofBytes(CONFIG, damaged));
        }
        assertThrows(IllegalArgumentException.class, () -> PlanningController.ofBytes(CONFIG, new byte[] {1, 2, 3}));
    }
}
