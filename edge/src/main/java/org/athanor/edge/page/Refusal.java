package org.athanor.edge.page;

import org.athanor.edge.RefusalReason;
import org.athanor.edge.RefusalWords;

/** A request that is answered with an HTTP status and one sentence. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient RefusalReason reason;

    Refusal(int status, RefusalReason reason) {
        super(reason.toString());
        this.status = status;
        this.reason = reason;
    }

    /** @param words without values */
    Refusal(int status, RefusalWords words) {
        this(status, words.alone());
    }

    int status() {
        return status;
    }

    RefusalReason reason() {
        return reason;
    }
}
