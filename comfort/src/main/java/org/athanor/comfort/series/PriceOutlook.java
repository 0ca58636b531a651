package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;

/** Prices of electricity from now on, in steps of equal length; per kWh, in a currency that is the user's; they may be negative. */
public final class PriceOutlook {
    private final Instant start;
    private final Duration step;
    private final double[] perKwh;

    /** @throws IllegalArgumentException for no prices, or one that is not finite */
    public PriceOutlook(Instant start, Duration step, double... perKwh) {
        if (!step.isPositive()) throw new IllegalArgumentException("step of prices " + step + " (above 0)");
        if (perKwh.length == 0) throw new IllegalArgumentException("no prices");
        for (int i = 0; i < perKwh.length; i++)
            if (!Double.isFinite(perKwh[i]))
                throw new IllegalArgumentException("price of step " + i + ": " + perKwh[i] + " per kWh (finite)");
        this.start = start;
        this.step = step;
        this.perKwh = perKwh.clone();
    }

    public Instant start() {
        return start;
    }

    public Instant end() {
        return start.plus(step.multipliedBy(perKwh.length));
    }

    /** @throws IllegalArgumentException outside its time */
    public double perKwh(Instant time) {
        return perKwh[index(time)];
    }

    /** Since when the price of this moment holds. */
    public Instant since(Instant time) {
        return start.plus(step.multipliedBy(index(time)));
    }

    private int index(Instant time) {
        if (time.isBefore(start) || !time.isBefore(end()))
            throw new IllegalArgumentException("prices from " + start + " to " + end() + " say nothing of " + time);
        return (int) Duration.between(start, time).dividedBy(step);
    }
}
