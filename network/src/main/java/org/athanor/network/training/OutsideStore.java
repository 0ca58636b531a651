package org.athanor.network.training;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.athanor.training.mailbox.Messages;

/**
 * A store of objects outside the coordinator. Workers fetch from it and bring to it by addresses that the coordinator signs, each
 * good for one object and some minutes.
 */
public interface OutsideStore extends AutoCloseable {
    /** Addresses that are signed. */
    Duration GOOD_FOR = Duration.ofMinutes(15);

    /**
     * An object that lies there.
     *
     * @param bytes its size
     * @param since when it came
     */
    record Lying(long bytes, Instant since) {}

    /** All objects of the job, by hash. */
    Map<String, Lying> all() throws IOException;

    /** Puts an object there. */
    void put(String hash, byte[] object) throws IOException;

    /**
     * The bytes that lie under a hash, whatever they are.
     *
     * @param most bytes; of a longer object just one more is read
     * @return null when there is none
     */
    byte[] get(String hash, long most) throws IOException;

    /** Whether something of that length lies under a hash, whatever it is. */
    boolean holds(String hash, long bytes) throws IOException;

    void delete(String hash) throws IOException;

    /** Deletes what was brought of an object, whole or not. */
    void withdraw(String hash) throws IOException;

    /** From where anybody may fetch it for some minutes. */
    URI fetchFrom(String hash);

    /** Where somebody may bring what is missing of it within some minutes, and no more bytes than these. */
    Messages.Place bringTo(String hash, long bytes) throws IOException;

    /** Forgets pieces of objects that were begun before {@code old} and never came as a whole. */
    void dropUnfinished(Instant old) throws IOException;

    @Override
    void close();
}
