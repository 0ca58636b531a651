package org.athanor.training.outer;

/**
 * How the coordinator moves the weights against what the workers found.
 *
 * @param rate     how far; 1 takes the mean of the workers
 * @param momentum share of the last move that is made again; with Nesterov's look ahead. 0 for plain descent
 */
public record OuterOptimiser(double rate, double momentum) {
    /** DiLoCo's (Douillard et al. 2023, arXiv 2311.08105). */
    public static final OuterOptimiser NESTEROV = new OuterOptimiser(0.7, 0.9);

    /** SparseLoCo's: what was kept back is momentum enough. */
    public static final OuterOptimiser PLAIN = new OuterOptimiser(1, 0);

    public OuterOptimiser {
        if (!(rate > 0 && rate <= 2)) {
            throw new IllegalArgumentException("outer rate must be above 0 and at most 2, but is " + rate);
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("outer momentum must be from 0 to below 1, but is " + momentum);
        }
    }

    /**
     * One step, in place: m = momentum * m + drift; weights -= rate * (drift + momentum * m). Running statistics become the mean of
     * the workers': to overshoot could make a variance negative.
     *
     * @param drift   mean of weights before minus weights after the inner steps
     * @param trained values in front that gradients change; the rest are running statistics
     */
    void step(float[] weights, float[] moved, float[] drift, int trained) {
        for (var index = trained; index < weights.length; index++) {
            weights[index] -= drift[index];
        }
        for (var index = 0; index < trained; index++) {
            moved[index] = (float) (momentum * moved[index] + drift[index]);
            weights[index] -= (float) (rate * (drift[index] + momentum * moved[index]));
        }
    }
}
