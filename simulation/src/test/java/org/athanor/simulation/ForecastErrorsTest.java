package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WindowSun;
import org.junit.jupiter.api.Test;

class ForecastErrorsTest {
    private static final Climate CHICAGO = Climate.of(ShippedData.chicago());
    private static final Instant START = Instant.parse("2019-02-10T06:00:00Z");

    private static Forecast issue(ForecastErrors errors, int day) {
        return errors.forecast(
                CHICAGO, WindowSun.SOUTH, START.plus(Duration.ofDays(day)), Duration.ofDays(40 + day), 48);
    }

    private static double rms(ForecastErrors errors, int hour) {
        double squares = 0;
        for (int day = 0; day < 300; day++) {
            double error = issue(errors, day).outdoorCelsius(hour)
                    - issue(ForecastErrors.none(), day).outdoorCelsius(hour);
            squares += error * error;
        }
        return Math.sqrt(squares / 300);
    }

    @Test
    void errorsGrowWithTheLeadTimeAsDeclared() {
        var errors = ForecastErrors.typical(3);
        assertEquals(0.5, rms(errors, 0), 0.1);
        assertEquals(1.6, rms(errors, 24), 0.2);
        assertTrue(rms(errors, 6) > rms(errors, 0) && rms(errors, 6) < rms(errors, 24));
    }

    @Test
    void errorsHangTogetherFromHourToHour() {
        var errors = ForecastErrors.typical(3);
        double product = 0;
        double square = 0;
        for (int day = 0; day < 300; day++) {
            var wrong = issue(errors, day);
            var right = issue(ForecastErrors.none(), day);
            double a = wrong.outdoorCelsius(24) - right.outdoorCelsius(24);
            double b = wrong.outdoorCelsius(25) - right.outdoorCelsius(25);
            product += a * b;
            square += a * a;
        }
        assertTrue(product / square > 0.85, "correlation " + product / square);
    }

    @Test
    void theSunIsRightOnAverageAndNeverShinesAtNight() {
        var errors = ForecastErrors.typical(9);
        double expected = 0;
        double actual = 0;
        for (int day = 0; day < 300; day++) {
            var wrong = issue(errors, day);
            var right = issue(ForecastErrors.none(), day);
            for (int hour = 0; hour < 48; hour++) {
                expected += wrong.windowSun(hour);
                actual += right.windowSun(hour);
                if (right.windowSun(hour) == 0) assertEquals(0, wrong.windowSun(hour));
            }
        }
        assertEquals(1, expected / actual, 0.05);
    }

    @Test
    void theSameIssueIsTheSameAndAnotherIsAnother() {
        var errors = ForecastErrors.typical(5);
        assertEquals(issue(errors, 1).outdoorCelsius(10), issue(errors, 1).outdoorCelsius(10));
        assertNotEquals(
                issue(errors, 1).outdoorCelsius(34)
                        - issue(ForecastErrors.none(), 1).outdoorCelsius(34),
                issue(errors, 2).outdoorCelsius(10)
                        - issue(ForecastErrors.none(), 2).outdoorCelsius(10));
    }
}
