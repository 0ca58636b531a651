package org.athanor.training.mailbox;

/** Something between worker and coordinator went wrong; the message says what. */
public final class MailboxException extends Exception {
    private static final long serialVersionUID = 1;

    /** What to do about it. */
    public enum Kind {
        /** Try again later: nobody answers, or the line broke. */
        UNREACHABLE,
        /** The coordinator does not want it: trying again does not help. */
        REFUSED,
        /** It is not there, or not any more: what is there now tells the job's state. */
        GONE,
        /** What came is not what it should be. */
        GARBLED,
    }

    private final Kind kind;

    public MailboxException(Kind kind, String message) {
        this(kind, message, null);
    }

    public MailboxException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
