package org.athanor.training.outer;

/** A mean by weight, summed in double, so that no more than one contribution is in memory at a time. */
public final class WeightedMean {
    private final double[] sum;
    private final double total;

    /**
     * @param length of every contribution
     * @param total  of their weights
     */
    public WeightedMean(int length, double total) {
        this.sum = new double[length];
        this.total = total;
    }

    /** @throws IllegalArgumentException for one of another length */
    public void add(Contribution contribution) {
        var values = contribution.values();
        if (values.length != sum.length) {
            throw new IllegalArgumentException(
                    "a contribution has " + values.length + " values, where the fragment has " + sum.length);
        }
        var share = contribution.weight() / total;
        for (var index = 0; index < sum.length; index++) {
            sum[index] += share * values[index];
        }
    }

    public float[] result() {
        var mean = new float[sum.length];
        for (var index = 0; index < sum.length; index++) {
            mean[index] = (float) sum[index];
        }
        return mean;
    }
}
