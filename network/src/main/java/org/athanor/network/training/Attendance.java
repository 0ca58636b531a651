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
    /** Deadlines that a worker may let pass while it is waited for, and that are not forgiven yet; then nobody waits for it. */
    static final int MOST_DEADLINES_MISSED = 3;
    /**
     * Rounds in time that forgive one deadline, at most. It is twice as many with each that is missed, so that nobody makes every few
     * rounds last to their deadline by sending now and then.
     */
    static final int MOST_TO_FORGIVE = 32;

    private static final String MISSING = "let " + MOST_DEADLINES_MISSED + " deadlines pass";

    private static final System.Logger LOGGER = System.getLogger(Attendance.class.getName());

    private final Map<String, Coordinator.Seen> seen = new HashMap<>();
    private final Map<String, Trust> trust = new HashMap<>();
    /** By worker, the last round that it has sent in the round's time, but after others had ended it. */
    private final Map<String, Long> after = new HashMap<>();

    /**
     * @param missed  deadlines that are not forgiven
     * @param inTime  rounds delivered in time since the last deadline was missed or forgiven
     * @param forgive rounds in time that forgive one
     */
    private record Trust(int missed, int inTime, int forgive) {
        private static final Trust FULL = new Trust(0, 0, 1);

        Trust missedOne() {
            return new Trust(missed + 1, 0, Math.min(MOST_TO_FORGIVE, 2 * forgive));
        }

        Trust cameInTime() {
            return missed > 0 && inTime + 1 >= forgive
                    ? new Trust(missed - 1, 0, forgive)
                    : new Trust(missed, inTime + 1, forgive);
        }

        boolean holds() {
            return missed < MOST_DEADLINES_MISSED;
        }
    }

    void heard(String worker, Instant at, Messages.Beat beat) {
        seen.put(worker, new Coordinator.Seen(at, beat));
    }

    void left(String worker) {
        seen.remove(worker);
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

    boolean isAnybodyThere(Instant now, Duration silence) {
        return heard(now, silence).findAny().isPresent();
    }

    /** Whether a worker says, and has not been silent for longer, that it sends what it has. */
    boolean isSending(String worker, Instant now, Duration silence) {
        return heard(now, silence)
                .anyMatch(one ->
                        one.getKey().equals(worker) && one.getValue().beat().doing() == Messages.Doing.SENDING);
    }

    private boolean missing(String worker) {
        return !trust.getOrDefault(worker, Trust.FULL).holds();
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

    /**
     * A round is over for which {@code waitedFor} had time until now; who has not sent it has let a deadline pass.
     *
     * @param inTime who has, waited for or not; an update of the round before is not meant
     */
    void roundIsOver(Set<String> waitedFor, Set<String> inTime) {
        inTime.forEach(worker -> trust.computeIfPresent(worker, (_, before) -> before.cameInTime()));
        deadlinePassed(waitedFor, inTime);
    }

    /**
     * A worker for which nobody waits is slower than the others, who end rounds without it: it was in time all the same if it sent a round in
     * the time that rounds have.
     */
    void cameInTime(String worker, long round) {
        if (after.getOrDefault(worker, -1L) < round) {
            after.put(worker, round);
            trust.computeIfPresent(worker, (_, before) -> before.cameInTime());
        }
    }

    /** One deadline more has passed for {@code waitedFor}; who has sent the round in the end has let none pass. */
    void deadlinePassed(Set<String> waitedFor, Set<String> inTime) {
        for (var worker : waitedFor) {
            if (!inTime.contains(worker)) {
                var now = trust.getOrDefault(worker, Trust.FULL).missedOne();
                trust.put(worker, now);
                if (!now.holds()) {
                    LOGGER.log(
                            Level.WARNING,
                            "{0} let {1} deadlines pass: nobody waits for it until it has delivered {2} rounds in time",
                            worker,
                            now.missed(),
                            now.forgive());
                }
            }
        }
    }
}
