package org.athanor.cli.plan;

import java.time.Duration;
import java.time.Instant;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.Climate;

/** What is expected of the weather, as far as a forecaster of this kind can know. */
@FunctionalInterface
interface Forecaster {
    /** @param sinceYearStart local standard time of the forecast; its instants count from the epoch likewise */
    Forecast forecast(Duration sinceYearStart);

    /** Without error: the weather as it will be, for a day in steps of 15 minutes. */
    static Forecaster perfect(Climate climate, WindowSun windows) {
        var step = Duration.ofMinutes(15);
        int steps = 96;
        return now -> {
            var outdoor = new double[steps];
            var sun = new double[steps];
            for (int i = 0; i < steps; i++) {
                var middle = now.plus(step.multipliedBy(i)).plus(step.dividedBy(2));
                var weather = climate.at(middle);
                outdoor[i] = weather.outdoorCelsius();
                sun[i] = Math.max(0, windows.wattsPerSquareMetre(climate.location(), weather, middle));
            }
            var start = Instant.EPOCH.plus(now);
            return new Forecast(start, start, step, outdoor, sun);
        };
    }
}
