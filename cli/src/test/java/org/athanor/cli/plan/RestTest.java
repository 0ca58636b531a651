package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.athanor.comfort.series.Forecast;
import org.junit.jupiter.api.Test;

class RestTest {
    private static final Duration STEP = Duration.ofMinutes(15);
    private static final int DAY = 96;

    private double price = 0.3;
    private double forecastCelsius = 20;
    private int step;

    private Rest rest(double payPerHour, Duration planEvery) {
        var machine = new Machine(
                "test",
                List.of(
                        new Machine.Level("off", 0, 0, OptionalDouble.of(0), 0, 0, 0),
                        new Machine.Level("on", 1000, 50, OptionalDouble.empty(), payPerHour, 0, 0)),
                0,
                Duration.ofMinutes(8),
                true,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5));
        return new Rest(new Strategy.Setting(
                machine,
                2000,
                2000,
                40,
                1,
                _ -> price,
                (electricity, outdoor) -> electricity,
                _ -> 20.0,
                _ -> OptionalDouble.empty(),
                planEvery));
    }

    private boolean live(Rest rest, int steps, double room, double heat) {
        boolean rests = false;
        for (int i = 0; i < steps; i++) {
            var celsius = new double[25];
            Arrays.fill(celsius, forecastCelsius);
            var now = STEP.multipliedBy(step++);
            var issued = Instant.EPOCH.plus(now);
            var forecast = new Forecast(issued, issued, Duration.ofHours(1), celsius, new double[25]);
            rests = rest.goesOn(
                    new Moment(now, STEP, room, 20, 0, 0, 20, price, price, OptionalDouble.empty(), () -> forecast),
                    heat);
        }
        return rests;
    }

    @Test
    void aSummerThatNeedsNoHeatIsRestedThrough() {
        var rest = rest(0.05, Duration.ofDays(1));
        assertFalse(live(rest, DAY, 23, 0), "one day without heat is not enough");
        assertTrue(live(rest, 2 * DAY, 23, 0));
        assertTrue(live(rest, 20 * DAY, 23, 0));
        assertFalse(live(rest, 1, 19.4, 0), "the room has cooled down");
        assertFalse(live(rest, DAY / 2, 19.4, 0));
    }

    @Test
    void heatEndsIt() {
        var rest = rest(0.05, Duration.ofDays(1));
        assertTrue(live(rest, 4 * DAY, 23, 0));
        assertFalse(live(rest, 1, 23, 100));
        assertFalse(live(rest, DAY, 23, 0));
    }

    @Test
    void aRoomThatIsOnlyJustWarmIsPlannedFor() {
        assertFalse(live(rest(0.05, Duration.ofDays(1)), 5 * DAY, 19.9, 0));
    }

    @Test
    void whereWorkPaysForItsElectricityThereIsSomethingToPlan() {
        assertFalse(live(rest(0.35, Duration.ofDays(1)), 5 * DAY, 23, 0));
        var rest = rest(0, Duration.ofDays(1));
        price = -0.01;
        assertFalse(live(rest, 5 * DAY, 23, 0), "electricity that is given away");
    }

    @Test
    void aColdSpellIsPlannedFor() {
        forecastCelsius = 12;
        assertFalse(live(rest(0.05, Duration.ofDays(1)), 5 * DAY, 23, 0));
    }

    @Test
    void whoPlansEveryHourNeverRests() {
        assertFalse(live(rest(0.05, Duration.ofHours(1)), 5 * DAY, 23, 0));
    }
}
