package org.athanor.training.model;

/**
 * Linear warm-up, then half a cosine down to a floor. It follows the job's steps (round x inner steps + step), never the
 * steps that a worker has done, so that one who joins late steps as far as the others.
 *
 * @param peak   largest rate
 * @param floor  rate at the end and after it
 * @param warmup steps until the peak
 * @param steps  steps of the whole job
 */
public record LearningRate(double peak, double floor, int warmup, int steps) {
    public LearningRate {
        if (!(peak > 0 && Double.isFinite(peak))) {
            throw new IllegalArgumentException("peak must be above 0, but is " + peak);
        }
        if (!(floor >= 0 && floor <= peak)) {
            throw new IllegalArgumentException("floor must be from 0 to the peak " + peak + ", but is " + floor);
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be at least 1, but is " + steps);
        }
        if (warmup < 0 || warmup > steps) {
            throw new IllegalArgumentException("warmup must be from 0 to the " + steps + " steps, but is " + warmup);
        }
    }

    /** The largest rate of all steps up to {@code step}. */
    public double mostUntil(long step) {
        return at(Math.min(step, warmup));
    }

    /** Rate of step {@code step}, counted from 0. */
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / (warmup + 1);
        }
        if (step >= steps) {
            return floor;
        }
        var progress = (double) (step - warmup) / (steps - warmup);
        return floor + 0.5 * (1 + Math.cos(Math.PI * progress)) * (peak - floor);
    }
}
