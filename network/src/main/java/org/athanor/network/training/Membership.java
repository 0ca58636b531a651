package org.athanor.network.training;

import java.io.IOException;
import java.util.Optional;
import org.athanor.training.mailbox.Messages;

/** Who may work on a job. */
public interface Membership {
    /** A worker's name and the key that it shows from now on. */
    record Member(String worker, String key) {
        /** Never shows the key. */
        @Override
        public String toString() {
            return "Member[worker=" + worker + "]";
        }
    }

    /**
     * Takes in whoever shows {@code secret}; empty when it is not good, or not any more. Who joined with it and proves to be the
     * same ({@link Messages.Join#proven}) is the same member again, since an answer may be lost.
     */
    Optional<Member> join(String secret, Messages.Join request) throws IOException;

    /** The worker that shows {@code key}. */
    Optional<String> worker(String key);

    /** With which {@code worker} signs, as it told at joining. */
    Optional<String> publicKey(String worker);
}
