package org.athanor.comfort;

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

/** A winter around a flat, and a controller that has lived in it for six days. */
final class LearnedFlat {
    static final Duration HOUR = Duration.ofHours(1);
    static final ComfortConfig COMFORT = ComfortConfig.wellInsulatedFlat(ZoneOffset.UTC, new Celsius(21));
    static final PlanningConfig CONFIG =
            new PlanningConfig(COMFORT, new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD));

    private static byte[] bytes;

    private LearnedFlat() {}

    static synchronized byte[] bytes() {
        if (bytes == null) {
            var flat = new TestFlat(COMFORT, 21, -4);
            var controller = new PlanningController(CONFIG);
            for (int minute = 0; minute < 6 * 24 * 60; minute++) {
                flat.outdoor = outdoor(flat.time);
                flat.sun = sun(flat.time);
                var readings = flat.readings(Optional.of(flat.sensor()), Optional.empty());
                flat.obey(
                        controller.step(readings, outlook(flat.time)).control().commands());
                flat.advance();
            }
            if (!controller.quality().goodEnough())
                throw new AssertionError("not learned in six days: " + controller.quality());
            bytes = controller.toBytes();
        }
        return bytes.clone();
    }

    static int hour(Instant time) {
        return time.atZone(ZoneOffset.UTC).getHour();
    }

    static double outdoor(Instant time) {
        return -4 + 4 * Math.sin((hour(time) - 9) / 24.0 * 2 * Math.PI);
    }

    static double sun(Instant time) {
        return Math.max(0, 250 * Math.sin((hour(time) - 7) / 10.0 * Math.PI)) * (hour(time) < 17 ? 1 : 0);
    }

    /** Cheap at night, dear in the evening. */
    static double price(Instant time) {
        int hour = hour(time);
        if (hour >= 17 && hour < 21) return 0.55;
        return hour < 6 || hour >= 22 ? 0.15 : 0.28;
    }

    static Outlook outlook(Instant time) {
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
}
