package org.athanor.cli.resources;

import java.util.ArrayDeque;
import java.util.Deque;

/** Whatever was opened for one purpose, to be closed as a whole. Not for several threads at once. */
public final class OpenResources implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final String purpose;

    /** @param purpose as an error at the end names it: "the home" */
    public OpenResources(String purpose) {
        this.purpose = purpose;
    }

    /** Keeps what was just opened. */
    public <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    /**
     * Closes everything in reverse order, also when some of it cannot be closed. Closing twice is closing once.
     *
     * @throws IllegalStateException with all that went wrong
     */
    @Override
    public void close() {
        IllegalStateException trouble = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (trouble == null) {
                    trouble = new IllegalStateException("closing " + purpose + ": " + e.getMessage(), e);
                } else {
                    trouble.addSuppressed(e);
                }
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }
}
