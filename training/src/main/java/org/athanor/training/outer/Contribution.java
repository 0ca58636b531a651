package org.athanor.training.outer;

import java.util.function.Supplier;

/** An update that counts in a round. */
public final class Contribution {
    private final Supplier<float[]> values;
    private final double weight;

    /**
     * @param values what its sender wants taken away from the weights of the round's fragment; not copied
     * @param weight how much it counts: the tokens behind it
     */
    public Contribution(float[] values, double weight) {
        this(() -> values, weight);
    }

    /**
     * One that is read when it is needed, so that not all of a round are in memory.
     *
     * @param values the same at every call
     */
    public Contribution(Supplier<float[]> values, double weight) {
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("a contribution counts more than nothing, but this one " + weight);
        }
        this.values = values;
        this.weight = weight;
    }

    /** Not copied. May be read anew by every call: who needs them twice keeps them. */
    public float[] values() {
        return values.get();
    }

    public double weight() {
        return weight;
    }
}
