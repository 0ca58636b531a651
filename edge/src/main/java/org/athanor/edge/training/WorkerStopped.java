package org.athanor.edge.training;

/** A worker cannot go on; the message says why and what to do. */
public final class WorkerStopped extends Exception {
    private static final long serialVersionUID = 1;

    public WorkerStopped(String message, Throwable cause) {
        super(message, cause);
    }
}
