package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.athanor.training.mailbox.DamagedObjectException;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;

/**
 * Objects on their way between coordinator and workers. All that the coordinator reckons with lies in the job's folder; where
 * there is a store outside, workers fetch from there and bring there, and what they brought is taken into the folder when its hash
 * was found right.
 */
final class Exchange {
    private static final System.Logger LOGGER = System.getLogger(Exchange.class.getName());

    /** Objects that are in memory on their way from the store outside. */
    private static final int TAKEN_AT_ONCE = 2;

    private static final Duration LONGEST_TURN = Duration.ofSeconds(30);

    private final ObjectStore objects;
    private final OutsideStore outside;
    private final InstantSource clock;
    /** What workers may bring to the store outside. */
    private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();

    private final Semaphore taking = new Semaphore(TAKEN_AT_ONCE, true);

    /**
     * An object that a worker may bring.
     *
     * @param since when it last heard where
     */
    private record Awaited(String worker, long bytes, Instant since) {}

    /** @param outside null where the coordinator hands out everything itself */
    Exchange(ObjectStore objects, OutsideStore outside, InstantSource clock) {
        this.objects = objects;
        this.outside = outside;
        this.clock = clock;
    }

    boolean isOutside() {
        return outside != null;
    }

    /** Puts what is missing there, and takes away what nobody needs any more and is older than {@code old}. */
    void settle(Collection<String> needed, Set<String> kept, Instant old) throws IOException {
        if (outside == null) {
            return;
        }
        outside.dropUnfinished(old);
        var there = outside.all();
        for (var hash : needed) {
            var lying = there.get(hash);
            if (lying == null || lying.bytes() != objects.received(hash)) {
                offer(hash);
            }
        }
        for (var lying : there.entrySet()) {
            var useless = !needed.contains(lying.getKey()) && !kept.contains(lying.getKey());
            if (useless && lying.getValue().since().isBefore(old)) {
                outside.delete(lying.getKey());
            }
        }
    }

    /** From now on workers can fetch an object of the folder. */
    void offer(String hash) throws IOException {
        if (outside != null) {
            outside.put(hash, objects.read(hash));
        }
    }

    URI fetchFrom(String hash) {
        return outside.fetchFrom(hash);
    }

    /**
     * Where a worker has to bring an object; empty while it may bring as many others as it ever needs. Of those that it never brought
     * the oldest makes room when its address is not good any more.
     */
    Optional<Messages.Place> bringTo(String worker, String hash, long bytes) throws IOException {
        if (outside == null) {
            return Optional.of(Messages.Place.HERE);
        }
        if (!awaits(worker, hash, bytes)) {
            return Optional.empty();
        }
        // whole, and not taken yet: nothing of it is to be brought again
        var place =
                outside.holds(hash, bytes) ? new Messages.Place(false, List.of(), false) : outside.bringTo(hash, bytes);
        return Optional.of(place);
    }

    private boolean awaits(String worker, String hash, long bytes) throws IOException {
        var now = clock.instant();
        String stale = null;
        synchronized (this) {
            var others = awaited.entrySet().stream()
                    .filter(one -> one.getValue().worker().equals(worker)
                            && !one.getKey().equals(hash))
                    .sorted(Comparator.comparing(one -> one.getValue().since()))
                    .toList();
            if (others.size() >= Uploads.MOST_WAITING) {
                var oldest = others.getFirst();
                if (oldest.getValue().since().plus(OutsideStore.GOOD_FOR).isAfter(now)) {
                    return false;
                }
                stale = oldest.getKey();
                awaited.remove(stale);
            }
            awaited.put(hash, new Awaited(worker, bytes, now));
        }
        if (stale != null && !objects.has(stale)) {
            outside.withdraw(stale);
        }
        return true;
    }

    /**
     * Takes an object that a worker says it has brought to the store outside.
     *
     * @return whether it was taken now
     * @throws DamagedObjectException when it is another one; it is not kept
     */
    boolean take(String hash) throws IOException {
        var asked = awaited.get(hash);
        if (outside == null || asked == null || objects.has(hash)) {
            return false;
        }
        awaitTurn();
        try {
            return take(hash, asked.bytes());
        } finally {
            taking.release();
        }
    }

    /** Not for longer than a worker waits for an answer. */
    private void awaitTurn() throws IOException {
        try {
            if (!taking.tryAcquire(LONGEST_TURN.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("others' objects are being fetched from the store");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException("the coordinator is ending", ended);
        }
    }

    private boolean take(String hash, long bytes) throws IOException {
        var brought = outside.get(hash, bytes);
        if (brought == null) {
            return false;
        }
        if (brought.length != bytes || !ObjectStore.hash(brought).equals(hash)) {
            outside.delete(hash);
            throw new DamagedObjectException("what came as " + hash + " has another content");
        }
        objects.put(brought);
        return awaited.remove(hash) != null;
    }

    /** What a store outside does not delete now, costs room until it is settled again. */
    void deleteOutside(Collection<String> hashes) {
        if (outside != null) {
            try {
                for (var hash : hashes) {
                    outside.delete(hash);
                }
            } catch (IOException unreachable) {
                LOGGER.log(Level.WARNING, "{0}", unreachable.getMessage());
            }
        }
    }
}
