package org.athanor.comfort.planning;

import java.util.Arrays;
import java.util.Optional;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.planning.HeatProblem.Discomfort;

/**
 * Plans the heat of a tank with the {@link Planner} of rooms. Two things are its own: a source whose water is not hotter than the
 * tank gives nothing, so its hours are struck out and the rest planned anew; and a disinfection that is due is tried at each hour
 * before, of which the cheapest is taken. Where no source is hot enough, or not all of the tank gets hot, it is refused with the
 * reason and the rest is planned. Holds working memory: one per thread.
 */
public final class TankPlanner {
    /** A tank's band is wide, and it has no second axis. */
    private static final GridSize GRID = new GridSize(73, 2);

    /** Rounds in which hours of a source that is too cool are struck out. */
    private static final int MOST_ROUNDS = 8;

    /** The band's high end stays below what must not be exceeded, the sources' water included. */
    private static final double BELOW_MAXIMUM_KELVINS = 1;

    /** Aimed above the temperature of disinfection, since the planner weighs kelvins and a tank is not mixed perfectly. */
    private static final double ABOVE_KELVINS = 1.5;

    /** Disinfection is not a matter of price. */
    private static final double DISINFECTION_PRICE = 20;

    /** Share by which each step until a disinfection that is overdue is dearer than the one before: more than what it loses. */
    private static final double RISE_PER_STEP = 0.02;

    private final Planner planner;

    public TankPlanner() {
        planner = new Planner(GRID);
    }

    public TankPlan plan(TankProblem problem) {
        var ordinary = new Course(problem, -1, false).plan();
        if (problem.dueInSteps.isEmpty()) return ordinary.with(new Disinfection.NotWanted());
        int due = problem.dueInSteps.getAsInt();
        var obstacle = obstacle(problem);
        if (obstacle.isPresent()) return ordinary.with(new Disinfection.Refused(obstacle.get()));
        if (due > problem.steps) return ordinary.with(new Disinfection.NotDue(due));
        int every = (int) Math.max(1, Math.round(3.6e12 / problem.step.toNanos()));
        int last = problem.steps - problem.holdSteps;
        Optional<Found> best = Optional.empty();
        int bestFrom = -1;
        for (int from = 0; from <= last; from += from == 0 ? 1 : every) {
            // before it is due the cheapest counts, afterwards the earliest
            boolean overdue = from + problem.holdSteps > due;
            if (overdue && best.isPresent()) break;
            var found = new Course(problem, from, overdue).plan();
            if (!found.holds(problem, from)) continue;
            if (best.isPresent() && found.cost() >= best.get().cost()) continue;
            best = Optional.of(found);
            bestFrom = from;
        }
        if (best.isEmpty())
            return ordinary.with(new Disinfection.Refused(
                    "the sources cannot bring the tank to " + problem.disinfectionCelsius + " °C within the plan"));
        double extra = best.get().cost() - ordinary.cost();
        return best.get().with(new Disinfection.Planned(bestFrom, bestFrom + problem.holdSteps, extra));
    }

    private static Optional<String> obstacle(TankProblem p) {
        double wanted = p.disinfectionCelsius;
        if (p.coldPart.isPresent()) return p.coldPart;
        double aim = wanted + ABOVE_KELVINS;
        if (p.maximumCelsius < aim + BELOW_MAXIMUM_KELVINS)
            return Optional.of("the tank may not be hotter than " + p.maximumCelsius + " °C, and disinfection takes "
                    + (aim + BELOW_MAXIMUM_KELVINS));
        double hottest = p.hottestSource();
        if (hottest == Double.NEGATIVE_INFINITY) return Optional.of("there is no source of heat");
        if (!HotWaterTank.canDisinfect(hottest) || hottest < aim + TankProblem.APPROACH_KELVINS)
            return Optional.of("the hottest source gives water of " + hottest + " °C, and disinfection takes "
                    + (aim + TankProblem.APPROACH_KELVINS));
        return Optional.empty();
    }

    /** @param feigned of its cost, what a price that was raised adds */
    private record Found(HeatPlan plan, HeatProblem problem, double feigned) {
        TankPlan with(Disinfection disinfection) {
            return new TankPlan(plan, problem, disinfection);
        }

        double cost() {
            return plan.cost().total() - plan.cost().discomfort() - feigned;
        }

        boolean holds(TankProblem tank, int from) {
            for (int k = from; k <= from + tank.holdSteps; k++)
                if (plan.airCelsius(k) < tank.disinfectionCelsius) return false;
            return true;
        }
    }

    /** Of one way to disinfect, or none. */
    private final class Course {
        private final TankProblem tank;
        private final double[] low;
        private final double[] high;
        private final double discomfortPrice;
        private final double hardHigh;
        private final double[] price;

        /**
         * @param from at which step the tank is hot, -1 if it need not be
         * @param overdue whether it is heated at once for that: a plan that heats as late as it can is made anew before it has
         *     begun, and puts it off for ever
         */
        Course(TankProblem tank, int from, boolean overdue) {
            this.tank = tank;
            price = overdue ? rising(tank.electricityPrice, from) : tank.electricityPrice;
            double sources = tank.hottestSource() - TankProblem.APPROACH_KELVINS;
            // on ordinary days the element need not go where the device cannot follow
            double reached = from < 0 && tank.hasDevice() ? tank.deviceCelsius - TankProblem.APPROACH_KELVINS : sources;
            hardHigh = Math.min(tank.maximumCelsius, Math.max(reached, max(tank.lowCelsius) + 2));
            low = new double[tank.steps];
            high = new double[tank.steps];
            for (int k = 0; k < tank.steps; k++) {
                high[k] = hardHigh - BELOW_MAXIMUM_KELVINS;
                low[k] = Math.min(tank.lowCelsius[k], high[k]);
                // the band is that of a step's end
                if (from >= 0 && k >= from - 1 && k < from + tank.holdSteps)
                    low[k] = Math.min(tank.disinfectionCelsius + ABOVE_KELVINS, high[k]);
            }
            discomfortPrice = tank.discomfortPrice * (from < 0 ? 1 : DISINFECTION_PRICE);
        }

        /** Dearer than later steps too, so that no more is stored than what is needed by then. */
        private static double[] rising(double[] price, int until) {
            var rising = price.clone();
            double base = max(price);
            double rise = RISE_PER_STEP * Math.max(Math.abs(base), 0.01);
            for (int k = 0; k < Math.min(until, price.length); k++) rising[k] = base + rise * k;
            return rising;
        }

        private static double max(double[] values) {
            return Arrays.stream(values).max().orElseThrow();
        }

        Found plan() {
            var cap = tank.deviceCap.clone();
            for (int round = 0; round < MOST_ROUNDS; round++) {
                var found = planned(cap);
                if (!strike(found.plan(), cap, round)) return found;
            }
            return planned(new double[tank.steps]); // without the device
        }

        private Found planned(double[] cap) {
            var problem = problem(cap);
            var plan = planner.plan(problem);
            double hours = tank.step.toNanos() / 3.6e12;
            double feigned = 0;
            for (int k = 0; k < tank.steps; k++)
                feigned += (price[k] - tank.electricityPrice[k]) * plan.ownWatts(k) / 1000 * hours;
            return new Found(plan, problem, feigned);
        }

        /**
         * Each round a step more on both sides: what is struck out moves the rest.
         *
         * @return whether hours were struck out in which the device's water would be no warmer than the tank
         */
        private boolean strike(HeatPlan plan, double[] cap, int round) {
            boolean struck = false;
            for (int k = 0; k < tank.steps; k++) {
                double warm = Math.max(plan.airCelsius(k), plan.airCelsius(k + 1));
                if (plan.level(k) == 0 || warm <= tank.deviceCelsius - TankProblem.APPROACH_KELVINS / 2) continue;
                struck = true;
                Arrays.fill(cap, Math.max(0, k - round), Math.min(tank.steps, k + round + 1), 0);
            }
            return struck;
        }

        private HeatProblem problem(double[] cap) {
            int steps = tank.steps;
            var gains = new double[steps];
            var limit = new double[steps];
            for (int k = 0; k < steps; k++) {
                gains[k] = -tank.drawWatts[k];
                limit[k] = cap[k] == 0 || !tank.hasDevice() ? tank.limitWithoutDevice[k] : tank.houseLimit[k];
            }
            return HeatProblem.of(tank.store, new double[] {tank.celsius}, tank.step, steps)
                    .weather(tank.ambientCelsius, new double[steps], gains)
                    .comfort(low, high, Discomfort.QUADRATIC, discomfortPrice)
                    .hardLimits(0, hardHigh)
                    .electricity(price)
                    .house(tank.otherWatts, limit)
                    .device(tank.device, tank.deviceState, tank.revenuePerHour)
                    .deviceCap(cap)
                    .minimumLevels(tank.minimumLevel)
                    .boost(tank.boostWatts)
                    .build();
        }
    }
}
