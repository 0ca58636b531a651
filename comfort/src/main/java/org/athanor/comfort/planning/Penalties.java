package org.athanor.comfort.planning;

/**
 * What breaking a rule costs inside the planner: so much that no plan buys it, in proportion to the problem's own sums, so
 * that the currency does not matter. Rules in their order: timers and hard limits, then promised work.
 *
 * @param hardLimit for a step that ends beyond a hard limit: more than promises missed for hours
 * @param perHardKelvin for each kelvin beyond a hard limit at the end of a step
 */
record Penalties(double brokenTimer, double missedLevel, double hardLimit, double perHardKelvin) {
    /** Kelvins outside the comfort band, all the time, that a promise still outweighs. */
    private static final double DISCOMFORT_KELVINS = 3;

    private static final double ORDER = 20;

    static Penalties of(HeatProblem problem, Choices choices) {
        double discomfort = problem.discomfortPrice * problem.hours * problem.steps * DISCOMFORT_KELVINS;
        double scale = choices.largestCost() + discomfort;
        if (scale == 0) scale = 1;
        return new Penalties(ORDER * scale, scale, ORDER * scale, ORDER * scale);
    }

    /** @param kelvins beyond a hard limit, 0 within */
    double beyondHardLimit(double kelvins) {
        return kelvins > 0 ? hardLimit + perHardKelvin * kelvins : 0;
    }

    /** A promise binds only as far as the caps let it. */
    double promise(HeatProblem problem, int k, int level, int highest) {
        return level < Math.min(problem.minimumLevel[k], highest) ? missedLevel : 0;
    }
}
