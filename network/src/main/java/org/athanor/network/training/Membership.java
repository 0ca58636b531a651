package org.athanor.network.training;

import java.io.IOException;
import java.util.Optional;
import org.athanor.training.mailbox.Messages;

/** Who may work on a job. */
public interface Membership {
    /** A worker's name and the key that it shows from now on. */
    record Member(String worker, String key) {}

    /** Takes in whoever shows {@code secret}; empty when it is not good, or not any more. */
    Optional<Member> join(String secret, Messages.Join request) throws IOException;

    /** The worker that shows {@code key}. */
    Optional<String> worker(String key);

    /** With which {@code worker} signs, as it told at joining. */
    Optional<String> publicKey(String worker);
}
