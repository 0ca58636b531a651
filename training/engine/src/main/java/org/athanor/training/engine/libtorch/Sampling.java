package org.athanor.training.engine.libtorch;

import java.util.Arrays;

/** Draws a token from a model's scores. */
final class Sampling {
    private Sampling() {}

    /**
     * @param scores      of every token, in nats up to a constant
     * @param temperature scores are divided by it; 0 takes the likeliest
     * @param topK        only so many of the likeliest may be drawn; 0 for all
     * @param draw        from 0 to below 1
     */
    static int draw(float[] scores, double temperature, int topK, double draw) {
        var likeliest = 0;
        for (var token = 1; token < scores.length; token++) {
            likeliest = scores[token] > scores[likeliest] ? token : likeliest;
        }
        if (temperature == 0) {
            return likeliest;
        }
        var least = leastOf(scores, topK);
        var weights = new double[scores.length];
        double sum = 0;
        for (var token = 0; token < scores.length; token++) {
            if (scores[token] >= least) {
                weights[token] = Math.exp((scores[token] - scores[likeliest]) / temperature);
                sum += weights[token];
            }
        }
        var rest = draw * sum;
        for (var token = 0; token < scores.length; token++) {
            rest -= weights[token];
            if (rest < 0) {
                return token;
            }
        }
        return likeliest;
    }

    private static float leastOf(float[] scores, int topK) {
        if (topK <= 0 || topK >= scores.length) {
            return Float.NEGATIVE_INFINITY;
        }
        var sorted = scores.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - topK];
    }
}
