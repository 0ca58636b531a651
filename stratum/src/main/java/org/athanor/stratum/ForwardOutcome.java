package org.athanor.stratum;

import org.athanor.stratum.ShareVerdict.Reason;

/** What became of a share that was handed on to a pool upstream. */
public sealed interface ForwardOutcome {
    record Accepted() implements ForwardOutcome {}

    /** @param detail in that pool's words, cleaned of what could disturb a log or a terminal */
    record Rejected(Reason reason, String detail) implements ForwardOutcome {}

    /**
     * No answer came: that pool may have counted it or not.
     *
     * @param why one sentence for people
     */
    record Lost(String why) implements ForwardOutcome {}
}
