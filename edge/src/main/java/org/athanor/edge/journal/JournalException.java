package org.athanor.edge.journal;

/** The journal cannot be opened, read or written; the message names the operation and the file in one line. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
