package org.athanor.stratum;

/** A connection could not be made, broke, or a peer did not keep to the protocol; the message says which and where. */
public final class StratumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StratumException(String message) {
        super(message);
    }

    public StratumException(String message, Throwable cause) {
        super(message, cause);
    }
}
