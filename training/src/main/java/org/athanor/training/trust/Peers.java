package org.athanor.training.trust;

import java.util.Collection;
import java.util.Optional;

/**
 * Those among whom a rating says something: who of a job may work and was scored often enough. A rating means what it means
 * against them: by the model that made it, with what chance a worker lowers the loss on data that it was not given more than
 * the one in the middle does.
 */
public final class Peers {
    private static final int FEWEST = 2;

    private final double middle;
    private final double scale;
    private final int size;

    private Peers(double middle, double scale, int size) {
        this.middle = middle;
        this.scale = scale;
        this.size = size;
    }

    /** @param all that is known of the workers of a job, in any order */
    public static Peers of(Collection<Standing> all) {
        var rated = all.stream()
                .filter(one -> one.excluded() == null && one.isRated())
                .map(Standing::rating)
                .toList();
        var means = rated.stream().mapToDouble(Rating::mean).sorted().toArray();
        if (means.length < FEWEST) {
            return new Peers(0, 1, means.length);
        }
        var middle = (means[(means.length - 1) / 2] + means[means.length / 2]) / 2;
        // sums of floats depend on their order
        var variance = rated.stream().mapToDouble(Rating::variance).sorted().sum() / means.length;
        return new Peers(middle, Math.sqrt(variance * means.length), means.length);
    }

    /**
     * How a worker does beside the one in the middle, as chances from 0 to 1: half is as well.
     *
     * @param better that it does better in a round
     * @param least  the same with a rating that is one deviation lower
     * @param most   the same with one that is one deviation higher
     */
    public record Comparison(double better, double least, double most) {}

    /** Empty while too little is known of it or of the others. */
    public Optional<Comparison> compare(Standing worker) {
        if (!worker.isRated() || size < FEWEST) {
            return Optional.empty();
        }
        var rating = worker.rating();
        return Optional.of(new Comparison(
                chance(rating.mean()),
                chance(rating.mean() - rating.spread()),
                chance(rating.mean() + rating.spread())));
    }

    private double chance(double mean) {
        return 1 / (1 + Math.exp((middle - mean) / scale));
    }

    /**
     * From 0 of whoever may well do as others do, to 1 of who surely never does. One deviation is given to it, since chance
     * alone puts half of all below the middle.
     */
    double doubt(Standing worker) {
        return compare(worker)
                .map(chances -> chances.most() < 0.5 ? 1 - 2 * chances.most() : 0.0)
                .orElse(0.0);
    }
}
