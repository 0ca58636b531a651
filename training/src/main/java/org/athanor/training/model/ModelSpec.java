package org.athanor.training.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Objects;
import java.util.Optional;
import org.athanor.training.data.Tokens;

/** What is to be trained: a built-in model by its sizes, or a module of somebody's. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelSpec.Gpt.class, name = "gpt"),
    @JsonSubTypes.Type(value = ModelSpec.TorchScript.class, name = "torchscript"),
})
public sealed interface ModelSpec {
    /** Tokens that it looks back over. */
    int context();

    /** Different tokens that it knows. */
    int vocabulary();

    /** The file that an engine needs to make it; empty for what is built in. */
    default Optional<TorchScript> program() {
        return this instanceof TorchScript script ? Optional.of(script) : Optional.empty();
    }

    /**
     * Floating-point operations of one training step a token: what work is measured by.
     *
     * @param parameters numbers that training changes
     */
    default double flopsPerToken(long parameters) {
        return 6.0 * parameters; // two forward, four backward; what a stranger's module does beside that is not counted
    }

    /** The built-in GPT. */
    record Gpt(GptShape shape) implements ModelSpec {
        public Gpt {
            Objects.requireNonNull(shape, "shape");
        }

        @Override
        public int context() {
            return shape.context();
        }

        @Override
        public int vocabulary() {
            return shape.vocabulary();
        }

        @Override
        public double flopsPerToken(long parameters) {
            return shape.flopsPerToken();
        }
    }

    /**
     * A TorchScript module exported from PyTorch: takes 64-bit tokens of shape [sequences, length] and returns scores of
     * shape [sequences, length, vocabulary]. A stranger's module is a stranger's program.
     *
     * @param file   its {@code .pt} file, named by its SHA-256
     * @param bytes  of the file
     */
    record TorchScript(String file, long bytes, int context, int vocabulary) implements ModelSpec {
        public TorchScript {
            Objects.requireNonNull(file, "file");
            if (bytes < 1) {
                throw new IllegalArgumentException("bytes must be at least 1, but is " + bytes);
            }
            GptShape.within("context", context, GptShape.MOST_CONTEXT);
            GptShape.within("vocabulary", vocabulary, Tokens.LARGEST_VOCABULARY);
        }
    }
}
