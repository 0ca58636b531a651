package org.athanor.training.trust;

import java.util.Arrays;
import java.util.List;

/** Lengths of updates, and which of them are believed. */
public final class Norms {
    /** Honest updates of a round differ in length by tens of percent, since their data differ. */
    private static final double OF_ROUND = 3;

    /** From one round to the next the learning rate changes by little, but warm-up may be a round long. */
    private static final double OF_HISTORY = 10;

    /** Below this share of the median there is next to nothing in an update. */
    private static final double LEAST = 0.1;

    /** Rounds whose medians are looked back at. */
    static final int HISTORY = 5;

    private Norms() {}

    /** Euclidean, summed in double. */
    public static double of(float[] values) {
        double sum = 0;
        for (var value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** Of the values in front that gradients change: running statistics are of another size. */
    public static double of(float[] values, int trained) {
        return of(Arrays.copyOf(values, trained));
    }

    /** The lower one of two. */
    static double median(double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    /**
     * Which lengths are believed.
     *
     * @param least below it an update is as good as nothing
     * @param most  above it one is made to drown the others
     */
    record Bound(double least, double most) {}

    /**
     * Against the median of the round, and against the medians of the last rounds, so that a round full of liars is not its own
     * measure. Of one or two updates the history alone tells which is usual.
     *
     * @param round   lengths in this round, none of them 0; not empty
     * @param history medians of the rounds before, the last one last
     */
    static Bound bound(double[] round, List<Double> history) {
        var usual = median(round);
        if (history.isEmpty()) {
            return new Bound(LEAST * usual, OF_ROUND * usual);
        }
        var before = median(history.stream()
                .skip(Math.max(0, history.size() - HISTORY))
                .mapToDouble(Double::doubleValue)
                .toArray());
        var reference = round.length < 3 ? before : usual;
        return new Bound(LEAST * Math.min(reference, before), Math.min(OF_ROUND * reference, OF_HISTORY * before));
    }
}
