package org.athanor.comfort.planning;

/** The figure that a demand charge is made of. */
final class DemandPeak {
    private static final double QUARTER_HOUR = 0.25;

    private DemandPeak() {}

    /**
     * The highest mean of a quarter of an hour that the home draws from the grid, in W. Quarters begin with the plan; of steps
     * that do not divide a quarter each counts alone.
     */
    static double watts(HeatProblem problem, double[] ours) {
        int window = window(problem);
        double peak = 0;
        for (int k = 0; k < problem.steps; k += window) {
            double sum = 0;
            int end = Math.min(problem.steps, k + window);
            for (int n = k; n < end; n++) sum += Math.max(0, problem.otherWatts[n] + ours[n] - problem.solarWatts[n]);
            peak = Math.max(peak, sum / (end - k));
        }
        return peak;
    }

    private static int window(HeatProblem problem) {
        double steps = QUARTER_HOUR / problem.hours;
        return steps == Math.rint(steps) ? Math.max(1, (int) steps) : 1;
    }
}
