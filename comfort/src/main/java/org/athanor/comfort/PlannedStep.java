package org.athanor.comfort;

import java.time.Instant;
import java.util.Optional;
import org.athanor.comfort.planning.FlexibilityEnvelope;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.units.Watts;

/**
 * The outcome of one step of {@link PlanningController}.
 *
 * @param control commands, safety and the sentence for the user
 * @param plan in force, if there is one
 * @param standIn why the thermostat decides instead of a plan; empty while a plan does
 * @param primaryHeat what the plan wants of a heating that it may command; empty leaves that to its own control
 * @param elsewhere whether the plan wants the heat of those that compute in the home's other sink for now
 * @param note what the user should know of the plan, such as an old forecast
 */
public record PlannedStep(
        ControlStep control,
        Optional<MadePlan> plan,
        Optional<String> standIn,
        Optional<Watts> primaryHeat,
        boolean elsewhere,
        Optional<String> note) {
    /**
     * @param start of its first step; each takes a quarter of an hour
     * @param envelope how far the power could be moved without leaving the comfort band, and for what price
     */
    public record MadePlan(Instant start, HeatPlan plan, FlexibilityEnvelope envelope) {}
}
