package org.athanor.training.rounds;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * When a round closes: as soon as all who work on it have delivered, or at the deadline if enough have.
 *
 * @param leastWorkers that must have delivered, whatever else
 * @param quorum       share of those who work on it that must have delivered at the deadline
 * @param deadline     after the round's beginning: when the first worker works on it
 * @param silence      after which a worker that says nothing is not waited for
 * @param late         whether an update that comes a round too late counts in the next one
 */
public record RoundRules(int leastWorkers, double quorum, Duration deadline, Duration silence, boolean late) {
    public RoundRules {
        if (leastWorkers < 1) {
            throw new IllegalArgumentException("leastWorkers must be at least 1, but is " + leastWorkers);
        }
        if (!(quorum > 0 && quorum <= 1)) {
            throw new IllegalArgumentException("quorum must be above 0 and at most 1, but is " + quorum);
        }
        if (!deadline.isPositive() || !silence.isPositive()) {
            throw new IllegalArgumentException(
                    "deadline and silence must be above 0, but are " + deadline + " and " + silence);
        }
    }

    /**
     * Whether the round is over.
     *
     * @param waitedFor workers that live and work on it
     * @param delivered workers whose updates have come
     */
    public boolean over(Instant now, Instant began, Set<String> waitedFor, Set<String> delivered) {
        if (delivered.size() < leastWorkers) {
            return false;
        }
        if (delivered.containsAll(waitedFor)) {
            return true;
        }
        var of =
                waitedFor.stream().filter(worker -> !delivered.contains(worker)).count() + delivered.size();
        return !now.isBefore(began.plus(deadline)) && delivered.size() >= Math.ceil(quorum * of);
    }
}
