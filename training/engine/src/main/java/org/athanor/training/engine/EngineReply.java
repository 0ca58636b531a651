package org.athanor.training.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.athanor.training.model.TensorSpec;

/** What the engine says: a line of JSON each on its descriptor 3. Every command but threads and halt ends with one {@link #last} reply. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EngineReply.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = EngineReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = EngineReply.Step.class, name = "step"),
    @JsonSubTypes.Type(value = EngineReply.Trained.class, name = "trained"),
    @JsonSubTypes.Type(value = EngineReply.Evaluated.class, name = "evaluated"),
    @JsonSubTypes.Type(value = EngineReply.Token.class, name = "token"),
    @JsonSubTypes.Type(value = EngineReply.Failed.class, name = "failed"),
})
public sealed interface EngineReply {
    /** Whether the command is through. */
    default boolean last() {
        return true;
    }

    /**
     * The model is there.
     *
     * @param bfloat16 whether matrices are multiplied in it
     * @param graphics whether a card computes
     */
    record Opened(List<TensorSpec> tensors, boolean bfloat16, boolean graphics) implements EngineReply {
        /** @throws EngineException NOT_STARTED when the model is not the one with which a job was begun */
        public void require(List<TensorSpec> begun) throws EngineException {
            if (!tensors.equals(begun)) {
                throw new EngineException(
                        EngineException.Kind.NOT_STARTED,
                        "the model has other tensors than the job was begun with (" + tensors.size() + ", not "
                                + begun.size() + "): the job is of another version of Athanor, which goes on with it");
            }
        }
    }

    /** Nothing more to say. */
    record Done() implements EngineReply {}

    /** A step of a round is done; its loss in nats a token is of before the step. */
    record Step(int step, double loss) implements EngineReply {
        @Override
        public boolean last() {
            return false;
        }
    }

    /** A round, or what was done of it before a halt. */
    record Trained(int nextStep, double cpuSeconds, long momentSteps) implements EngineReply {}

    /** Mean loss in nats a token. */
    record Evaluated(double loss) implements EngineReply {}

    /** The next token of a sample. */
    record Token(int token) implements EngineReply {
        @Override
        public boolean last() {
            return false;
        }
    }

    /** The command could not be carried out; the engine goes on with the state before it, as far as it can. */
    record Failed(String reason) implements EngineReply {}
}
