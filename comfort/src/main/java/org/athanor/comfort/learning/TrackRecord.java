package org.athanor.comfort.learning;

import java.util.Arrays;

/** How predictions of the next 24 h turned out, by hours ahead; old ones count less and less. */
final class TrackRecord {
    static final int HOURS = 24;

    /** At four predictions a day the last five days count for two thirds. */
    private static final double KEPT = 0.95;

    /** So many predictions is it worth that the filter's own variance is believed. */
    private static final double TRUST = 2;

    private static final double LEAST_CALIBRATION = 0.3;
    private static final double MOST_CALIBRATION = 16;
    private static final double MOST_SQUARES = 25;
    private static final double FADED = 0.1;

    private final double[] weight = new double[HOURS];
    private final double[] squares = new double[HOURS];
    private final double[] ratios = new double[HOURS];
    private final double[] covered = new double[HOURS];
    private double score;
    private double scoreWeight;
    private long completed;

    TrackRecord() {}

    /** @return the squared error over the variance that was expected after calibration */
    double add(int hour, double error, double variance) {
        double calibrated = variance * calibration(hour);
        double ratio = error * error / calibrated;
        weight[hour] = weight[hour] * KEPT + 1;
        squares[hour] = squares[hour] * KEPT + error * error;
        ratios[hour] = ratios[hour] * KEPT + error * error / variance;
        covered[hour] = covered[hour] * KEPT + (ratio <= Beliefs.square(Prediction.deviations(0.9)) ? 1 : 0);
        return ratio;
    }

    /** The logarithm of the density that was given to what came, clipped where one surprise would decide for weeks. */
    double logDensity(double ratio, int hour, double variance) {
        return -0.5 * (Math.log(2 * Math.PI * variance * calibration(hour)) + Math.min(ratio, MOST_SQUARES));
    }

    void complete(double meanLogDensity) {
        score = score * KEPT + meanLogDensity;
        scoreWeight = scoreWeight * KEPT + 1;
        completed++;
    }

    /** By which the filter's variance is to be multiplied, so many whole hours ahead. */
    double calibration(int hour) {
        double measured = (ratios[hour] + TRUST) / (weight[hour] + TRUST);
        return Math.clamp(measured, LEAST_CALIBRATION, MOST_CALIBRATION);
    }

    /** The model is learned anew: what it was like before says little. */
    void fade() {
        for (var sums : new double[][] {weight, squares, ratios, covered})
            for (int i = 0; i < HOURS; i++) sums[i] *= FADED;
        score *= FADED;
        scoreWeight *= FADED;
        completed = 0;
    }

    long completed() {
        return completed;
    }

    /** Mean logarithm of the density given to what came, 0 before the first. */
    double score() {
        return scoreWeight == 0 ? 0 : score / scoreWeight;
    }

    /** Root of the mean square at {@code hour} + 1 hours ahead, in K. */
    double rootMeanSquare(int hour) {
        return Math.sqrt(squares[hour] / weight[hour]);
    }

    /** Over all hours from 1 to 24, in K; NaN before the first. */
    double rootMeanSquare() {
        return Math.sqrt(Arrays.stream(squares).sum() / Arrays.stream(weight).sum());
    }

    /** Share of what came within the interval that was to hold 90 %. */
    double coverage() {
        return Arrays.stream(covered).sum() / Arrays.stream(weight).sum();
    }

    void write(SavedBytes.Writer out) {
        out.put(weight).put(squares).put(ratios).put(covered);
        out.put(score).put(scoreWeight).put(completed);
    }

    void read(SavedBytes.Reader in) {
        in.fill(weight);
        in.fill(squares);
        in.fill(ratios);
        in.fill(covered);
        score = in.real();
        scoreWeight = in.real();
        completed = in.whole();
    }
}
