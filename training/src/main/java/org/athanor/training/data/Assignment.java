package org.athanor.training.data;

/**
 * Which sequences a worker is to learn from: a function of the job's seed, the round, the worker's name and the step,
 * so that whoever verifies a worker recomputes what it owed.
 *
 * @param seed    the job's
 * @param round   from 0
 * @param worker  its name in the job
 * @param purpose what the data are for: {@link #TRAINING}, or a draw that no worker was given
 */
public record Assignment(long seed, long round, String worker, String purpose) {
    public static final String TRAINING = "training";

    /** Where each of {@code sequences} sequences of step {@code step} begins in a shard, so that each fits with its last target. */
    public int[] starts(long step, int sequences, int context, int shardTokens) {
        var room = shardTokens - context;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "a shard must hold more tokens than the context of " + context + ", but holds " + shardTokens);
        }
        var draws = draws(step);
        var starts = new int[sequences];
        for (var sequence = 0; sequence < sequences; sequence++) {
            starts[sequence] = draws.below(room);
        }
        return starts;
    }

    /** Which of {@code shards} shards the worker reads in this round. */
    public int shard(int shards) {
        return draws(-1).below(shards);
    }

    private Draws draws(long step) {
        return Draws.of(purpose + "\0" + worker, seed, round, step);
    }
}
