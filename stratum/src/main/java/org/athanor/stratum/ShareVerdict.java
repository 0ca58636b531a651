package org.athanor.stratum;

import org.athanor.units.Work;

/** What became of a share. */
public sealed interface ShareVerdict {
    /**
     * @param work expected hashes that the share proves, by the target it had to meet
     * @param block at the server: the share was a block and the template source took it. At a client or relay, which
     *     are not told: its hash meets the network's target
     */
    record Accepted(Work work, boolean block) implements ShareVerdict {}

    /** @param detail one sentence for people */
    record Rejected(Reason reason, String detail) implements ShareVerdict {}

    /** The error codes that Stratum V1 pools share by custom. */
    enum Reason {
        OTHER(20),
        JOB_NOT_FOUND(21),
        DUPLICATE(22),
        LOW_DIFFICULTY(23),
        UNAUTHORIZED(24),
        NOT_SUBSCRIBED(25);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** {@link #OTHER} for a code that is none of these. */
        public static Reason ofCode(int code) {
            for (var reason : values()) if (reason.code == code) return reason;
            return OTHER;
        }
    }
}
