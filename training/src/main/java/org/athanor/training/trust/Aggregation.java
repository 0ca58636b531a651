package org.athanor.training.trust;

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

    /** The mean by weight: for workers that are known, since a single liar moves it as far as it wants. */
    static Aggregation mean() {
        return GlobalModel::mean;
    }
}
