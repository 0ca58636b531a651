package org.athanor.training.trust;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * A worker's skill as far as it is known, and how the ranks of a round change it: the Plackett-Luce model of OpenSkill (Weng
 * and Lin, "A Bayesian Approximation Method for Online Ranking", 2011, algorithm 4).
 *
 * @param mean  of the skill
 * @param spread standard deviation of what is believed of it
 */
public record Rating(double mean, double spread) {
    /** Of whom nothing is known. */
    public static final Rating UNKNOWN = new Rating(25, 25.0 / 3);

    private static final double BETA = 25.0 / 6;
    private static final double LEAST_SHRINK = 1e-4;

    /** What it is worth for sure: three deviations below the mean. */
    public double ordinal() {
        return mean - 3 * spread;
    }

    /** Variance of what it does in a round: of the skill, as far as that is not known, and of chance. */
    double variance() {
        return spread * spread + BETA * BETA;
    }

    /** How well somebody did: lower ranks are better, equal ones are a draw. */
    public record Ranked(Rating rating, int rank) {}

    /** The ratings after a round, in the same order. */
    public static List<Rating> after(List<Ranked> round) {
        var c = Math.sqrt(
                round.stream().mapToDouble(one -> one.rating().variance()).sum());
        // strength of all that came in at or behind a rank, and how many share it
        var behind = new TreeMap<Integer, Double>();
        var draws = new HashMap<Integer, Integer>();
        for (var one : round) {
            behind.merge(one.rank(), Math.exp(one.rating().mean() / c), Double::sum);
            draws.merge(one.rank(), 1, Integer::sum);
        }
        double sum = 0;
        for (var rank : behind.descendingMap().entrySet()) {
            sum += rank.getValue();
            rank.setValue(sum);
        }
        var after = new ArrayList<Rating>();
        for (var own = 0; own < round.size(); own++) {
            var one = round.get(own);
            double move = 0;
            double certainty = 0;
            for (var place = 0; place < round.size(); place++) {
                var rival = round.get(place);
                if (rival.rank() > one.rank()) {
                    continue;
                }
                var chance = Math.exp(one.rating().mean() / c) / behind.get(rival.rank());
                var sharers = draws.get(rival.rank());
                move += ((place == own ? 1 : 0) - chance) / sharers;
                certainty += chance * (1 - chance) / sharers;
            }
            var variance = one.rating().spread() * one.rating().spread();
            var gamma = one.rating().spread() / c;
            var shrink = Math.max(1 - variance / (c * c) * gamma * certainty, LEAST_SHRINK);
            after.add(new Rating(one.rating().mean() + variance / c * move, Math.sqrt(variance * shrink)));
        }
        return List.copyOf(after);
    }
}
