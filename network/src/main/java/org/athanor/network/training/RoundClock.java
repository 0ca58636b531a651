package org.athanor.network.training;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.athanor.training.rounds.RoundRules;

/** How long an open round has waited, and for whom. Its coordinator guards it; a new one begins the round's time again. */
final class RoundClock {
    /** A worker may be as many rounds late, and still have done its round in the time that rounds have. */
    private static final int KEPT_BEGINNINGS = 64;
    /** What comes is seen piece by piece: one of a mebibyte takes as long on a line of 70 kbit/s. */
    private static final Duration BETWEEN_PIECES = Duration.ofMinutes(2);

    private final RoundRules rules;
    private final InstantSource clock;
    private final Attendance attendance;
    /** Who has kept enough others waiting for half a deadline, whatever it does now. */
    private final Set<String> kept = new HashSet<>();

    private Instant began;
    /** Since when enough have delivered, and wait; null before. */
    private Instant enough;
    /** When the last deadline passed that did not end the round; null before the first. */
    private Instant passed;
    /** Deadlines that passed so, by who worked on the round and had not sent it. Who sends it all the same owes none of them. */
    private final Map<String, Integer> overdue = new HashMap<>();
    /** Since when nothing is waited for but what was promised with updates; null before. */
    private Instant complete;
    /** Of what was promised, what had come when it was last seen to grow. */
    private long come;

    private Instant grown;
    /** When rounds began, the open one among them, as far as this coordinator has seen it. */
    private final NavigableMap<Long, Instant> beginnings = new TreeMap<>();
    /** Who worked on the round that a coordinator before this one has left open, and may not have said so again; empty for who knows who. */
    private Optional<Set<String>> unheard = Optional.empty();

    private Instant untilHeard = Instant.MIN;

    RoundClock(RoundRules rules, InstantSource clock, Attendance attendance) {
        this.rules = rules;
        this.clock = clock;
        this.attendance = attendance;
        begins();
    }

    /**
     * The open round was begun by a coordinator before this one. Who has said nothing to this one may work on it all the same: it does not
     * end before they have, or have been silent.
     *
     * @param workers who may be expected; empty where nobody knows
     */
    void resumes(Optional<Set<String>> workers) {
        unheard = workers.map(Set::copyOf);
        untilHeard = clock.instant().plus(rules.silence());
    }

    /** Round {@code round} begins. */
    void begins(long round) {
        begins();
        beginnings.put(round, began);
        while (beginnings.size() > KEPT_BEGINNINGS) {
            beginnings.pollFirstEntry();
        }
    }

    /** How long a worker can have worked on a round by now; empty where its beginning was not seen. */
    Optional<Duration> since(long round) {
        return Optional.ofNullable(beginnings.get(round)).map(begin -> Duration.between(begin, clock.instant()));
    }

    /** Whether what comes now of a round comes within the round's time, though others may have ended it before. */
    boolean inTime(long round) {
        return since(round).filter(took -> took.compareTo(rules.deadline()) < 0).isPresent();
    }

    private void begins() {
        began = clock.instant();
        enough = null;
        passed = null;
        complete = null;
        come = 0;
        grown = null;
        kept.clear();
        overdue.clear();
    }

    /**
     * Whether the round is over.
     *
     * @param atWork who works on it
     * @param onTime  who has delivered it
     * @param owed    whether something that was promised with an update has not come; that has a deadline of its own, and two more while it
     *     comes
     * @param come    bytes that have come of it
     */
    boolean over(Set<String> atWork, Set<String> onTime, BooleanSupplier owed, LongSupplier come) {
        var now = clock.instant();
        var working = new HashSet<>(atWork);
        working.removeIf(worker -> overdue.getOrDefault(worker, 0) >= Attendance.MOST_DEADLINES_MISSED);
        if (working.isEmpty() && onTime.isEmpty()) {
            began = now; // while all rooms are warm nobody's time runs
        }
        if (!rules.over(now, began, working, onTime)) {
            complete = null; // who has come since then has all the time that the others had
            if (onTime.size() >= rules.leastWorkers()) {
                charge(now, working, onTime);
            }
            return false;
        }
        if (now.isBefore(untilHeard) && !isHeard(onTime) && now.isBefore(began.plus(rules.deadline()))) {
            return false;
        }
        complete = complete == null ? now : complete;
        return !owed.getAsBoolean() || !waitsFor(come.getAsLong(), now);
    }

    private boolean isHeard(Set<String> onTime) {
        var said = new HashSet<>(attendance.all().keySet());
        said.addAll(onTime);
        return unheard.map(said::containsAll).orElse(false);
    }

    /** A residual is as long as the model: on a slow line it takes a while, and is on its way all the time. */
    private boolean waitsFor(long bytes, Instant now) {
        if (bytes > come) {
            come = bytes;
            grown = now;
        }
        if (now.isBefore(complete.plus(rules.deadline()))) {
            return true;
        }
        return grown != null
                && now.isBefore(grown.plus(BETWEEN_PIECES))
                && now.isBefore(complete.plus(rules.deadline().multipliedBy(Attendance.MOST_DEADLINES_MISSED)));
    }

    /** Who keeps the others waiting, deadline after deadline, or until shortly before each of them, is waited for no more. */
    private void charge(Instant now, Set<String> working, Set<String> onTime) {
        enough = enough == null ? now : enough;
        if (!now.isBefore(enough.plus(half()))) {
            kept.addAll(working);
        }
        if (!now.isBefore((passed == null ? began : passed).plus(rules.deadline()))) {
            working.stream()
                    .filter(worker -> !onTime.contains(worker))
                    .forEach(worker -> overdue.merge(worker, 1, Integer::sum));
            passed = now;
            enough = now;
            kept.clear();
        }
    }

    private Duration half() {
        return rules.deadline().dividedBy(2);
    }

    /** The round is over, for those who have delivered it and for those who work on it still. */
    void ends(Set<String> working, Set<String> onTime) {
        if (passed == null) {
            kept.addAll(working); // otherwise it is told by what they are overdue
        }
        attendance.roundIsOver(kept, onTime);
        overdue.forEach((worker, deadlines) -> {
            for (var deadline = 0; deadline < deadlines; deadline++) {
                attendance.deadlinePassed(Set.of(worker), onTime);
            }
        });
    }
}
