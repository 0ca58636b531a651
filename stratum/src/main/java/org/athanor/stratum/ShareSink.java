package org.athanor.stratum;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Takes every verdict on a share. Called from many connections at once, in order for each of them.
 *
 * <p>The server calls it before it writes the reply; if it throws, the share is answered with error 20 and is not
 * counted.
 */
@FunctionalInterface
public interface ShareSink {
    void share(ShareEvent event);

    /**
     * Shares that came at the same time; who keeps them on disk can do so at once.
     *
     * @param failed to be told of each that could not be recorded, and why
     */
    default void shares(List<ShareEvent> events, BiConsumer<ShareEvent, RuntimeException> failed) {
        for (var event : events)
            try {
                share(event);
            } catch (RuntimeException e) {
                failed.accept(event, e);
            }
    }

    /** What a pool upstream said to a share that was handed on to it; the share itself was told before. */
    default void forwarded(ForwardEvent event) {}
}
