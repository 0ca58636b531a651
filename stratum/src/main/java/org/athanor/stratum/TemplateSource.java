package org.athanor.stratum;

import java.util.function.Consumer;

/** Where block templates come from and found blocks go: a node, or {@link LocalChain}. */
public interface TemplateSource {
    Template current();

    /**
     * @param listener told of each template that replaces the one before because the chain's tip changed; quickly,
     *     on any thread
     * @return ends the subscription when closed
     */
    AutoCloseable onChange(Consumer<Template> listener);

    /** Hands over a whole serialised block, witness included, and waits for the answer. */
    BlockVerdict submit(byte[] block);
}
