package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;

class PlanningControllerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int DAY = 24 * 60;

    private static final ComfortConfig COMFORT = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(21));
    private static final PlanningConfig CONFIG =
            new PlanningConfig(COMFORT, new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD));

    private static int hour(Instant time) {
        return time.atZone(ZoneOffset.UTC).getHour();
    }

    private static double outdoor(Instant time) {
        return -4 + 4 * Math.sin((hour(time) - 9) / 24.0 * 2 * Math.PI);
    }

    private static double sun(Instant time) {
        return Math.max(0, 250 * Math.sin((hour(time) - 7) / 10.0 * Math.PI)) * (hour(time) < 17 ? 1 : 0);
    }

    /** Cheap at night, dear in the evening. */
    private static double price(Instant time) {
        int hour = hour(time);
        if (hour >= 17 && hour < 21) return 0.55;
        return hour < 6 || hour >= 22 ? 0.15 : 0.28;
    }

    private static Outlook outlook(Instant time) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        var celsius = new double[30];
        var sun = new double[30];
        var prices = new double[30];
        for (int i = 0; i < 30; i++) {
            var at = start.plus(HOUR.multipliedBy(i));
            celsius[i] = outdoor(at);
            sun[i] = sun(at);
            prices[i] = price(at);
        }
        return new Outlook(
                Optional.of(new Forecast(start, start, HOUR, celsius, sun)),
                Optional.of(new PriceOutlook(start, HOUR, prices)),
                Map.of());
    }

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
                flat.outdoor = outdoor(flat.time);
                flat.sun = sun(flat.time);
                var readings = flat.readings(Optional.of(flat.sensor()), Optional.empty());
                last = controller.step(readings, planning ? outlook(flat.time) : Outlook.UNKNOWN);
                flat.obey(last.control().commands());
                double before = flat.electricity;
                double price = price(flat.time);
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
            life.last = life.controller.step(readings, outlook(life.flat.time));
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
