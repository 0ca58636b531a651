package org.athanor.network;

import java.nio.file.Path;

/** A share log that cannot be read, written or believed; the message names file and, where there is one, line. */
public final class ShareLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ShareLogException(Path file, String what, Throwable cause) {
        super("share log " + file + ": " + what, cause);
    }

    ShareLogException(Path file, String what) {
        this(file, what, null);
    }

    ShareLogException(Path file, long line, String what) {
        this(file, "line " + line + ": " + what);
    }
}
