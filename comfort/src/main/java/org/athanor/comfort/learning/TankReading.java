package org.athanor.comfort.learning;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What was measured at a hot-water tank since the reading before this one.
 *
 * @param time of the reading
 * @param meanCelsius of the tank at that time, the mean of its sensors; empty when they gave nothing
 * @param heatWatts given to the water, mean
 * @param ambientCelsius around the tank, mean
 */
public record TankReading(Instant time, OptionalDouble meanCelsius, double heatWatts, double ambientCelsius) {
    /** @throws IllegalArgumentException for a value that is no number */
    public TankReading {
        if (time == null) throw new IllegalArgumentException("a reading of a tank needs its time");
        finite("temperature", meanCelsius.orElse(0), "°C");
        finite("heat", heatWatts, "W");
        finite("temperature around it", ambientCelsius, "°C");
    }

    public TankReading(Instant time, double meanCelsius, double heatWatts, double ambientCelsius) {
        this(time, OptionalDouble.of(meanCelsius), heatWatts, ambientCelsius);
    }

    private static void finite(String field, double value, String unit) {
        if (!Double.isFinite(value))
            throw new IllegalArgumentException(
                    field + " of a reading of a tank: " + value + " " + unit + " (a finite number)");
    }
}
