package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;

/** Prices of electricity from now on, in steps of equal length; per kWh, in a currency that is the user's; they may be negative. */
public final class PriceOutlook {
    private final StepSeries series;

    /** @throws IllegalArgumentException for no prices, or one that is not finite */
    public PriceOutlook(Instant start, Duration step, double... perKwh) {
        series = new StepSeries("prices", "per kWh", start, step, perKwh);
    }

    public Instant start() {
        return series.start();
    }

    public Instant end() {
        return series.end();
    }

    public boolean covers(Instant time) {
        return series.covers(time);
    }

    /** @throws IllegalArgumentException outside its time */
    public double perKwh(Instant time) {
        return series.at(time);
    }

    /** Since when the price of this moment holds. */
    public Instant since(Instant time) {
        return series.since(time);
    }
}
