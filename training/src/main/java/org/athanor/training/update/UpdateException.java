package org.athanor.training.update;

/** Bytes that are no update of the expected kind and length: whoever sent them is wrong, or lies. */
public final class UpdateException extends Exception {
    private static final long serialVersionUID = 1;

    public UpdateException(String message) {
        super(message);
    }
}
