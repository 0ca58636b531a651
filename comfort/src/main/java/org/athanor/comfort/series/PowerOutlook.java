package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/** Power that is expected from now on, such as of the sun on one's own roof, in steps of equal length; W, not negative. */
public final class PowerOutlook {
    private final StepSeries series;

    /** @throws IllegalArgumentException for no values, or one that is negative or not finite */
    public PowerOutlook(Instant start, Duration step, double... watts) {
        for (int i = 0; i < watts.length; i++)
            if (watts[i] < 0)
                throw new IllegalArgumentException("powers of step " + i + ": " + watts[i] + " W (not negative)");
        series = new StepSeries("powers", "W", start, step, watts);
    }

    /** Empty where it says nothing. */
    public OptionalDouble watts(Instant time) {
        return series.covers(time) ? OptionalDouble.of(series.at(time)) : OptionalDouble.empty();
    }

    /** 0 where it says nothing. */
    public double wattsOrNone(Instant time) {
        return series.covers(time) ? series.at(time) : 0;
    }
}
