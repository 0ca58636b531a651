package org.athanor.comfort.learning;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How good a learner is, measured on its own predictions of 24 h: made every six hours, carried on by the weather and heat
 * that came, compared every hour. The last days count most.
 *
 * @param nodes of the model that is in use
 * @param predictions completed since the start, or since the room was found to be another
 * @param dayKelvin root mean square over all of the 24 h; empty before the first
 * @param hourKelvin an hour ahead
 * @param lastHourKelvin 24 hours ahead
 * @param coverage share of what came within the intervals that were to hold 90 %
 */
public record Quality(
        int nodes,
        long predictions,
        OptionalDouble dayKelvin,
        OptionalDouble hourKelvin,
        OptionalDouble lastHourKelvin,
        OptionalDouble coverage) {
    /** Two days after the start, the first whole day being under way for one of them. */
    public static final int LEAST_PREDICTIONS = 4;

    /**
     * A model that is further off over a day plans worse than a thermostat decides. It is judged by forecast sun and wind, which
     * the plan has no better of, and a plan is made anew every few minutes: rooms known to ±1.1 K kept most of what perfect
     * foresight saves (docs/performance.md, Comfort).
     */
    public static final double LARGEST_KELVIN = 1.5;

    /** Whether plans may rest on the model. */
    public boolean goodEnough() {
        return predictions >= LEAST_PREDICTIONS && dayKelvin.orElse(Double.MAX_VALUE) <= LARGEST_KELVIN;
    }

    @Override
    public String toString() {
        return dayKelvin.isEmpty()
                ? "not known yet: no day has been predicted and compared"
                : String.format(Locale.ROOT, "±%.1f K over 24 h", dayKelvin.getAsDouble());
    }
}
