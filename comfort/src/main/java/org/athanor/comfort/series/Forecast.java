package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;

/**
 * The weather that is expected around a home, in steps of equal length; each value is the mean of its step. Sun is that on
 * the plane of the windows ({@link WindowSun}), so whoever makes a forecast knows the home and its place.
 */
public final class Forecast {
    private final Instant issued;
    private final Instant start;
    private final Duration step;
    private final double[] outdoorCelsius;
    private final double[] windowSun;
    /** Empty when it says nothing of it. */
    private final double[] windMetresPerSecond;

    /** Without a word on the wind. */
    public Forecast(Instant issued, Instant start, Duration step, double[] outdoorCelsius, double[] windowSun) {
        this(issued, start, step, outdoorCelsius, windowSun, new double[0]);
    }

    /**
     * @param issued when it was made: it grows less true from then on
     * @param start of the first step
     * @param outdoorCelsius of each step
     * @param windowSun W/m² on the windows, of each step
     * @param windMetresPerSecond of each step, or none at all
     * @throws IllegalArgumentException for no or unequal numbers of steps, or values that are not finite
     */
    public Forecast(
            Instant issued,
            Instant start,
            Duration step,
            double[] outdoorCelsius,
            double[] windowSun,
            double[] windMetresPerSecond) {
        if (!step.isPositive()) throw new IllegalArgumentException("step of a forecast " + step + " (above 0)");
        if (outdoorCelsius.length == 0 || outdoorCelsius.length != windowSun.length)
            throw new IllegalArgumentException("a forecast of " + outdoorCelsius.length + " temperatures and "
                    + windowSun.length + " values of sun (equally many, at least one)");
        for (int i = 0; i < outdoorCelsius.length; i++)
            if (!Double.isFinite(outdoorCelsius[i]) || !(windowSun[i] >= 0) || Double.isInfinite(windowSun[i]))
                throw new IllegalArgumentException("step " + i + " of a forecast: " + outdoorCelsius[i] + " °C, "
                        + windowSun[i] + " W/m² (finite, sun not negative)");
        if (windMetresPerSecond.length != 0 && windMetresPerSecond.length != outdoorCelsius.length)
            throw new IllegalArgumentException("a forecast of " + outdoorCelsius.length + " temperatures and "
                    + windMetresPerSecond.length + " values of wind (equally many, or none)");
        for (int i = 0; i < windMetresPerSecond.length; i++)
            if (!(windMetresPerSecond[i] >= 0) || Double.isInfinite(windMetresPerSecond[i]))
                throw new IllegalArgumentException("step " + i + " of a forecast: wind of " + windMetresPerSecond[i]
                        + " m/s (finite, not negative)");
        this.issued = issued;
        this.start = start;
        this.step = step;
        this.outdoorCelsius = outdoorCelsius.clone();
        this.windowSun = windowSun.clone();
        this.windMetresPerSecond = windMetresPerSecond.clone();
    }

    public Instant issued() {
        return issued;
    }

    public Instant start() {
        return start;
    }

    public Instant end() {
        return start.plus(step.multipliedBy(outdoorCelsius.length));
    }

    public Duration step() {
        return step;
    }

    public int steps() {
        return outdoorCelsius.length;
    }

    public double outdoorCelsius(int step) {
        return outdoorCelsius[step];
    }

    /** W/m². */
    public double windowSun(int step) {
        return windowSun[step];
    }

    public boolean knowsWind() {
        return windMetresPerSecond.length > 0;
    }

    /** Of a forecast that {@link #knowsWind}. */
    public double windMetresPerSecond(int step) {
        return windMetresPerSecond[step];
    }

    /** Whether it says something of the whole time. */
    public boolean covers(Instant from, Instant to) {
        return !from.isBefore(start) && !to.isAfter(end());
    }

    /**
     * The same weather in other steps, by means over time.
     *
     * @throws IllegalArgumentException if it does not cover them
     */
    public Forecast resampled(Instant from, Duration length, int count) {
        var to = from.plus(length.multipliedBy(count));
        if (!covers(from, to))
            throw new IllegalArgumentException(
                    "a forecast from " + start + " to " + end() + " does not cover " + from + " to " + to);
        var celsius = new double[count];
        var sun = new double[count];
        var wind = new double[knowsWind() ? count : 0];
        for (int i = 0; i < count; i++) {
            double begin =
                    Duration.between(start, from.plus(length.multipliedBy(i))).toNanos() / (double) step.toNanos();
            double end = begin + length.toNanos() / (double) step.toNanos();
            celsius[i] = mean(outdoorCelsius, begin, end);
            sun[i] = mean(windowSun, begin, end);
            if (knowsWind()) wind[i] = mean(windMetresPerSecond, begin, end);
        }
        return new Forecast(issued, from, length, celsius, sun, wind);
    }

    /** Of a series that is constant within each step, between two places in it. */
    private static double mean(double[] values, double begin, double end) {
        double sum = 0;
        int last = (int) Math.min(values.length - 1.0, Math.ceil(end) - 1);
        for (int i = (int) begin; i <= last; i++) sum += values[i] * (Math.min(end, i + 1.0) - Math.max(begin, i));
        return sum / (end - begin);
    }
}
