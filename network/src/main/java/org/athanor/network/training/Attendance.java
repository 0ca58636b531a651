package org.athanor.network.training;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.training.mailbox.Messages;

/** Who was heard of lately, and for whom rounds were kept open in vain. Its coordinator guards it; a new one has forgotten it. */
final class Attendance {
    /** Deadlines in a row that a worker may let pass while it is waited for; then nobody waits for it until it delivers again. */
    static final int MOST_DEADLINES_MISSED = 3;

    private static final String MISSING = "let " + MOST_DEADLINES_MISSED + " deadlines pass";

    private static final System.Logger LOGGER = System.getLogger(Attendance.class.getName());

    private final Map<String, Coordinator.Seen> seen = new HashMap<>();
    private final Map<String, Integer> missed = new HashMap<>();

    void heard(String worker, Instant at, Messages.Beat beat) {
        seen.put(worker, new Coordinator.Seen(at, beat));
    }

    void left(String worker) {
        seen.remove(worker);
    }

    void delivered(String worker) {
        missed.remove(worker);
    }

    Map<String, Coordinator.Seen> all() {
        return Map.copyOf(seen);
    }

    /** Who works, and has not been silent for longer. */
    Set<String> waitedFor(Instant now, Duration silence) {
        return heard(now, silence)
                .filter(worker -> worker.getValue().beat().doing().works())
                .map(Map.Entry::getKey)
                .filter(worker -> !missing(worker))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Stream<Map.Entry<String, Coordinator.Seen>> heard(Instant now, Duration silence) {
        var heardSince = now.minus(silence);
        return seen.entrySet().stream().filter(worker -> worker.getValue().at().isAfter(heardSince));
    }

    private boolean missing(String worker) {
        return missed.getOrDefault(worker, 0) >= MOST_DEADLINES_MISSED;
    }

    /**
     * What those do for whom nobody waits, in words.
     *
     * @param may whether a worker is one of the job still
     */
    String idleness(Instant now, Duration silence, Predicate<String> may) {
        var doing = heard(now, silence)
                .filter(worker -> may.test(worker.getKey()))
                .map(worker -> worker.getValue().beat().doing())
                .collect(Collectors.groupingBy(
                        what -> what.works() ? MISSING : what.name().toLowerCase(Locale.ROOT),
                        TreeMap::new,
                        Collectors.counting()));
        return doing.isEmpty()
                ? "no worker is there"
                : "nobody works: "
                        + doing.entrySet().stream()
                                .map(some -> some.getValue() + " " + some.getKey())
                                .collect(Collectors.joining(", "));
    }

    /** A round is over for which {@code waitedFor} had time until now; who has sent nothing has let a deadline pass. */
    void roundIsOver(Set<String> waitedFor, Set<String> came) {
        for (var worker : waitedFor) {
            if (!came.contains(worker) && missed.merge(worker, 1, Integer::sum) == MOST_DEADLINES_MISSED) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} has sent nothing in {1} rounds: nobody waits for it until it does",
                        worker,
                        MOST_DEADLINES_MISSED);
            }
        }
    }
}
