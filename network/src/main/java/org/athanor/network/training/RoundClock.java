package org.athanor.network.training;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.athanor.training.rounds.RoundRules;

/** How long an open round has waited, and for whom. Its coordinator guards it; a new one begins the round's time again. */
final class RoundClock {
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

    RoundClock(RoundRules rules, InstantSource clock, Attendance attendance) {
        this.rules = rules;
        this.clock = clock;
        this.attendance = attendance;
        begins();
    }

    /** A round begins. */
    void begins() {
        began = clock.instant();
        enough = null;
        passed = null;
        complete = null;
        kept.clear();
        overdue.clear();
    }

    /**
     * Whether the round is over.
     *
     * @param atWork who works on it
     * @param onTime  who has delivered it
     * @param owed    whether something that was promised with an update has not come; that has a deadline of its own
     */
    boolean over(Set<String> atWork, Set<String> onTime, BooleanSupplier owed) {
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
        complete = complete == null ? now : complete;
        return !owed.getAsBoolean() || !now.isBefore(complete.plus(rules.deadline()));
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
