package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.athanor.comfort.learning.HourOfWeek;

/** What a source that is not commanded usually gives, by hour of the week. */
final class PrimaryHabit {
    /** After a longer silence an hour is begun anew. */
    private static final Duration LONGEST_GAP = Duration.ofMinutes(20);

    private final ZoneId zone;
    private final HourOfWeek hours;

    // of the hour under way
    private Instant hour = Instant.MIN;
    private Instant last = Instant.MIN;
    private double wattHours;
    private double seen; // in hours

    PrimaryHabit(ZoneId zone, HourOfWeek hours) {
        this.zone = zone;
        this.hours = hours;
    }

    static HourOfWeek unknown() {
        return new HourOfWeek(0, 500);
    }

    HourOfWeek hours() {
        return hours;
    }

    void observe(Instant time, double watts) {
        var now = time.truncatedTo(ChronoUnit.HOURS);
        if (!now.equals(hour)) {
            if (seen > 0) hours.observe(HourOfWeek.hour(hour.atZone(zone)), wattHours / seen, Math.min(1, seen));
            hour = now;
            wattHours = 0;
            seen = 0;
        }
        if (last.isBefore(time) && last.isAfter(time.minus(LONGEST_GAP))) {
            double passed =
                    Duration.between(last.isBefore(now) ? now : last, time).toNanos() / 3.6e12;
            wattHours += watts * passed;
            seen += passed;
        }
        last = time;
    }

    /** W in the hour of {@code then}. */
    double expected(Instant then) {
        return Math.max(0, hours.mean(HourOfWeek.hour(then.atZone(zone))));
    }
}
