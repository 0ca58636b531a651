package org.athanor.training.engine;

/** The engine could not do what it was told; its message says why, and what to do about it where that is known. */
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1;

    /** Whether the child process is gone, so that a new one is needed. */
    public enum Kind {
        /** It refused; it still runs, with the state of before. */
        REFUSED,
        /** It died or was killed. */
        DIED,
        /** It could not be started. */
        NOT_STARTED,
    }

    private final Kind kind;

    public EngineException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EngineException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
