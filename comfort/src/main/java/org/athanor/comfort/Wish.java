package org.athanor.comfort;

import java.time.Instant;
import java.util.OptionalDouble;
import org.athanor.comfort.planning.ComputeDevice;

/**
 * What others want of the heaters that compute at one moment.
 *
 * @param promised W at least
 * @param allowed W at most
 */
record Wish(OptionalDouble promised, OptionalDouble allowed) {
    static final Wish NONE = new Wish(OptionalDouble.empty(), OptionalDouble.empty());

    static Wish of(Outlook outlook, Instant time) {
        return new Wish(
                outlook.promised().map(watts -> watts.watts(time)).orElse(OptionalDouble.empty()),
                outlook.allowed().map(watts -> watts.watts(time)).orElse(OptionalDouble.empty()));
    }

    /** Work that is leased, as the lowest levels that draw what was promised. */
    static int[] levels(Outlook outlook, ComputeDevice device, Instant start, int steps) {
        var levels = new int[steps];
        if (outlook.promised().isEmpty()) return levels;
        for (int k = 0; k < steps; k++) {
            double watts = outlook.promised().get().wattsOrNone(start.plus(PlanningConfig.STEP.multipliedBy(k)));
            while (levels[k] < device.levels() - 1 && device.watts(levels[k]) < watts) levels[k]++;
        }
        return levels;
    }

    /** Of {@code watts} at {@code time}, what is allowed. */
    static double most(Outlook outlook, Instant time, double watts) {
        return outlook.allowed().isPresent()
                ? Math.min(watts, outlook.allowed().get().watts(time).orElse(watts))
                : watts;
    }
}
