package org.athanor.network.training;

import java.io.IOException;
import java.util.List;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineException;

/** Reckons for the coordinator what its workers say that they reckoned. */
public interface Examiner extends AutoCloseable {
    /** A round done again. */
    final class Replayed {
        private final float[] weights;
        private final List<Double> losses;

        /**
         * @param weights after it; not copied
         * @param losses  of its steps
         */
        public Replayed(float[] weights, List<Double> losses) {
            this.weights = weights;
            this.losses = List.copyOf(losses);
        }

        float[] weights() {
            return weights;
        }

        List<Double> losses() {
            return losses;
        }
    }

    /** Mean loss in nats a token of the sequences that begin at {@code starts}. */
    double loss(float[] weights, ShardRef shard, List<Integer> starts)
            throws EngineException, IOException, InterruptedException;

    /**
     * The first {@code steps} steps of a worker's round, from {@code weights}.
     *
     * @param firstStep the job's step at which the round begins
     */
    Replayed replay(float[] weights, String worker, long round, long firstStep, int steps)
            throws EngineException, IOException, InterruptedException;

    /** Class of the machine that reckons, as {@link org.athanor.training.engine.MachineClass} says it; null when it is not known. */
    default String machineClass() {
        return null;
    }

    @Override
    void close();
}
