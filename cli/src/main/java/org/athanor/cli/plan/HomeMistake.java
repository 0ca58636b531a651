package org.athanor.cli.plan;

/** Something in a home file that only its writer can put right; the message names file, line, field, value and what is accepted. */
public final class HomeMistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    HomeMistake(String message) {
        super(message);
    }

    HomeMistake(String message, Throwable cause) {
        super(message, cause);
    }
}
