package org.athanor.bench;

import java.util.Arrays;
import org.athanor.comfort.planning.HeatPlan;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.Planner;

/**
 * What is commonly done without planning, with the device alone and within its minimum times of an hour: off, or the lowest
 * level that makes more than the room loses in the steady state.
 */
enum PlanRules {
    /** On below 20.2 °C, off above 20.8 °C. */
    HYSTERESIS("hysteresis") {
        @Override
        boolean heats(boolean heating, double air, boolean cheap) {
            return heating ? air < 20.8 : air < 20.2;
        }
    },
    /** The same in hours dearer than the day's median, up to 21.7 °C in the others. */
    CHEAP_HOURS("greedy in cheap hours") {
        @Override
        boolean heats(boolean heating, double air, boolean cheap) {
            double off = cheap ? 21.7 : 20.5;
            return heating ? air < off : air < off - 0.4;
        }
    };

    private static final int HOUR = 4;
    private static final double SPARE = 1.2;

    private final String title;

    PlanRules(String title) {
        this.title = title;
    }

    abstract boolean heats(boolean heating, double air, boolean cheap);

    HeatPlan lived(HeatProblem problem) {
        int steps = problem.steps();
        var price = new double[steps];
        for (int k = 0; k < steps; k++) price[k] = problem.marginalPrice(k);
        var sorted = price.clone();
        Arrays.sort(sorted);
        var levels = new int[steps];
        int since = HOUR;
        var heating = false;
        for (int k = 0; k < steps; k++) {
            // lived anew for each step: slow, but by the same model and with nothing of the planner's own
            double air = Planner.rehearse(problem, levels, new double[steps], new double[steps])
                    .airCelsius(k);
            boolean wish = heats(heating, air, price[k] <= sorted[steps / 2]);
            if (wish != heating && since >= HOUR) {
                heating = wish;
                since = 0;
            }
            since++;
            levels[k] = heating ? level(problem, k) : 0;
        }
        return Planner.rehearse(problem, levels, new double[steps], new double[steps]);
    }

    private static int level(HeatProblem problem, int k) {
        double loss = problem.room().lossWattsPerKelvin() * (21 - problem.outdoorCelsius(k));
        int level = 1;
        while (level < problem.device().levels() - 1 && problem.device().watts(level) < SPARE * loss) level++;
        return level;
    }

    @Override
    public String toString() {
        return title;
    }
}
