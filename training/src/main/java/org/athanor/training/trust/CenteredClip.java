package org.athanor.training.trust;

import java.util.Arrays;
import java.util.List;
import org.athanor.training.outer.Contribution;

/**
 * CenteredClip (Karimireddy, He and Jaggi, "Learning from History for Byzantine Robust Optimization", 2021, arXiv 2012.10333):
 * v += mean((x - v) * min(1, radius / |x - v|)). No update moves the result by more than its share of the radius.
 *
 * <p>The paper wants a radius of the order of the honest updates' spread, which it takes as known. Here it is the median of
 * the distances from v, anew in every pass: while more than half of the updates are honest, it is at most the distance of an
 * honest one. v begins at the median of every coordinate. What the paper does with momentum against attacks that are small
 * and steady is done by the inner steps (an update is the sum of many gradients) and by scores over many rounds.
 *
 * <p>Updates are read one after the other, some times each, and never held together: medians are made of as many coordinates at a
 * time as there is room for.
 *
 * @param passes 1 or more
 * @param room   floats of all updates together that are held for medians; 1 or more, and never less than four updates have
 */
public record CenteredClip(int passes, int room) implements Aggregation {
    private static final int LEAST_ROOM = 4;

    /** Enough to come from the median of every coordinate to rest; 256 MiB. */
    public static final CenteredClip USUAL = new CenteredClip(3, 1 << 26);

    public CenteredClip {
        if (room < 1) {
            throw new IllegalArgumentException("room must be at least 1, but is " + room);
        }
        if (passes < 1) {
            throw new IllegalArgumentException("passes must be at least 1, but is " + passes);
        }
    }

    @Override
    public float[] of(List<Contribution> contributions, int length) {
        var mean = Aggregation.mean().of(contributions, length); // also holds them against the length
        if (contributions.size() < 3) {
            return mean; // of two nobody knows who lies
        }
        var centre = medians(contributions, length);
        var total = contributions.stream().mapToDouble(Contribution::weight).sum();
        for (var pass = 0; pass < passes; pass++) {
            var distances = new double[contributions.size()];
            for (var index = 0; index < distances.length; index++) {
                distances[index] = distance(contributions.get(index).values(), centre);
            }
            var radius = Norms.median(distances);
            var move = new double[length];
            for (var index = 0; index < distances.length; index++) {
                var contribution = contributions.get(index);
                var share = contribution.weight() / total * (distances[index] > radius ? radius / distances[index] : 1);
                var values = contribution.values();
                for (var place = 0; place < length; place++) {
                    move[place] += share * (values[place] - centre[place]);
                }
            }
            for (var place = 0; place < length; place++) {
                centre[place] += (float) move[place];
            }
        }
        return centre;
    }

    private static double distance(float[] values, float[] centre) {
        double sum = 0;
        for (var index = 0; index < values.length; index++) {
            double difference = values[index] - centre[index];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private float[] medians(List<Contribution> contributions, int length) {
        var count = contributions.size();
        var width = (int) Math.min(length, Math.max(1, Math.max(room, (long) LEAST_ROOM * length) / count));
        var medians = new float[length];
        var rows = new float[count][];
        var column = new float[count];
        for (var from = 0; from < length; from += width) {
            var to = Math.min(length, from + width);
            for (var index = 0; index < count; index++) {
                rows[index] = Arrays.copyOfRange(contributions.get(index).values(), from, to);
            }
            for (var place = from; place < to; place++) {
                for (var index = 0; index < count; index++) {
                    column[index] = rows[index][place - from];
                }
                Arrays.sort(column);
                medians[place] = (column[(count - 1) / 2] + column[count / 2]) / 2;
            }
        }
        return medians;
    }
}
