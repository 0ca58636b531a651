package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.athanor.training.mailbox.Messages.Beat;
import org.athanor.training.mailbox.Messages.Doing;
import org.athanor.training.rounds.RoundRules;
import org.junit.jupiter.api.Test;

class RoundClockTest {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Attendance attendance = new Attendance();
    private final RoundClock time =
            new RoundClock(new RoundRules(1, 0.5, DEADLINE, Duration.ofDays(1), true), () -> now, attendance);
    private final Set<String> onTime = new HashSet<>();
    private boolean owed;
    private long come;
    private long round;

    private void beat(String worker, Doing doing) {
        attendance.heard(worker, now, new Beat(0, 1, doing, null, null));
    }

    private Set<String> working() {
        return attendance.waitedFor(now, Duration.ofDays(1));
    }

    private boolean isOver() {
        return time.over(working(), onTime, () -> owed, () -> come);
    }

    /** Minutes until the round is over, looked at every minute; then the next one begins. */
    private int minutes(int most) {
        for (var minute = 0; minute <= most; minute++) {
            if (isOver()) {
                time.ends(working(), onTime);
                time.begins(++round);
                onTime.clear();
                return minute;
            }
            now = now.plus(Duration.ofMinutes(1));
        }
        throw new AssertionError("it is open after " + most + " minutes");
    }

    @Test
    void whereTooFewDeliverTheOthersAreWaitedForThreeDeadlinesAndNoMore() {
        for (var worker : List.of("a", "x", "y")) beat(worker, Doing.SENDING);
        onTime.add("a");
        assertEquals(31, minutes(60), "one of three is no quorum");
        onTime.add("a");
        assertEquals(0, minutes(60), "nobody waits for them in the next round");
    }

    @Test
    void aDeadlineThatDidNotEndTheRoundIsMissedOnce() {
        for (var worker : List.of("a", "b", "x", "y", "z")) beat(worker, Doing.TRAINING);
        for (var round = 0; round < 2; round++) {
            onTime.addAll(Set.of("a", "b"));
            for (var minute = 0; minute < 12; minute++) {
                assertFalse(isOver(), "two of five");
                now = now.plus(Duration.ofMinutes(1));
            }
            onTime.add("x");
            assertEquals(0, minutes(60), "three of five");
            assertEquals(Set.of("a", "b", "x", "y", "z"), working(), "two deadlines so far");
        }
    }

    /** The deadline is too short for most: that is no reason to go on without them. */
    @Test
    void whoSendsAfterADeadlineThatDidNotEndTheRoundHasMissedNone() {
        for (var worker : List.of("a", "x", "y")) beat(worker, Doing.TRAINING);
        for (var round = 0; round < 10; round++) {
            onTime.add("a");
            for (var minute = 0; minute < 12; minute++) {
                assertFalse(isOver(), "one of three");
                now = now.plus(Duration.ofMinutes(1));
            }
            onTime.addAll(Set.of("x", "y"));
            assertEquals(0, minutes(60));
            assertEquals(Set.of("a", "x", "y"), working());
        }
    }

    @Test
    void whoPausesShortlyBeforeEveryDeadlineHoldsUpThreeRoundsAndNoMore() {
        beat("a", Doing.TRAINING);
        var held = 0;
        for (var round = 0; round < 10; round++) {
            beat("x", Doing.TRAINING);
            onTime.add("a");
            for (var minute = 0; minute < 9 && !isOver(); minute++) {
                now = now.plus(Duration.ofMinutes(1));
                held++;
            }
            beat("x", Doing.PAUSED);
            assertEquals(0, minutes(60));
        }
        assertEquals(3 * 9, held, "minutes in ten rounds");
    }

    /** A room that gets warm soon after the others are done has kept nobody waiting. */
    @Test
    void whoPausesWhenTheOthersHaveJustDeliveredIsNotCharged() {
        for (var round = 0; round < 10; round++) {
            beat("a", Doing.TRAINING);
            beat("b", Doing.TRAINING);
            for (var minute = 0; minute < 8; minute++) {
                assertFalse(isOver());
                now = now.plus(Duration.ofMinutes(1));
            }
            onTime.add("a");
            assertFalse(isOver());
            beat("b", Doing.PAUSED);
            assertEquals(0, minutes(60));
        }
        beat("b", Doing.TRAINING);
        assertTrue(working().contains("b"));
    }

    /** What its worker says comes with its next beat, and rooms may be cold. */
    @Test
    void whoWorkedOnARoundIsWaitedForByACoordinatorThatWasStartedAnew() {
        var silence = Duration.ofSeconds(20);
        var again = new RoundClock(new RoundRules(1, 0.5, DEADLINE, silence, true), () -> now, attendance);
        again.resumes(Optional.of(Set.of("a", "b")));
        var first = Set.of("a");
        assertFalse(again.over(Set.of(), first, () -> false, () -> 0), "b has said nothing yet");
        beat("b", Doing.TRAINING);
        assertFalse(again.over(Set.of("b"), first, () -> false, () -> 0), "b works on it");
        assertTrue(again.over(Set.of("b"), Set.of("a", "b"), () -> false, () -> 0), "nobody else is expected");

        again.resumes(Optional.of(Set.of("a", "c")));
        now = now.plus(silence.minusSeconds(1));
        assertFalse(again.over(Set.of(), first, () -> false, () -> 0));
        now = now.plusSeconds(1);
        assertTrue(again.over(Set.of(), first, () -> false, () -> 0), "c is silent");

        again.resumes(Optional.empty());
        assertFalse(
                again.over(Set.of(), first, () -> false, () -> 0), "of the first round nobody knows who works on it");
        now = now.plus(silence);
        assertTrue(again.over(Set.of(), first, () -> false, () -> 0));
    }

    /** Otherwise nobody would ever wait for it again: the others are done before it, round by round. */
    @Test
    void whoIsOnlySlowerThanTheOthersIsForgiven() {
        for (var round = 0; round < 3; round++) {
            beat("a", Doing.TRAINING);
            beat("slow", Doing.TRAINING);
            onTime.add("a");
            minutes(60);
        }
        assertEquals(Set.of("a"), working(), "it let three deadlines pass");
        for (var late = 0; late < 40 && !working().contains("slow"); late++) {
            onTime.add("a");
            minutes(60);
            now = now.plus(Duration.ofMinutes(2));
            assertTrue(time.inTime(round - 1), "two minutes after the others");
            attendance.cameInTime("slow", round - 1);
            attendance.cameInTime("slow", round - 1);
            assertFalse(late < 7 && working().contains("slow"), "after " + late + ": eight forgive one");
        }
        assertTrue(working().contains("slow"));
        now = now.plus(DEADLINE);
        assertFalse(time.inTime(round - 1));
        assertFalse(time.inTime(round + 1), "it has not begun");
    }

    @Test
    void whatAReplayNeedsIsWaitedForWhileItComes() {
        var slow =
                new RoundClock(new RoundRules(1, 0.5, DEADLINE, Duration.ofSeconds(90), true), () -> now, attendance);
        owed = true;
        var end = 0;
        for (var minute = 0; minute < 60; minute++) {
            if (slow.over(Set.of(), Set.of("a"), () -> owed, () -> come)) {
                end = minute;
                break;
            }
            come += minute < 25 ? 1000 : 0;
            now = now.plus(Duration.ofMinutes(1));
        }
        assertEquals(27, end, "it came for 25 minutes");
        slow.begins(9);
        for (end = 0; !slow.over(Set.of(), Set.of("a"), () -> owed, () -> come); end++) {
            come += 1;
            now = now.plus(Duration.ofMinutes(1));
        }
        assertEquals(30, end, "three deadlines, however long it comes");
    }

    @Test
    void whoDeliversAfterAnotherHasAllTheTimeForWhatItOwes() {
        beat("a", Doing.TRAINING);
        onTime.add("a");
        owed = true;
        assertFalse(isOver());
        now = now.plus(Duration.ofMinutes(1));
        beat("b", Doing.TRAINING);
        owed = false;
        assertFalse(isOver(), "b works on it");
        now = now.plus(Duration.ofMinutes(8));
        onTime.add("b");
        owed = true;
        assertFalse(isOver());
        now = now.plus(DEADLINE.minusSeconds(1));
        assertFalse(isOver(), "ten minutes are b's as they were a's");
        now = now.plusSeconds(1);
        assertTrue(isOver());
    }
}
