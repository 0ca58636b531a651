package org.athanor.comfort;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.comfort.series.PriceOutlook;

/** Why the plan does now what it does, in half a sentence. */
final class PlanSentence {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    /** A price that differs by less is the same price to people. */
    private static final double NOTICEABLE = 0.03;

    private PlanSentence() {}

    static String of(PlanningConfig config, PlannedStep.MadePlan made, int step, PriceOutlook prices) {
        var plan = made.plan();
        double now = price(made, step, prices);
        int change = nextChange(plan, step);
        boolean heats = plan.ownWatts(step) > 0;
        if (plan.sourceWatts(step) > 0 && !heats && config.household().primary().isPresent())
            return "the plan leaves this hour's heat to the "
                    + config.household().primary().get().title();
        if (change == plan.steps())
            return heats ? "the plan keeps on for all it sees" : "the room stays warm enough by itself";
        var until = clock(config, time(made, change));
        if (!heats) {
            double then = price(made, change, prices);
            return then < now * (1 - NOTICEABLE) && now > 0
                    ? "coasting until " + until + ", when a kWh costs " + money(then) + " instead of " + money(now)
                    : "the room stays in its band without heat until " + until;
        }
        int dear = dearest(made, step, prices);
        double most = price(made, dear, prices);
        boolean less = plan.ownWatts(dear) < plan.ownWatts(step);
        return less && most > now * (1 + NOTICEABLE)
                ? "heating ahead of " + clock(config, prices.since(time(made, dear))) + ", when a kWh costs "
                        + money(most) + " instead of " + money(now)
                : "planned until " + until + ", with the room between " + money(lowest(plan, step, change)) + " and "
                        + money(highest(plan, step, change)) + " °C";
    }

    private static Instant time(PlannedStep.MadePlan made, int step) {
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

    private static String clock(PlanningConfig config, Instant time) {
        return CLOCK.format(time.atZone(config.comfort().schedule().zone()));
    }

    private static String money(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
