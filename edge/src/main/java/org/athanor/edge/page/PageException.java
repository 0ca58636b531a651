package org.athanor.edge.page;

/** The page cannot be served; the message says why in one line. */
public final class PageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PageException(String message, Throwable cause) {
        super(message, cause);
    }
}
