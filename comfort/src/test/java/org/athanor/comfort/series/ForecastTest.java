package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Forecast THREE_HOURS =
            new Forecast(START, START, HOUR, new double[] {2, 4, -1}, new double[] {0, 120, 60});

    @Test
    void shorterStepsKeepTheHour() {
        var quarters = THREE_HOURS.resampled(START.plus(HOUR), Duration.ofMinutes(15), 8);
        assertEquals(8, quarters.steps());
        for (int i = 0; i < 4; i++) {
            assertEquals(4, quarters.outdoorCelsius(i), 1e-12);
            assertEquals(60, quarters.windowSun(4 + i), 1e-12);
        }
    }

    @Test
    void stepsAcrossTwoHoursAreMeans() {
        var across = THREE_HOURS.resampled(START.plus(Duration.ofMinutes(45)), HOUR, 2);
        assertEquals(0.25 * 2 + 0.75 * 4, across.outdoorCelsius(0), 1e-12);
        assertEquals(0.25 * 120 + 0.75 * 60, across.windowSun(1), 1e-12);
        var all = THREE_HOURS.resampled(START, Duration.ofHours(3), 1);
        assertEquals(5 / 3.0, all.outdoorCelsius(0), 1e-12);
    }

    @Test
    void whatItDoesNotCoverIsRefused() {
        assertTrue(THREE_HOURS.covers(START, START.plus(Duration.ofHours(3))));
        assertFalse(THREE_HOURS.covers(START.minusSeconds(1), START.plus(HOUR)));
        assertThrows(IllegalArgumentException.class, () -> THREE_HOURS.resampled(START, HOUR, 4));
    }

    @Test
    void impossibleForecastsAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Forecast(START, START, HOUR, new double[] {1, 2}, new double[] {0}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Forecast(START, START, HOUR, new double[] {Double.NaN}, new double[] {0}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Forecast(START, START, HOUR, new double[] {1}, new double[] {-1}));
    }

    @Test
    void windIsKnownOrNot() {
        assertFalse(THREE_HOURS.knowsWind());
        var windy = new Forecast(START, START, HOUR, new double[] {2, 4}, new double[] {0, 0}, new double[] {3, 9});
        assertTrue(windy.knowsWind());
        assertEquals(6, windy.resampled(START, Duration.ofHours(2), 1).windMetresPerSecond(0), 1e-12);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Forecast(START, START, HOUR, new double[2], new double[2], new double[1]));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Forecast(START, START, HOUR, new double[1], new double[1], new double[] {-1}));
    }
}
