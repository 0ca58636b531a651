package org.athanor.training.outer;

/** An update that counts in a round. */
public final class Contribution {
    private final float[] values;
    private final double weight;

    /**
     * @param values what its sender wants taken away from the weights of the round's fragment; not copied
     * @param weight how much it counts: the tokens behind it
     */
    public Contribution(float[] values, double weight) {
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("a contribution counts more than nothing, but this one " + weight);
        }
        this.values = values;
        this.weight = weight;
    }

    /** Not copied. */
    public float[] values() {
        return values;
    }

    public double weight() {
        return weight;
    }
}
