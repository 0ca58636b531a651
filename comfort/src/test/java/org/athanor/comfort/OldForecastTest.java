package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;

/** A weather service that fell silent: its last forecast, of a week, goes on being used and is said to be old. */
class OldForecastTest {
    private static final ComfortConfig COMFORT = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(21));
    /** Seldom planned, so that most steps go by a plan that was made before. */
    private static final PlanningConfig CONFIG = new PlanningConfig(
            COMFORT,
            new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD),
            Duration.ofHours(12),
            Duration.ofMinutes(30));

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int DAY = 24 * 60;

    private static double outdoor(Instant time) {
        return -4 + 4 * Math.sin((time.atZone(ZoneOffset.UTC).getHour() - 9) / 24.0 * 2 * Math.PI);
    }

    private static Forecast forecast(Instant time) {
        var start = time.truncatedTo(ChronoUnit.DAYS);
        var celsius = new double[7 * 24];
        for (int i = 0; i < celsius.length; i++) celsius[i] = outdoor(start.plus(HOUR.multipliedBy(i)));
        return new Forecast(time, start, HOUR, celsius, new double[celsius.length]);
    }

    private static PriceOutlook prices(Instant time) {
        var prices = new double[30];
        Arrays.fill(prices, 0.3);
        return new PriceOutlook(time.truncatedTo(ChronoUnit.HOURS), HOUR, prices);
    }

    @Test
    void isUsedAndSaidToBeOldInEveryStep() {
        var flat = new TestFlat(COMFORT, 21, -4);
        var controller = new PlanningController(CONFIG);
        var last = forecast(flat.time);
        int old = 0;
        int planned = 0;
        for (int minute = 0; minute < 7 * DAY; minute++) {
            boolean silent = minute > 5 * DAY;
            if (!silent && minute % 60 == 0) last = forecast(flat.time);
            flat.outdoor = outdoor(flat.time);
            var readings = flat.readings(Optional.of(flat.sensor()), Optional.empty());
            var step =
                    controller.step(readings, new Outlook(Optional.of(last), Optional.of(prices(flat.time)), Map.of()));
            var age = Duration.between(last.issued(), flat.time);
            flat.obey(step.control().commands());
            flat.advance();
            if (silent && age.compareTo(Duration.ofHours(12)) > 0) {
                old++;
                if (step.standIn().isPresent()) continue;
                planned++;
                assertEquals(Optional.of("the forecast is " + age.toHours() + " h old"), step.note());
            } else assertEquals(Optional.empty(), step.note());
        }
        assertTrue(planned > 0.9 * old, planned + " of " + old + " steps by an old forecast are planned");
    }
}
