package org.athanor.training.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.DataKey;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;

/**
 * What the engine is told: a line of JSON each on its standard input. Files are named as they are called in the folder in
 * which the engine runs; vectors in them are 32-bit floats, little-endian.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EngineCommand.Open.class, name = "open"),
    @JsonSubTypes.Type(value = EngineCommand.Initialise.class, name = "initialise"),
    @JsonSubTypes.Type(value = EngineCommand.Load.class, name = "load"),
    @JsonSubTypes.Type(value = EngineCommand.Save.class, name = "save"),
    @JsonSubTypes.Type(value = EngineCommand.RestartMoments.class, name = "restart-moments"),
    @JsonSubTypes.Type(value = EngineCommand.LoadMoments.class, name = "load-moments"),
    @JsonSubTypes.Type(value = EngineCommand.SaveMoments.class, name = "save-moments"),
    @JsonSubTypes.Type(value = EngineCommand.Train.class, name = "train"),
    @JsonSubTypes.Type(value = EngineCommand.Evaluate.class, name = "evaluate"),
    @JsonSubTypes.Type(value = EngineCommand.Sample.class, name = "sample"),
    @JsonSubTypes.Type(value = EngineCommand.Scores.class, name = "scores"),
    @JsonSubTypes.Type(value = EngineCommand.Threads.class, name = "threads"),
    @JsonSubTypes.Type(value = EngineCommand.Halt.class, name = "halt"),
})
public sealed interface EngineCommand {
    /** Makes the model; the first command. */
    record Open(ModelSpec model, AdamW optimiser, boolean bfloat16, int threads) implements EngineCommand {}

    /** Fills the weights as a fresh model has them. */
    record Initialise(long seed) implements EngineCommand {}

    /** Takes the weights from a file. */
    record Load(String file) implements EngineCommand {}

    /** Writes the weights into a file. */
    record Save(String file) implements EngineCommand {}

    /** Forgets the optimiser's moments. */
    record RestartMoments() implements EngineCommand {}

    /** Takes the optimiser's moments from a file: mean, square, and the steps done. */
    record LoadMoments(String file, long steps) implements EngineCommand {}

    /** Writes the optimiser's moments into a file. */
    record SaveMoments(String file) implements EngineCommand {}

    /**
     * Steps {@code from} to below {@code to} of a round.
     *
     * @param shard      file of tokens
     * @param assignment what is drawn from it
     * @param sequences  of a step
     * @param microBatch sequences that pass through the model at a time
     * @param rate       learning rate by the job's steps
     * @param firstStep  the job's step at which the round begins
     * @param seed       of dropout in this round
     * @param key        with which the shard is encrypted; null when it is not
     */
    record Train(
            String shard,
            Assignment assignment,
            int from,
            int to,
            int sequences,
            int microBatch,
            LearningRate rate,
            long firstStep,
            long seed,
            DataKey key)
            implements EngineCommand {
        /** From a shard that lies as it is. */
        public Train(
                String shard,
                Assignment assignment,
                int from,
                int to,
                int sequences,
                int microBatch,
                LearningRate rate,
                long firstStep,
                long seed) {
            this(shard, assignment, from, to, sequences, microBatch, rate, firstStep, seed, null);
        }
    }

    /**
     * Mean loss of the sequences that begin at {@code starts}.
     *
     * @param key with which the shard is encrypted; null when it is not
     */
    record Evaluate(String shard, List<Integer> starts, int microBatch, DataKey key) implements EngineCommand {
        /** Of a shard that lies as it is. */
        public Evaluate(String shard, List<Integer> starts, int microBatch) {
            this(shard, starts, microBatch, null);
        }
    }

    /** Goes on from {@code prompt} for {@code tokens} tokens. */
    record Sample(List<Integer> prompt, int tokens, double temperature, int topK, long seed) implements EngineCommand {}

    /**
     * Writes what the model gives for the token behind each of {@code tokens}, in evaluation mode, into a file: for every position
     * a score of each token of its vocabulary. What another program makes of the same weights can be held against it.
     */
    record Scores(List<Integer> tokens, String file) implements EngineCommand {}

    /** How many threads a step may use, from the next one on: the level of a heater. Obeyed in the middle of a round. */
    record Threads(int count) implements EngineCommand {}

    /** Ends the round at the end of the running step. Obeyed in the middle of a round. */
    record Halt() implements EngineCommand {}
}
