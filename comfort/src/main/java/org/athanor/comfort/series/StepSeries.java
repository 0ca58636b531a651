package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;

/** Values that each hold for one of several steps of equal length. */
final class StepSeries {
    private final Instant start;
    private final Duration step;
    private final double[] values;
    private final String what;

    /**
     * @param what the values are, in the plural, for messages
     * @throws IllegalArgumentException for no values, or one that is not finite
     */
    StepSeries(String what, String unit, Instant start, Duration step, double... values) {
        if (!step.isPositive()) throw new IllegalArgumentException("step of " + what + " " + step + " (above 0)");
        if (values.length == 0) throw new IllegalArgumentException("no " + what);
        for (int i = 0; i < values.length; i++)
            if (!Double.isFinite(values[i]))
                throw new IllegalArgumentException(
                        what + " of step " + i + ": " + values[i] + " " + unit + " (finite)");
        this.what = what;
        this.start = start;
        this.step = step;
        this.values = values.clone();
    }

    Instant start() {
        return start;
    }

    Instant end() {
        return start.plus(step.multipliedBy(values.length));
    }

    boolean covers(Instant time) {
        return !time.isBefore(start) && time.isBefore(end());
    }

    /** @throws IllegalArgumentException outside its time */
    double at(Instant time) {
        return values[index(time)];
    }

    /** Since when the value of this moment holds. */
    Instant since(Instant time) {
        return start.plus(step.multipliedBy(index(time)));
    }

    private int index(Instant time) {
        if (!covers(time))
            throw new IllegalArgumentException(what + " from " + start + " to " + end() + " say nothing of " + time);
        return (int) Duration.between(start, time).dividedBy(step);
    }
}
