package org.athanor.training.trust;

import java.util.Arrays;
import java.util.List;
import org.athanor.training.outer.Contribution;
import org.athanor.training.outer.GlobalModel;

/** What a round makes of its updates. */
@FunctionalInterface
public interface Aggregation {
    /**
     * @param length values of every contribution
     * @throws IllegalArgumentException when there is no contribution, or one is of another length
     */
    float[] of(List<Contribution> contributions, int length);

    /**
     * The same for what is trained and for running statistics, each by itself: a statistic may be larger than all weights together,
     * and its distances say nothing of theirs.
     *
     * @param trained values in front that gradients change
     */
    default Aggregation apart(int trained) {
        return (contributions, length) -> {
            if (trained == length) {
                return of(contributions, length);
            }
            var all = Arrays.copyOf(of(cut(contributions, 0, trained), trained), length);
            var statistics = of(cut(contributions, trained, length), length - trained);
            System.arraycopy(statistics, 0, all, trained, statistics.length);
            return all;
        };
    }

    private static List<Contribution> cut(List<Contribution> contributions, int from, int to) {
        return contributions.stream()
                .map(whole -> new Contribution(() -> Arrays.copyOfRange(whole.values(), from, to), whole.weight()))
                .toList();
    }

    /** The mean by weight: for workers that are known, since a single liar moves it as far as it wants. */
    static Aggregation mean() {
        return GlobalModel::mean;
    }
}
