package org.athanor.network.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.athanor.training.mailbox.Messages.Published;

/**
 * What the workers of a job are told was published.
 *
 * @param snapshot whole weights, from which a joiner begins
 * @param changes  of rounds, oldest first; older ones than the snapshot are for those who come back
 */
record Trail(Published snapshot, List<Published> changes) {
    Trail {
        changes = List.copyOf(changes);
    }

    Set<String> hashes() {
        var hashes = new HashSet<>(Set.of(snapshot.hash()));
        changes.forEach(change -> hashes.add(change.hash()));
        return hashes;
    }

    /**
     * With what one round more has published.
     *
     * @param change of the round
     * @param whole  weights after it, from which a joiner begins as soon as it fetches less so
     * @param least  changes that are told in any case
     */
    Trail with(Published change, Published whole, int least) {
        var all = new ArrayList<>(changes);
        all.add(change);
        var start = bytesFrom(snapshot.round(), all) > whole.bytes() ? whole : snapshot;
        // who comes back takes what it missed, while that is less than whole weights
        while (all.size() > least && all.getFirst().round() < start.round() && bytesFrom(0, all) > whole.bytes()) {
            all.removeFirst();
        }
        return new Trail(start, all);
    }

    private static long bytesFrom(long round, List<Published> changes) {
        return changes.stream()
                .filter(change -> change.round() >= round)
                .mapToLong(Published::bytes)
                .sum();
    }
}
