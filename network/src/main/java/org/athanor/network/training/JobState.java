package org.athanor.network.training;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.trust.Standing;

/**
 * What a coordinator must know again after a crash; written whole at every change of round.
 *
 * @param round     that is open
 * @param exact     object: weights as the coordinator knows them, before this round
 * @param published object: weights as the workers have them
 * @param moved     object: momentum of the outer step
 * @param snapshot  from where a joiner begins
 * @param changes   published since the snapshot
 * @param closing   updates that end the round, by worker, once that is decided; null before
 * @param tokens    that all counted updates have learned from
 * @param steps     of all counted updates
 * @param standings what is known of workers; empty where all are known anyway
 * @param norms     medians of the lengths of updates in the last rounds
 * @param taken     the last update of each worker that came into a round which is over, by worker
 * @param barred    why the operator wants nothing more of workers, by name
 */
record JobState(
        long round,
        String exact,
        String published,
        String moved,
        Messages.Published snapshot,
        List<Messages.Published> changes,
        Map<String, Judged> closing,
        long tokens,
        long steps,
        Map<String, Standing> standings,
        List<Double> norms,
        Map<String, Taken> taken,
        Map<String, String> barred) {
    JobState {
        changes = List.copyOf(changes);
        closing = closing == null ? null : Map.copyOf(closing);
        standings = standings == null ? Map.of() : Map.copyOf(standings);
        norms = norms == null ? List.of() : List.copyOf(norms);
        taken = taken == null ? Map.of() : Map.copyOf(taken); // of a job that is older than this
        barred = barred == null ? Map.of() : Map.copyOf(barred);
    }

    /**
     * An update that came into a round.
     *
     * @param open   round into which it came
     * @param round  that the worker did
     * @param update hash of the object
     */
    record Taken(long open, long round, String update) {}

    /**
     * An update that was judged.
     *
     * @param delivery as it came
     * @param tokens   behind it
     * @param loss     mean of its steps, as the worker says
     * @param problem  why it does not count; null when it does
     */
    record Judged(Delivery delivery, long tokens, double loss, String problem) {}

    /** Objects: as the coordinator knows the weights, as the workers have them, and the outer step's momentum. */
    record Weights(String exact, String published, String moved) {}

    /** Why nothing of {@code worker} counts any more, by its own rounds or by the operator's word; null while it may work. */
    String excluded(String worker) {
        var proven = standings.getOrDefault(worker, Standing.NEW).excluded();
        return proven == null ? barred.get(worker) : proven;
    }

    /** What is known of workers, with what the operator said. */
    static Map<String, Standing> known(Map<String, Standing> standings, Map<String, String> barred) {
        var known = new HashMap<>(standings);
        barred.forEach((worker, reason) -> {
            var standing = known.getOrDefault(worker, Standing.NEW);
            known.put(worker, standing.excluded() == null ? standing.without(reason) : standing);
        });
        return Map.copyOf(known);
    }

    Trail trail() {
        return new Trail(snapshot, changes);
    }

    /**
     * With what the coordinator itself goes on: its weights, what was delivered, and residuals that may have to be shown.
     *
     * @param delivered into the open round
     */
    Set<String> own(Collection<Delivery> delivered) {
        var own = new HashSet<>(List.of(exact, published, moved));
        Stream.concat(
                        delivered.stream(),
                        closing == null
                                ? Stream.of()
                                : closing.values().stream().map(Judged::delivery))
                .forEach(delivery -> {
                    own.add(delivery.update().hash());
                    own.addAll(delivery.owed());
                });
        // the next rounds of their workers have to begin with them; who has gone brings it again should it come back
        standings.forEach((worker, standing) -> {
            if (standing.residual() != null && excluded(worker) == null && taken.containsKey(worker)) {
                own.add(standing.residual());
            }
        });
        return own;
    }

    JobState barring(Map<String, String> now) {
        return new JobState(
                round, exact, published, moved, snapshot, changes, closing, tokens, steps, standings, norms, taken,
                now);
    }

    /**
     * The round is over, and the next one is open.
     *
     * @param weights after it
     * @param trail   with what it has published
     * @param updates that came into it, by name
     * @param kept    rounds for which it is known what was taken of a worker
     */
    JobState after(Weights weights, Trail trail, Map<String, Judged> updates, long kept) {
        var counted = updates.values().stream()
                .filter(judged -> judged.problem() == null)
                .toList();
        return new JobState(
                round + 1,
                weights.exact(),
                weights.published(),
                weights.moved(),
                trail.snapshot(),
                trail.changes(),
                null,
                tokens + counted.stream().mapToLong(Judged::tokens).sum(),
                steps
                        + counted.stream()
                                .mapToLong(judged -> judged.delivery().update().steps())
                                .sum(),
                standings,
                norms,
                takenWith(updates, kept),
                barred);
    }

    private Map<String, Taken> takenWith(Map<String, Judged> updates, long kept) {
        var all = new HashMap<>(taken);
        all.values().removeIf(last -> last.open() < round - kept);
        for (var judged : updates.values()) {
            var delivery = judged.delivery();
            var now = new Taken(
                    delivery.open(), delivery.round(), delivery.update().hash());
            all.merge(delivery.worker(), now, (one, other) -> one.round() > other.round() ? one : other);
        }
        return all;
    }

    JobState closingWith(Map<String, Judged> updates, Map<String, Standing> now, List<Double> lengths) {
        return new JobState(
                round, exact, published, moved, snapshot, changes, updates, tokens, steps, now, lengths, taken, barred);
    }
}
