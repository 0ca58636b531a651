package org.athanor.training.model;

/**
 * Settings of the inner optimiser (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019).
 *
 * @param beta1       decay of the mean of gradients
 * @param beta2       decay of the mean of their squares
 * @param epsilon     added to the root of the latter
 * @param weightDecay share of a matrix taken away a step, times the learning rate
 * @param clip        largest length of a gradient; longer ones are shortened to it
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double clip) {
    /** nanoGPT's for small models. */
    public static final AdamW USUAL = new AdamW(0.9, 0.99, 1e-8, 0.1, 1.0);

    public AdamW {
        share("beta1", beta1);
        share("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be above 0, but is " + epsilon);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weightDecay must be 0 or more, but is " + weightDecay);
        }
        if (!(clip > 0)) {
            throw new IllegalArgumentException("clip must be above 0, but is " + clip);
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to below 1, but is " + value);
        }
    }
}
