package org.athanor.comfort;

import java.time.Duration;
import org.athanor.comfort.learning.RoomPrior;

/**
 * Control that thinks ahead.
 *
 * @param comfort heaters, schedule, band and limits; its thermostat stands in while no plan can be made
 * @param prior what is known of the room before it is measured
 * @param horizon of a plan, where forecast and prices reach that far
 * @param planEvery a plan is made anew after this time
 * @param household what the home has around the heaters
 */
public record PlanningConfig(
        ComfortConfig comfort, RoomPrior prior, Duration horizon, Duration planEvery, Household household) {
    /** A plan in steps of 15 minutes. */
    public static final Duration STEP = Duration.ofMinutes(15);

    /** @throws IllegalArgumentException for a horizon of less than six hours or more than four days */
    public PlanningConfig {
        if (horizon.compareTo(PlanningController.SHORTEST) < 0 || horizon.compareTo(Duration.ofDays(4)) > 0)
            throw new IllegalArgumentException("horizon of the plans " + horizon + " (6 hours to 4 days)");
        if (planEvery.isNegative())
            throw new IllegalArgumentException("time between two plans " + planEvery + " (not negative)");
    }

    /** With nothing but the heaters. */
    public PlanningConfig(ComfortConfig comfort, RoomPrior prior, Duration horizon, Duration planEvery) {
        this(comfort, prior, horizon, planEvery, Household.NONE);
    }

    /** A day ahead, every five minutes. */
    public PlanningConfig(ComfortConfig comfort, RoomPrior prior) {
        this(comfort, prior, Duration.ofHours(24), Duration.ofMinutes(5));
    }

    public PlanningConfig with(ComfortConfig heatersAndLimits) {
        return new PlanningConfig(heatersAndLimits, prior, horizon, planEvery, household);
    }

    public PlanningConfig with(Household home) {
        return new PlanningConfig(comfort, prior, horizon, planEvery, home);
    }
}
