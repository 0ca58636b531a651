package org.athanor.comfort.learning;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What was measured since the observation before this one.
 *
 * @param time of the reading
 * @param roomCelsius of the thermometer at that time; empty when it gave nothing or is not trusted
 * @param outdoorCelsius mean
 * @param heatWatts mean of all heaters of the room
 * @param windowSun W/m² on the plane of the windows, mean
 * @param windMetresPerSecond mean, as weather services give it; empty where nobody says. Draughty homes are predicted much
 *     better with it
 */
public record Observation(
        Instant time,
        OptionalDouble roomCelsius,
        double outdoorCelsius,
        double heatWatts,
        double windowSun,
        OptionalDouble windMetresPerSecond) {
    /** @throws IllegalArgumentException for a value that is no number; absurd numbers are dealt with by the learner */
    public Observation {
        if (time == null) throw new IllegalArgumentException("an observation needs its time");
        finite("room temperature", roomCelsius.orElse(0), "°C");
        finite("outdoor temperature", outdoorCelsius, "°C");
        finite("heat", heatWatts, "W");
        finite("sun on the windows", windowSun, "W/m²");
        finite("wind", windMetresPerSecond.orElse(0), "m/s");
    }

    /** Without a word on the wind. */
    public Observation(Instant time, double roomCelsius, double outdoorCelsius, double heatWatts, double windowSun) {
        this(time, OptionalDouble.of(roomCelsius), outdoorCelsius, heatWatts, windowSun, OptionalDouble.empty());
    }

    private static void finite(String field, double value, String unit) {
        if (!Double.isFinite(value))
            throw new IllegalArgumentException(
                    field + " of an observation: " + value + " " + unit + " (a finite number)");
    }
}
