package org.athanor.cli.terminal;

/** Something only the person at the keyboard can put right; its message is all that is shown, without what could move the cursor. */
public final class UserMistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserMistake(String message) {
        super(message == null ? null : Printable.lines(message));
    }

    public UserMistake(String message, Throwable cause) {
        super(message == null ? null : Printable.lines(message), cause);
    }
}
