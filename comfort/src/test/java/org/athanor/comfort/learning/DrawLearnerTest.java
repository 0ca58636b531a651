package org.athanor.comfort.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;
import org.athanor.comfort.model.HotWaterTank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawLearnerTest {
    private static final Instant MONDAY = Instant.parse("2026-01-04T23:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    /** Under a thermostat between 50 and 56 °C with 2 kW, read each five minutes. */
    private static void live(LivedTank lived, DrawLearner learner, int days, int minutesApart) {
        boolean on = false;
        double heat = 0;
        for (int minute = 1; minute <= days * 1440; minute++) {
            if (lived.shown() < 50) on = true;
            if (lived.shown() > 56) on = false;
            double before = lived.acceptedJoules;
            lived.live(on ? 2000 : 0);
            heat += lived.acceptedJoules - before;
            if (minute % minutesApart != 0) continue;
            learner.observe(
                    new TankReading(lived.time, lived.shown(), heat / (60.0 * minutesApart), LivedTank.AMBIENT));
            heat = 0;
        }
    }

    private static LivedTank tank(double loss, long seed) {
        return new LivedTank(new HotWaterTank(200, 10, loss, 3, 0), 54, 70, MONDAY, seed);
    }

    @ParameterizedTest
    @CsvSource({"1.6,1.6", "1.6,3.2", "3.0,1.5", "2.2,1.6"})
    void theLossIsToldFromTheDraws(double loss, double prior) {
        var learner = new DrawLearner(200, prior, 120, LivedTank.ZONE);
        live(tank(loss, 7), learner, 21, 5);
        assertEquals(loss, learner.lossWattsPerKelvin(), 0.25 * loss);
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "15"})
    void drawsAreLearnedByHourOfWeek(int minutesApart) {
        var lived = tank(2.2, 11);
        var learner = new DrawLearner(200, 1.6, 120, LivedTank.ZONE);
        live(lived, learner, 42, minutesApart);
        var start = lived.time.truncatedTo(ChronoUnit.HOURS);
        var learned = learner.drawWatts(start, HOUR, 168);
        double error = 0;
        double flat = 0;
        double total = 0;
        double usualTotal = 0;
        for (int k = 0; k < 168; k++) {
            double usual = LivedTank.usualWatts(
                    start.plus(HOUR.multipliedBy(k)).plusSeconds(1800).atZone(LivedTank.ZONE));
            usualTotal += usual / 168;
            total += learned[k] / 168;
            error += Math.abs(learned[k] - usual) / 168;
        }
        for (int k = 0; k < 168; k++)
            flat += Math.abs(usualTotal
                            - LivedTank.usualWatts(start.plus(HOUR.multipliedBy(k))
                                    .plusSeconds(1800)
                                    .atZone(LivedTank.ZONE)))
                    / 168;
        assertEquals(usualTotal, total, 0.12 * usualTotal, "of a week");
        assertTrue(error < 0.45 * flat, "off by " + error + " W, a flat guess by " + flat + " W");
        assertTrue(learner.hoursSeen() > 40 * 24);
    }

    @Test
    void whatIsUnderWayIsSavedToo() {
        var lived = tank(2.2, 3);
        var one = new DrawLearner(200, 1.6, 120, LivedTank.ZONE);
        live(lived, one, 5, 5);
        var other = DrawLearner.ofBytes(one.toBytes());
        assertArrayEquals(one.toBytes(), other.toBytes());
        for (int i = 1; i <= 400; i++) {
            var reading = new TankReading(lived.time.plusSeconds(300L * i), 52 - 0.01 * i, i % 7 * 100, 18);
            one.observe(reading);
            other.observe(reading);
        }
        assertArrayEquals(one.toBytes(), other.toBytes());
        var damaged = one.toBytes();
        damaged[40] ^= 1;
        assertThrows(IllegalArgumentException.class, () -> DrawLearner.ofBytes(damaged));
    }

    @Test
    void silentSensorsAndClocksThatJumpTeachNothing() {
        var learner = new DrawLearner(200, 2, 120, LivedTank.ZONE);
        learner.observe(new TankReading(MONDAY, 55, 0, 18));
        for (int i = 1; i <= 30; i++)
            learner.observe(new TankReading(MONDAY.plusSeconds(300L * i), OptionalDouble.empty(), 0, 18));
        // 20 K colder after two and a half silent hours: nobody knows when
        learner.observe(new TankReading(MONDAY.plusSeconds(300L * 31), 35, 0, 18));
        learner.observe(new TankReading(MONDAY.minus(HOUR), 80, 0, 18));
        assertEquals(0, learner.hoursSeen());
        assertEquals(2, learner.lossWattsPerKelvin(), 1e-12);
    }

    @Test
    void beforeAnythingIsSeenTheHouseholdIsBelieved() {
        var learner = new DrawLearner(200, 2, 120, LivedTank.ZONE);
        var watts = learner.drawWatts(MONDAY, HOUR, 24);
        // 120 l a day, warmed by 30 K
        for (double w : watts) assertEquals(120 * HotWaterTank.WATER * 30 / 86_400, w, 1e-9);
        assertThrows(IllegalArgumentException.class, () -> new DrawLearner(0, 2, 120, LivedTank.ZONE));
        assertThrows(IllegalArgumentException.class, () -> new DrawLearner(200, 0, 120, LivedTank.ZONE));
        assertThrows(IllegalArgumentException.class, () -> new DrawLearner(200, 2, -1, LivedTank.ZONE));
        assertThrows(IllegalArgumentException.class, () -> new TankReading(MONDAY, Double.NaN, 0, 18));
    }
}
