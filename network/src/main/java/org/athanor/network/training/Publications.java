package org.athanor.network.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Objects of which workers are told by a job's state, and those of which they were told until a moment ago: who was told may just be
 * about to fetch them. Not for several threads at a time.
 */
final class Publications {
    /** So long, and for no more than so many rounds, what was published can still be fetched. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private static final int MOST_PAST = 16;

    /** What was told of until a round ended. */
    private record Past(Instant at, Set<String> told) {}

    /** Oldest first. */
    private final ArrayDeque<Past> past = new ArrayDeque<>();

    /** With {@code now}, all that may be fetched. */
    Set<String> with(JobState now) {
        var all = now.trail().hashes();
        past.forEach(one -> all.addAll(one.told()));
        return all;
    }

    /**
     * A round has ended, and with it what the state said.
     *
     * @return objects of earlier states whose time is over; the present one may tell of them again
     */
    Set<String> ended(JobState old, Instant now) {
        past.add(new Past(now, old.trail().hashes()));
        var gone = new HashSet<String>();
        while (past.size() > MOST_PAST || past.getFirst().at().plus(GRACE).isBefore(now)) {
            gone.addAll(past.removeFirst().told());
        }
        return gone;
    }
}
