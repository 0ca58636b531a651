package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;

/** The air of a room over the next hours. Each value is that of the end of its step. */
public final class Prediction {
    private final Instant start;
    private final Duration step;
    private final double[] celsius;
    private final double[] deviation;

    /**
     * An interval that holds what comes with some probability.
     *
     * @param low °C
     * @param high °C
     */
    public record Interval(double low, double high) {
        public boolean contains(double celsius) {
            return celsius >= low && celsius <= high;
        }
    }

    Prediction(Instant start, Duration step, double[] celsius, double[] deviation) {
        this.start = start;
        this.step = step;
        this.celsius = celsius;
        this.deviation = deviation;
    }

    public int steps() {
        return celsius.length;
    }

    /** When step {@code i} ends. */
    public Instant time(int i) {
        return start.plus(step.multipliedBy(i + 1L));
    }

    public double celsius(int i) {
        return celsius[i];
    }

    /**
     * Standard deviation in K: of state, parameters and what is not modelled, corrected by how earlier predictions turned
     * out. Errors of the weather forecast are not in it.
     */
    public double deviation(int i) {
        return deviation[i];
    }

    /** @param probability between 0 and 1 */
    public Interval interval(int i, double probability) {
        double reach = deviations(probability) * deviation[i];
        return new Interval(celsius[i] - reach, celsius[i] + reach);
    }

    /**
     * Half the width, in standard deviations, of the interval that holds so much of a normal distribution: Abramowitz and
     * Stegun 26.2.23, within 4.5e-4.
     */
    static double deviations(double probability) {
        if (!(probability > 0 && probability < 1))
            throw new IllegalArgumentException("probability of an interval " + probability + " (between 0 and 1)");
        double t = Math.sqrt(-2 * Math.log((1 - probability) / 2));
        return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }
}
