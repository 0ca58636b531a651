package org.athanor.comfort;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.comfort.series.PriceOutlook;

/** Why the plan does now what it does, in half a sentence. */
final class PlanSentence {
    /** A price that differs by less is the same price to people. */
    private static final double NOTICEABLE = 0.03;

    private PlanSentence() {}

    static Sentence of(PlanningConfig config, PlannedStep.MadePlan made, int step, PriceOutlook prices) {
        return of(
                config.comfort().schedule().zone(),
                config.household().primary().map(PrimarySource::title),
                made,
                step,
                prices);
    }

    /** @param other the heating that there is beside ours */
    static Sentence of(ZoneId zone, Optional<String> other, PlannedStep.MadePlan made, int step, PriceOutlook prices) {
        var plan = made.plan();
        double now = price(made, step, prices);
        int change = nextChange(plan, step);
        boolean heats = plan.ownWatts(step) > 0;
        if (plan.sourceWatts(step) > 0 && !heats && other.isPresent())
            return new Sentence(Saying.PLAN_OTHER_HEAT, Map.of("source", other.get()));
        if (change == plan.steps()) return Sentence.of(heats ? Saying.PLAN_KEEPS_ON : Saying.PLAN_STAYS_WARM);
        var until = clock(zone, time(made, change));
        if (!heats) {
            double then = price(made, change, prices);
            return then < now * (1 - NOTICEABLE) && now > 0
                    ? new Sentence(Saying.PLAN_COASTS, Map.of("until", until, "then", then, "now", now))
                    : new Sentence(Saying.PLAN_WITHOUT_HEAT, Map.of("until", until));
        }
        int dear = dearest(made, step, prices);
        double most = price(made, dear, prices);
        boolean less = plan.ownWatts(dear) < plan.ownWatts(step);
        if (less && most > now * (1 + NOTICEABLE)) {
            var dearFrom = clock(zone, prices.since(time(made, dear)));
            return new Sentence(Saying.PLAN_AHEAD, Map.of("until", dearFrom, "then", most, "now", now));
        }
        return new Sentence(
                Saying.PLAN_UNTIL,
                Map.of("until", until, "lowest", lowest(plan, step, change), "highest", highest(plan, step, change)));
    }

    static Instant time(PlannedStep.MadePlan made, int step) {
        return made.start().plus(PlanningConfig.STEP.multipliedBy(step));
    }

    private static double price(PlannedStep.MadePlan made, int step, PriceOutlook prices) {
        return prices.perKwh(time(made, step));
    }

    private static int nextChange(HeatPlan plan, int step) {
        boolean heats = plan.ownWatts(step) > 0;
        int next = step;
        while (next < plan.steps() && (plan.ownWatts(next) > 0) == heats) next++;
        return next;
    }

    /** Of the next eight hours. */
    private static int dearest(PlannedStep.MadePlan made, int step, PriceOutlook prices) {
        int best = step;
        for (int k = step; k < Math.min(made.plan().steps(), step + 32); k++)
            if (price(made, k, prices) > price(made, best, prices)) best = k;
        return best;
    }

    private static double lowest(HeatPlan plan, int from, int to) {
        double lowest = Double.MAX_VALUE;
        for (int k = from; k <= to; k++) lowest = Math.min(lowest, plan.airCelsius(k));
        return lowest;
    }

    private static double highest(HeatPlan plan, int from, int to) {
        double highest = -Double.MAX_VALUE;
        for (int k = from; k <= to; k++) highest = Math.max(highest, plan.airCelsius(k));
        return highest;
    }

    static LocalTime clock(ZoneId zone, Instant time) {
        return LocalTime.ofInstant(time, zone).truncatedTo(ChronoUnit.MINUTES);
    }
}
