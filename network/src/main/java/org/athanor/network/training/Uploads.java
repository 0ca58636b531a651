package org.athanor.network.training;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Objects that members send and that no round has taken up yet. Whoever sends what no round needs could fill the disk with it: each
 * has few at a time, and its oldest one that nobody needs makes room for the next.
 */
final class Uploads {
    /**
     * Objects of a member. It needs four at most: an update, one that came late, and what was owed before and after a round; the others
     * are for what a line or a program left half.
     */
    static final int MOST_WAITING = 6;

    private final Coordinator coordinator;
    /** Who has sent the first piece of an object that is there, whole or not. */
    private final Map<String, Begun> begun = new ConcurrentHashMap<>();

    private final Map<String, String> whole = new ConcurrentHashMap<>();
    private final AtomicLong turn = new AtomicLong();

    private record Begun(String worker, long turn) {}

    Uploads(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** A member sends an object, or has sent it elsewhere; who was the first stays the first. */
    void begins(String hash, String worker) {
        begun.computeIfAbsent(hash, _ -> new Begun(worker, turn.getAndIncrement()));
    }

    /** All of an object has come from a member. */
    void came(String hash, String worker) {
        whole.put(hash, worker);
    }

    /** Whether an object that is there came from this member. */
    boolean isOf(String hash, String worker) {
        return worker.equals(whole.get(hash));
    }

    /** Forgets a member's object that counts for nothing. */
    void refuse(String hash, String worker) throws IOException {
        if (whole.remove(hash, worker)) {
            coordinator.discard(hash);
        }
    }

    /** Whether a member may begin another object; then there is room for it. */
    boolean mayBegin(String worker) throws IOException {
        whole.keySet().removeIf(hash -> !coordinator.folder().objects().has(hash));
        for (var hash : List.copyOf(begun.keySet())) {
            if (isGone(hash)) {
                begun.remove(hash);
            }
        }
        var waiting = begun.entrySet().stream()
                .filter(one -> one.getValue().worker().equals(worker))
                .sorted(Comparator.comparingLong(one -> one.getValue().turn()))
                .map(Map.Entry::getKey)
                .toList();
        for (var left = waiting.size(); left >= MOST_WAITING; left--) {
            if (!makesRoom(waiting)) {
                return false;
            }
        }
        return true;
    }

    /** Whether one of them was of no use to a round, and is gone now. */
    private boolean makesRoom(List<String> waiting) throws IOException {
        for (var hash : waiting) {
            if (begun.containsKey(hash)) {
                coordinator.discard(hash); // unless it is needed
                if (isGone(hash)) {
                    begun.remove(hash);
                    whole.remove(hash);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isGone(String hash) throws IOException {
        return coordinator.folder().objects().received(hash) == 0;
    }
}
