package org.athanor.training.engine;

import org.athanor.training.model.ModelSpec;

/**
 * What an engine may take of its machine.
 *
 * @param memoryBytes that its process may allocate
 * @param threads     of a step at the start
 * @param sandbox     whether it runs behind one
 */
public record EngineLimits(long memoryBytes, int threads, Isolation sandbox) {
    /** Whether the engine is shut in. */
    public enum Isolation {
        /** Behind bubblewrap; no start where there is none. */
        REQUIRED,
        /** Behind bubblewrap where there is one: for models that are Athanor's own. */
        WHERE_POSSIBLE,
        /** Not: the owner insists. */
        NONE,
    }

    /** The same, with a sandbox required where the model is a stranger's program: unless its owner wants none at all. */
    public EngineLimits around(ModelSpec model) {
        return model.program().isPresent() && sandbox == Isolation.WHERE_POSSIBLE
                ? new EngineLimits(memoryBytes, threads, Isolation.REQUIRED)
                : this;
    }

    private static final long LEAST = 256L << 20;

    public EngineLimits {
        if (memoryBytes < LEAST) {
            throw new IllegalArgumentException(
                    "an engine needs at least 256 MiB, but may have " + memoryBytes + " bytes");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
    }
}
