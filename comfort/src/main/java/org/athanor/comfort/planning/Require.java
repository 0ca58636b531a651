package org.athanor.comfort.planning;

import java.util.Arrays;

/** Checks whose messages name the field, the value and what is accepted. */
final class Require {
    private Require() {}

    static double finite(String name, double value, String unit) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException(name + " " + value + " " + unit + " (finite)");
        return value;
    }

    static double notNegative(String name, double value, String unit) {
        if (!(value >= 0) || Double.isInfinite(value))
            throw new IllegalArgumentException((name + " " + value + " " + unit).strip() + " (finite, not negative)");
        return value;
    }

    /** A copy of a series with one finite value a step. */
    static double[] series(String name, double[] values, int steps) {
        if (values.length != steps)
            throw new IllegalArgumentException(name + " has " + values.length + " steps (" + steps + ")");
        for (int k = 0; k < steps; k++)
            if (!Double.isFinite(values[k]))
                throw new IllegalArgumentException(name + " of step " + k + " is " + values[k] + " (finite)");
        return values.clone();
    }

    static double[] notNegative(String name, double[] values, int steps) {
        var copy = series(name, values, steps);
        for (int k = 0; k < steps; k++)
            if (copy[k] < 0)
                throw new IllegalArgumentException(name + " of step " + k + " is " + copy[k] + " (not negative)");
        return copy;
    }

    /** Infinity, for no limit, is accepted. */
    static double[] limits(String name, double[] values, int steps) {
        if (values.length != steps)
            throw new IllegalArgumentException(name + " has " + values.length + " steps (" + steps + ")");
        for (int k = 0; k < steps; k++)
            if (Double.isNaN(values[k]))
                throw new IllegalArgumentException(name + " of step " + k + " is NaN (a number of watts)");
        return values.clone();
    }

    static double[] constant(double value, int steps) {
        var values = new double[steps];
        Arrays.fill(values, value);
        return values;
    }
}
