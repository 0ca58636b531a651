package org.athanor.training.mailbox;

import java.io.IOException;

/** What came, or lies on the disk, is not the object whose name it has. */
public final class DamagedObjectException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedObjectException(String message) {
        super(message);
    }
}
