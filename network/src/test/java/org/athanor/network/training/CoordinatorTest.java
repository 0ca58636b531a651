package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.rounds.RoundRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CoordinatorTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration AWHILE = Duration.ofMillis(150);
    /** For a round to end that waits for nobody, on a busy machine. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(1500);
    /** Two must deliver; half of those that work must have at the deadline. */
    private static final RoundRules RULES =
            new RoundRules(2, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private JobSpec spec;

    private static final class FakeClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        void passes(Duration time) {
            now = now.plus(time);
        }
    }

    @BeforeEach
    void make() throws Exception {
        spec = TinyJob.in(folder, 3);
    }

    private Coordinator start(RoundRules rules) throws IOException {
        return Coordinator.start(folder, rules, clock, (round, last, weights) -> null);
    }

    /** Whoever worked on the round before the coordinator ended has had time to say so again. */
    private Coordinator startAnew() throws IOException {
        var coordinator = start(RULES);
        clock.passes(RULES.silence());
        return coordinator;
    }

    @Test
    void aRoundClosesWhenAllWhoWorkHaveDelivered() throws Exception {
        try (var coordinator = start(RULES)) {
            for (var worker : List.of("a", "b", "c")) coordinator.beat(worker, TinyJob.trains(0));
            assertTrue(TinyJob.deliver(coordinator, "a", 0).counts());
            assertTrue(TinyJob.deliver(coordinator, "b", 0).counts());
            assertEquals(0, coordinator.await(0, AWHILE).round(), "c is waited for");
            coordinator.leave("c");
            assertEquals(1, coordinator.await(0, SOON).round());
            assertEquals(List.of("a", "b"), coordinator.history().getFirst().workers());
            assertEquals(2 * spec.tokensOfRound(), coordinator.tokens());
        }
    }

    /** Planned for two workers in ten rounds. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aBudgetIsSpentInAsManyRoundsAsItsWorkersNeed(int workers, @TempDir Path place) throws Exception {
        var job = TinyJob.withBudget(place, 10, 20 * spec.tokensOfRound());
        var last = new ArrayList<Long>();
        Coordinator.RoundListener listener = (round, isLast, weights) -> {
            if (isLast) last.add(round);
            return null;
        };
        var names = List.of("a", "b", "c", "d").subList(0, workers);
        var rules = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
        try (var coordinator = Coordinator.start(place, rules, clock, listener)) {
            for (var round = 0; round < 20 / workers; round++) {
                var state = coordinator.state();
                assertEquals(Phase.RUNNING, state.phase(), "in round " + round);
                assertEquals(5L * workers * round, job.firstStep(state.round(), state.tokens()), "of 100 of the rate");
                for (var name : names) coordinator.beat(name, TinyJob.trains(round));
                for (var name : names) TinyJob.deliver(coordinator, name, round);
                coordinator.await(round, SOON);
            }
            assertEquals(Phase.DONE, coordinator.state().phase());
            assertEquals(job.tokens(), coordinator.tokens());
            var ahead = TinyJob.deliver(coordinator, "a", 20 / workers);
            assertEquals("the job is over", ahead.reason());
            assertFalse(ahead.counts());
        }
        assertEquals(List.of(20L / workers - 1), last);
    }

    /** Whole weights are published when changes outgrow them, and not in every round; who missed some rounds takes what it missed. */
    @Test
    void wholeWeightsArePublishedSeldomAndWhoComesBackTakesChanges(@TempDir Path place) throws Exception {
        var job = TinyJob.in(place, 30);
        var rules = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
        try (var coordinator = Coordinator.start(place, rules, clock, (round, last, weights) -> null)) {
            var snapshots = new HashSet<String>();
            var whole = (long) job.parameters() * Float.BYTES;
            for (var round = 0; round < 20; round++) {
                TinyJob.deliver(coordinator, "a", round);
                var state = coordinator.await(round, SOON);
                assertEquals(round + 1, state.round(), state.reason());
                snapshots.add(state.snapshot().hash());
                var since = state.changes().stream()
                        .filter(change -> change.round() >= state.snapshot().round())
                        .mapToLong(Messages.Published::bytes)
                        .sum();
                assertTrue(since <= whole, since + " of " + whole + " bytes in round " + round);
                assertTrue(state.changes().getFirst().round() <= Math.max(0, round - 1), state.toString());
                assertEquals(round, state.changes().getLast().round());
            }
            // a change has about a byte a weight
            assertTrue(snapshots.size() >= 3 && snapshots.size() <= 8, snapshots.size() + " snapshots in 20 rounds");
        }
    }

    /** Whoever was told of an object may need minutes to fetch it. */
    @Test
    void whatWasPublishedCanBeFetchedForSomeTime(@TempDir Path place) throws Exception {
        TinyJob.in(place, 60);
        var rules = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
        try (var coordinator = Coordinator.start(place, rules, clock, (round, last, weights) -> null)) {
            var objects = coordinator.folder().objects();
            var told = new ArrayList<String>();
            for (var round = 0; round < 8; round++) {
                TinyJob.deliver(coordinator, "a", round);
                var state = coordinator.await(round, SOON);
                told.add(state.snapshot().hash());
                state.changes().forEach(change -> told.add(change.hash()));
            }
            TinyJob.deliver(coordinator, "a", 8);
            coordinator.await(8, SOON);
            for (var hash : told) assertTrue(coordinator.isForAll(hash) && objects.has(hash), hash);
            clock.passes(Duration.ofMinutes(3));
            var first = told.getFirst();
            for (var round = 9; round < 11; round++) {
                TinyJob.deliver(coordinator, "a", round);
                coordinator.await(round, SOON);
            }
            for (var tries = 0; tries < 200 && objects.has(first); tries++) Thread.sleep(10);
            assertFalse(coordinator.isForAll(first), "nobody is told of it any more");
            assertFalse(objects.has(first), "nor is it kept for ever");
        }
    }

    @Test
    void anUpdateThatIsDeliveredAgainWhileItsRoundIsClearedAwayStopsNothing() throws Exception {
        var cleared = new CountDownLatch(1);
        var again = new CountDownLatch(1);
        var rules = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), true);
        Coordinator.RoundListener slow = (round, last, weights) -> {
            if (round == 0) {
                cleared.countDown(); // the next round is open, and the last one's objects are still there
                again.await();
            }
            return null;
        };
        try (var coordinator = Coordinator.start(folder, rules, clock, slow)) {
            var update = TinyJob.update(spec, "a", 0);
            coordinator.folder().objects().put(update);
            assertTrue(coordinator.deliver("a", 0, TinyJob.told(update)).counts());
            cleared.await();
            assertTrue(coordinator.deliver("a", 1, TinyJob.told(update)).counts());
            again.countDown();
            assertEquals(
                    2, coordinator.await(1, SOON).round(), coordinator.state().reason());
            assertEquals(Phase.RUNNING, coordinator.state().phase());
        }
    }

    @Test
    void aCoordinatorThatRunsOutOfMemorySaysSo() throws Exception {
        Coordinator.RoundListener full = (round, last, weights) -> {
            throw new OutOfMemoryError("Java heap space");
        };
        try (var coordinator = Coordinator.start(folder, RULES, clock, full)) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertTrue(coordinator.awaitEnd(SOON));
            assertEquals(Phase.FAILED, coordinator.state().phase());
            assertTrue(
                    coordinator.state().reason().contains("more memory"),
                    coordinator.state().reason());
        }
        try (var coordinator = start(RULES)) {
            assertEquals(1, coordinator.state().round(), "the same command goes on");
        }
    }

    @Test
    void theLastRoundIsValidatedAfterACrashToo() throws Exception {
        Coordinator.RoundListener dies = (round, last, weights) -> {
            if (round == spec.rounds() - 1) {
                throw new IllegalStateException("killed");
            }
            return 3.0;
        };
        try (var coordinator = Coordinator.start(folder, RULES, clock, dies)) {
            for (var round = 0; round < spec.rounds(); round++) {
                TinyJob.deliver(coordinator, "a", round);
                TinyJob.deliver(coordinator, "b", round);
                coordinator.await(round, SOON);
            }
        }
        var coordinator = Coordinator.start(folder, RULES, clock, (round, last, weights) -> 10.0 + round);
        coordinator.stop();
        assertEquals(Phase.DONE, coordinator.state().phase());
        assertEquals(12.0, coordinator.history().getLast().validation());
        assertEquals(3.0, coordinator.history().get(1).validation());
    }

    /** Does something whenever an object is put there. */
    private record WhenPut(Runnable does) implements OutsideStore {
        @Override
        public Map<String, Lying> all() {
            return Map.of();
        }

        @Override
        public boolean holds(String hash, long bytes) {
            return false;
        }

        @Override
        public void put(String hash, byte[] object) {
            does.run();
        }

        @Override
        public byte[] get(String hash, long most) {
            return null;
        }

        @Override
        public void delete(String hash) {}

        @Override
        public void withdraw(String hash) {}

        @Override
        public URI fetchFrom(String hash) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Messages.Place bringTo(String hash, long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void dropUnfinished(Instant old) {}

        @Override
        public void close() {}
    }

    @Test
    void whoIsExcludedWhileARoundIsPublishedStaysOut() throws Exception {
        var running = new AtomicReference<Coordinator>();
        var store = new WhenPut(() -> {
            try {
                if (running.get() != null) running.get().exclude("a", "it lied");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        try (var coordinator =
                Coordinator.start(folder, RULES, clock, (round, last, weights) -> null, null, store, new Ledger())) {
            running.set(coordinator);
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            assertEquals("it lied", coordinator.excluded("a"));
        }
        try (var coordinator = start(RULES)) {
            assertEquals("it lied", coordinator.excluded("a"));
        }
    }

    @Test
    void whatComesWhileItsRoundIsBeingClosedIsLateAndCountsInTheNext() throws Exception {
        var running = new AtomicReference<Coordinator>();
        var verdict = new AtomicReference<Future<Messages.Verdict>>();
        try (var other = Executors.newSingleThreadExecutor()) {
            var store = new WhenPut(() -> {
                if (running.get() == null || verdict.get() != null) return;
                verdict.set(other.submit(() -> TinyJob.deliver(running.get(), "c", 0)));
                try {
                    Thread.sleep(300);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            try (var coordinator = Coordinator.start(
                    folder, RULES, clock, (round, last, weights) -> null, null, store, new Ledger())) {
                running.set(coordinator);
                TinyJob.deliver(coordinator, "a", 0);
                TinyJob.deliver(coordinator, "b", 0);
                assertEquals(1, coordinator.await(0, SOON).round());
                var told = verdict.get().get(10, TimeUnit.SECONDS);
                assertTrue(told.counts(), told.reason());
                assertEquals(1, told.round());
                TinyJob.deliver(coordinator, "a", 1);
                TinyJob.deliver(coordinator, "b", 1);
                assertEquals(2, coordinator.await(1, SOON).round());
                assertEquals(
                        List.of("a", "b", "c@0"), coordinator.history().get(1).workers());
            }
        }
    }

    /** While the listener is busy with a round, the program is to end. */
    @Test
    void whoStopsBeforeTheEndDoesNotWaitForWhatIsAskedOfARound() throws Exception {
        var stopped = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        var slow = new Coordinator.RoundListener() {
            @Override
            public Double ended(long round, boolean last, float[] weights) throws InterruptedException {
                asked.countDown();
                return stopped.await(60, TimeUnit.SECONDS) ? null : 1.0;
            }

            @Override
            public void stop() {
                stopped.countDown();
            }
        };
        var coordinator = Coordinator.start(folder, RULES, clock, slow);
        TinyJob.deliver(coordinator, "a", 0);
        TinyJob.deliver(coordinator, "b", 0);
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        coordinator.stop();
        assertEquals(0, stopped.getCount());
        assertEquals(null, coordinator.history().getFirst().validation());
    }

    private static void awaitGone(Path request) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (Files.exists(request)) {
            assertTrue(System.nanoTime() < end, request + " was not done");
            Thread.sleep(10);
        }
    }

    @Test
    void whomTheOperatorExcludesFromAnotherProgramIsOutUntilThatIsTakenBack() throws Exception {
        try (var coordinator = start(RULES)) {
            for (var worker : List.of("a", "b", "c")) coordinator.beat(worker, TinyJob.trains(0));
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            awaitGone(Roster.exclude(folder, "a", "it asked for it"));
            assertEquals("it asked for it", coordinator.excluded("a"));
            assertEquals("it asked for it", coordinator.standings().get("a").excluded());
            coordinator.leave("c");
            assertEquals(0, coordinator.await(0, AWHILE).round(), "two must deliver whose updates are wanted");
            TinyJob.deliver(coordinator, "c", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            var round = coordinator.history().getFirst();
            assertEquals(List.of("b", "c"), round.workers());
            assertEquals(Map.of("a", "it asked for it"), round.dropped());
            assertEquals(2 * spec.tokensOfRound(), coordinator.tokens());
            var refused = TinyJob.deliver(coordinator, "a", 1);
            assertEquals("it asked for it", refused.reason());
        }
        try (var coordinator = startAnew()) {
            assertEquals("it asked for it", coordinator.excluded("a"), "it outlives the coordinator");
            awaitGone(Roster.readmit(folder, "a"));
            assertTrue(TinyJob.deliver(coordinator, "a", 1).counts());
            TinyJob.deliver(coordinator, "b", 1);
            assertEquals(2, coordinator.await(1, SOON).round());
            assertEquals(List.of("a", "b"), coordinator.history().getLast().workers());
        }
    }

    @Test
    void whatTheOperatorAskedForWhileNobodyWorkedHoldsBeforeAnybodyDoes() throws Exception {
        start(RULES).close();
        var asked = List.of(
                Roster.exclude(folder, "a", "first"),
                Roster.exclude(folder, "b", "a mistake"),
                Roster.readmit(folder, "b"),
                Roster.exclude(folder, "a", "second"));
        var foreign = Files.writeString(folder.resolve("requests/zzz.json"), "{\"worker\": 7");
        assertEquals(Map.of("a", "second"), Roster.of(folder).barred(), "told before it is done");
        try (var coordinator = start(RULES)) {
            assertEquals("second", coordinator.excluded("a"));
            assertNull(coordinator.excluded("b"));
            asked.forEach(request -> assertFalse(Files.exists(request), request.toString()));
            assertFalse(Files.exists(foreign), "put aside");
            assertTrue(Files.exists(folder.resolve("requests/zzz.json.not-understood")));
        }
        assertEquals(Map.of("a", "second"), Roster.of(folder).barred());
        assertEquals(Set.of("a"), Roster.of(folder).known().keySet());
    }

    @Test
    void aFolderWithoutAJobIsLeftAsItIs() {
        var empty = folder.resolve("empty");
        var none = assertThrows(IOException.class, () -> Roster.exclude(empty, "a", "x"));
        assertEquals(empty + " holds no job", none.getMessage());
        assertFalse(Files.exists(empty));
    }

    @Test
    void whoIsSilentIsNotWaitedFor() throws Exception {
        try (var coordinator = start(RULES)) {
            for (var worker : List.of("a", "b", "c")) coordinator.beat(worker, TinyJob.trains(0));
            clock.passes(Duration.ofSeconds(21));
            TinyJob.deliver(coordinator, "a", 0);
            assertEquals(0, coordinator.await(0, AWHILE).round(), "two must deliver");
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
        }
    }

    @Test
    void atTheDeadlineAQuorumIsEnough() throws Exception {
        var five = List.of("a", "b", "c", "d", "e");
        // nobody is silent: the clock passes the deadline at once, and signs of life come after it
        var patient = new RoundRules(2, 0.5, Duration.ofMinutes(10), Duration.ofHours(1), true);
        try (var coordinator = start(patient)) {
            for (var worker : five) coordinator.beat(worker, TinyJob.trains(0));
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            clock.passes(Duration.ofMinutes(11));
            for (var worker : five) coordinator.beat(worker, TinyJob.trains(0));
            assertEquals(0, coordinator.await(0, AWHILE).round(), "2 of 5 are less than half");
            TinyJob.deliver(coordinator, "c", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
        }
    }

    /** All rooms were warm for hours: whoever comes back first does not end the round of the others. */
    @Test
    void theDeadlineRunsWhileSomebodyWorks() throws Exception {
        var calm = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofDays(1), true);
        try (var coordinator = start(calm)) {
            var paused = new Messages.Beat(0, 1, Messages.Doing.PAUSED, null, null);
            coordinator.beat("a", paused);
            coordinator.beat("b", paused);
            clock.passes(Duration.ofHours(5));
            assertEquals(0, coordinator.await(0, LONG_ENOUGH).round()); // it sees that they passed
            coordinator.beat("a", TinyJob.trains(0));
            coordinator.beat("b", TinyJob.trains(0));
            TinyJob.deliver(coordinator, "a", 0);
            assertEquals(0, coordinator.await(0, AWHILE).round(), "the other has its ten minutes");
            clock.passes(Duration.ofMinutes(11));
            assertEquals(1, coordinator.await(0, SOON).round());
        }
    }

    @Test
    void aLateUpdateCountsInTheNextRoundBesideTheWorkersOwn() throws Exception {
        try (var coordinator = start(RULES)) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            coordinator.beat("c", TinyJob.trains(1));
            var late = TinyJob.deliver(coordinator, "c", 0);
            assertTrue(late.counts());
            assertEquals(1, late.round());
            TinyJob.deliver(coordinator, "a", 1);
            assertEquals(1, coordinator.await(1, AWHILE).round(), "c still works on round 1");
            TinyJob.deliver(coordinator, "c", 1);
            coordinator.await(1, SOON);
            assertEquals(List.of("a", "c", "c@0"), coordinator.history().get(1).workers());
        }
    }

    @Test
    void anUpdateWhoseAnswerWasLostIsToldTheSameInLaterRoundsAndCountsOnce() throws Exception {
        try (var coordinator = start(RULES)) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            var again = TinyJob.deliver(coordinator, "a", 0); // with its object, as a copy would come
            assertTrue(again.counts());
            assertEquals(0, again.round(), "where it counted");
            var late = TinyJob.deliver(coordinator, "c", 0);
            assertEquals(1, late.round());
        }
        try (var coordinator = start(RULES)) { // what was taken outlives it
            assertEquals(0, TinyJob.deliver(coordinator, "b", 0).round());
            TinyJob.deliver(coordinator, "a", 1);
            TinyJob.deliver(coordinator, "b", 1);
            assertEquals(2, coordinator.await(1, SOON).round());
            assertEquals(List.of("a", "b", "c@0"), coordinator.history().get(1).workers());
            var longAgo = TinyJob.deliver(coordinator, "c", 0);
            assertTrue(longAgo.counts() && longAgo.round() == 1, "in the round after its own, as it was told");
            assertFalse(TinyJob.deliver(coordinator, "d", 0).counts(), "of d nothing was taken");
            TinyJob.deliver(coordinator, "b", 2);
            TinyJob.deliver(coordinator, "a", 2);
            assertEquals(3, coordinator.await(2, SOON).round());
            assertEquals(List.of("a", "b"), coordinator.history().get(2).workers());
            assertEquals(7 * spec.tokensOfRound(), coordinator.tokens());
        }
    }

    @Test
    void whoDoesARoundTwiceOwesNothingOfTheSecondTime() throws Exception {
        try (var coordinator = start(RULES)) {
            TinyJob.deliver(coordinator, "a", 0);
            var other = TinyJob.update(spec, "z", 0);
            coordinator.folder().objects().put(other);
            var open = coordinator.deliver("a", 0, TinyJob.told(other));
            assertTrue(open.twice() && !open.counts(), open.toString());
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            coordinator.folder().objects().put(other);
            var over = coordinator.deliver("a", 0, TinyJob.told(other));
            assertTrue(over.twice() && !over.counts(), over.toString());
            assertTrue(over.reason().contains("counts already in round 0"), over.reason());
            assertFalse(TinyJob.deliver(coordinator, "b", 7).twice(), "of a round that is to come");
        }
    }

    /** A round of {@code a}, to which the clock gives its whole deadline if somebody else is waited for. */
    private boolean isWaitedFor(Coordinator coordinator, long round) throws Exception {
        TinyJob.deliver(coordinator, "a", round);
        var waited = coordinator.await(round, LONG_ENOUGH).round() == round;
        if (waited) {
            clock.passes(Duration.ofMinutes(11));
        }
        assertEquals(round + 1, coordinator.await(round, SOON).round());
        return waited;
    }

    /** A round of {@code a}, in which nobody else is waited for. */
    private static void endsAtOnce(Coordinator coordinator, long round) throws Exception {
        TinyJob.deliver(coordinator, "a", round);
        assertEquals(round + 1, coordinator.await(round, SOON).round());
    }

    private Coordinator patient() throws Exception {
        var calm = folder.resolve("calm");
        TinyJob.in(calm, 100);
        var patient = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofDays(1), true);
        return Coordinator.start(calm, patient, clock, (_, _, _) -> null);
    }

    @Test
    void whoLetsThreeDeadlinesPassWinsTrustBackByRoundsInTime() throws Exception {
        try (var coordinator = patient()) {
            for (var worker : List.of("a", "idle")) coordinator.beat(worker, TinyJob.trains(0));
            for (var round = 0; round < Attendance.MOST_DEADLINES_MISSED; round++) {
                assertTrue(isWaitedFor(coordinator, round), "round " + round);
            }
            endsAtOnce(coordinator, 3); // not any more
            coordinator.beat("idle", TinyJob.trains(4));
            endsAtOnce(coordinator, 4); // words alone are not enough
            for (var round = 5; round < 13; round++) {
                assertTrue(TinyJob.deliver(coordinator, "idle", round).counts());
                endsAtOnce(coordinator, round);
            }
            assertTrue(isWaitedFor(coordinator, 13), "eight in time forgive one of three");
            assertTrue(TinyJob.deliver(coordinator, "idle", 14).counts());
            endsAtOnce(coordinator, 14);
            endsAtOnce(coordinator, 15); // and that was missed again
        }
    }

    /** Rounds that last to their deadline, of those in which the others were done long ago. */
    @Test
    void whoSendsNowAndThenDoesNotHoldUpTheOthersForEver() throws Exception {
        try (var coordinator = patient()) {
            for (var worker : List.of("a", "seldom")) coordinator.beat(worker, TinyJob.trains(0));
            var held = 0;
            for (var round = 0; round < 24; round++) {
                if (round % 4 == 3) {
                    assertTrue(TinyJob.deliver(coordinator, "seldom", round).counts());
                }
                held += isWaitedFor(coordinator, round) ? 1 : 0;
            }
            assertEquals(Attendance.MOST_DEADLINES_MISSED, held);
        }
    }

    @Test
    void whoIsARoundLateEveryTimeDoesNotHoldUpTheOthersForEver() throws Exception {
        try (var coordinator = patient()) {
            for (var worker : List.of("a", "late")) coordinator.beat(worker, TinyJob.trains(0));
            for (var round = 0; round < 6; round++) {
                if (round > 0) {
                    assertTrue(TinyJob.deliver(coordinator, "late", round - 1).counts());
                }
                assertEquals(round < Attendance.MOST_DEADLINES_MISSED, isWaitedFor(coordinator, round));
            }
        }
    }

    @Test
    void lateUpdatesAreDroppedWhereTheRulesSaySo() throws Exception {
        var drop = new RoundRules(1, 0.5, Duration.ofMinutes(10), Duration.ofSeconds(20), false);
        try (var coordinator = start(drop)) {
            TinyJob.deliver(coordinator, "a", 0);
            coordinator.await(0, SOON);
            var late = TinyJob.deliver(coordinator, "b", 0);
            assertFalse(late.counts());
            assertTrue(late.reason().contains("round 0 is over; round 1 is open"), late.reason());
            assertFalse(TinyJob.deliver(coordinator, "b", 7).counts(), "of a round that is to come");
        }
    }

    @Test
    void whatIsNotTheUpdateThatWasOwedIsRefused() throws Exception {
        try (var coordinator = start(RULES)) {
            var objects = coordinator.folder().objects();
            assertTrue(TinyJob.deliver(coordinator, "a", 0).counts());
            assertTrue(TinyJob.deliver(coordinator, "a", 0).counts(), "the same again: its answer was lost");
            var another = TinyJob.update(spec, "z", 0);
            objects.put(another);
            refused(coordinator, TinyJob.told(another), "another update of this worker counts already");
            var garbled = objects.put(new byte[] {1, 2, 3});
            refused(coordinator, new Messages.Update(garbled, 2, List.of(1.0, 1.0), 1, null), "");
            var longer = spec.outer().upCodec().encode(new float[spec.parameters() + 4096]);
            objects.put(longer);
            refused(coordinator, TinyJob.told(longer), "");
            refused(coordinator, TinyJob.told(TinyJob.update(spec, "nobody", 9)), "has not come");
            var fine = objects.put(TinyJob.update(spec, "b", 0));
            refused(coordinator, new Messages.Update(fine, 3, List.of(1.0, 1.0, 1.0), 1, null), "1 to 2 steps");
            refused(coordinator, new Messages.Update(fine, 2, List.of(1.0), 1, null), "1 losses are told of 2 steps");
            assertEquals(0, coordinator.state().round());
        }
    }

    private static void refused(Coordinator coordinator, Messages.Update update, String reason) throws IOException {
        var verdict = coordinator.deliver(reason.startsWith("another") ? "a" : "b", 0, update);
        assertFalse(verdict.counts());
        assertNotNull(verdict.reason());
        assertTrue(verdict.reason().contains(reason), verdict.reason());
    }

    @Test
    void whatWasToldToCountIsNotLostWithTheCoordinator() throws Exception {
        try (var coordinator = start(RULES)) {
            assertTrue(TinyJob.deliver(coordinator, "a", 0).counts());
        }
        try (var coordinator = startAnew()) {
            assertTrue(TinyJob.deliver(coordinator, "b", 0).counts());
            assertEquals(1, coordinator.await(0, SOON).round(), "a counts without being asked again");
        }
    }

    @Test
    void anObjectThatTheDiskHasChangedIsOneClearReason() throws Exception {
        String shard = spec.shards().getFirst().hash();
        var file = new JobFolder(folder).objects().file(shard);
        var bytes = Files.readAllBytes(file);
        bytes[3]++;
        Files.write(file, bytes);
        var damaged = assertThrows(IOException.class, () -> start(RULES));
        assertTrue(damaged.getMessage().contains(shard + " is damaged"), damaged.getMessage());
        Files.delete(file);
        var missing = assertThrows(IOException.class, () -> start(RULES));
        assertTrue(missing.getMessage().contains(shard + " is missing"), missing.getMessage());
    }

    @Test
    void aChangeThatNoWeightsBearIsRefusedAndTheJobGoesOn() throws Exception {
        try (var coordinator = start(RULES)) {
            var change = new float[spec.parameters()];
            change[3] = 3e38f;
            var update = spec.outer().upCodec().encode(change);
            coordinator.folder().objects().put(update);
            var refused = coordinator.deliver("a", 0, TinyJob.told(update));
            assertFalse(refused.counts());
            assertTrue(refused.reason().startsWith("value 3 of the update is "), refused.reason());
            assertTrue(TinyJob.deliver(coordinator, "a", 0).counts(), "another try");
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
        }
    }

    @Test
    void anUpdateThatTheDiskHasChangedCountsNotAndTheJobGoesOn() throws Exception {
        var first = TinyJob.told(TinyJob.update(spec, "a", 0));
        try (var coordinator = start(RULES)) {
            TinyJob.deliver(coordinator, "a", 0);
            Files.write(coordinator.folder().objects().file(first.hash()), new byte[] {1});
            TinyJob.deliver(coordinator, "b", 0);
            assertEquals(1, coordinator.await(0, SOON).round());
            var ended = coordinator.history().getFirst();
            assertEquals(List.of("b"), ended.workers());
            assertEquals(Map.of("a", "the coordinator's disk has lost its update"), ended.dropped());
            assertEquals(spec.tokensOfRound(), coordinator.tokens());
        }
        // one that is lost between its coming and its delivery may come again
        try (var coordinator = startAnew()) {
            var update = TinyJob.update(spec, "a", 1);
            var told = TinyJob.told(update);
            var objects = coordinator.folder().objects();
            objects.put(update);
            Files.write(objects.file(told.hash()), new byte[] {1});
            var refused = coordinator.deliver("a", 1, told);
            assertFalse(refused.counts());
            assertTrue(refused.reason().startsWith("the coordinator's disk has lost the update"), refused.reason());
            objects.put(update);
            assertTrue(coordinator.deliver("a", 1, told).counts());
        }
    }

    /** The round was decided, and its coordinator died before it had closed it. */
    @Test
    void anUpdateThatIsLostAfterItsRoundWasDecidedStopsNoCoordinator() throws Exception {
        try (var coordinator =
                Coordinator.start(folder, RULES, clock, (_, _, _) -> null, null, null, new Ledger.Full())) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertTrue(coordinator.awaitEnd(SOON));
            var hash = TinyJob.told(TinyJob.update(spec, "a", 0)).hash();
            Files.delete(coordinator.folder().objects().file(hash));
        }
        try (var coordinator = startAnew()) {
            assertEquals(1, coordinator.await(0, SOON).round());
            assertEquals(Set.of("a"), coordinator.history().getFirst().dropped().keySet());
        }
    }

    // ---- who pays

    @Test
    void whatCountedIsCreditedToWhoeverRunsTheJob() throws Exception {
        var ledger = new Ledger();
        try (var coordinator = Coordinator.start(folder, RULES, clock, (_, _, _) -> null, null, null, ledger)) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            coordinator.exclude("c", "it lied");
            assertFalse(TinyJob.deliver(coordinator, "c", 0).counts());
            assertEquals(1, coordinator.await(0, SOON).round());
        }
        assertEquals(
                List.of("a", "b"),
                ledger.credited.stream().map(work -> work.claim().worker()).toList());
        assertEquals(spec.tokensOfRound(), ledger.credited.getFirst().claim().tokens());
        var flops = spec.model().flopsPerToken(spec.parameters()) * spec.tokensOfRound();
        assertEquals(flops, ledger.credited.getFirst().flops());
        assertFalse(Files.exists(folder.resolve("receipts.key")), "receipts are one payroll of several");
    }

    @Test
    void aRoundThatCannotBeCreditedDoesNotEndUntilItCan() throws Exception {
        try (var coordinator =
                Coordinator.start(folder, RULES, clock, (_, _, _) -> null, null, null, new Ledger.Full())) {
            TinyJob.deliver(coordinator, "a", 0);
            TinyJob.deliver(coordinator, "b", 0);
            assertTrue(coordinator.awaitEnd(SOON));
            assertEquals(
                    "the job stopped: the ledger is full", coordinator.state().reason());
            assertEquals(0, coordinator.state().round());
        }
        var ledger = new Ledger();
        try (var coordinator = Coordinator.start(folder, RULES, clock, (_, _, _) -> null, null, null, ledger)) {
            assertEquals(1, coordinator.await(0, SOON).round(), "with what was delivered before");
        }
        assertEquals(2, ledger.credited.size());
    }

    @Test
    void aJobThatWaitsSaysForWhat() throws Exception {
        try (var coordinator = start(RULES)) {
            assertEquals(Optional.empty(), coordinator.waiting(), "workers may be on their way");
            awaitWaiting(coordinator, Optional.of("no worker is there"));
            coordinator.beat("a", TinyJob.trains(0));
            awaitWaiting(coordinator, Optional.of("1 of the 2 workers that a round needs is at work"));
            coordinator.beat("b", TinyJob.trains(0));
            awaitWaiting(coordinator, Optional.empty());
            for (var worker : List.of("a", "b")) coordinator.beat(worker, doing(Messages.Doing.PAUSED));
            coordinator.beat("c", doing(Messages.Doing.FETCHING));
            awaitWaiting(coordinator, Optional.of("nobody works: 1 fetching, 2 paused"));
            coordinator.exclude("c", "it lied");
            awaitWaiting(coordinator, Optional.of("nobody works: 2 paused"));
            assertEquals(Phase.RUNNING, coordinator.state().phase());
            coordinator.stop();
            assertEquals(Optional.empty(), coordinator.waiting(), "it is over");
        }
    }

    private static Messages.Beat doing(Messages.Doing what) {
        return new Messages.Beat(0, 0, what, null, null);
    }

    /** Every look lets a second pass, and fewer than after which a worker is silent. */
    private void awaitWaiting(Coordinator coordinator, Optional<String> expected) throws InterruptedException {
        for (var second = 0; second < 15; second++) {
            clock.passes(Duration.ofSeconds(1));
            Thread.sleep(AWHILE);
            if (coordinator.waiting().equals(expected)) return;
        }
        assertEquals(expected, coordinator.waiting());
    }

    @Test
    void theNewestCheckpointsAreKeptHoweverManyDigitsTheirRoundsHave() throws Exception {
        var job = new JobFolder(folder);
        var checkpoints = folder.resolve("checkpoints");
        Files.writeString(checkpoints.resolve("best.safetensors"), "somebody's own");
        for (var rounds = 999_997; rounds <= 1_000_001; rounds++) {
            job.checkpoint(spec, rounds, new float[spec.parameters()]);
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            assertEquals(
                    Set.of(
                            "best.safetensors",
                            "round-999999.safetensors",
                            "round-1000000.safetensors",
                            "round-1000001.safetensors"),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    /** It holds keys, and of an encrypted job the text by which it is validated. */
    @Test
    void noOtherUserLooksIntoAJobsFolder() throws Exception {
        var place = folder.resolve("fresh");
        TinyJob.in(place, 1);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(Coordinator.find(place).isPresent());
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)), "one made before");
        JobFolder.writeSecret(place.resolve("text"), new byte[3]);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("text"))));
    }

    // ---- killed between any two writes

    /** Dies at the n-th write. What was written before is on the disk, nothing afterwards. */
    private static final class DyingFolder extends JobFolder {
        private int left;

        DyingFolder(Path folder, int writes) throws IOException {
            super(folder);
            left = writes;
        }

        private synchronized void write() throws IOException {
            if (left-- <= 0) throw new IOException("killed");
        }

        @Override
        String put(byte[] object) throws IOException {
            write();
            return super.put(object);
        }

        @Override
        void delete(String hash) throws IOException {
            write();
            super.delete(hash);
        }

        @Override
        void append(Delivery delivery) throws IOException {
            write();
            super.append(delivery);
        }

        @Override
        void forgetDeliveries() throws IOException {
            write();
            super.forgetDeliveries();
        }

        @Override
        void write(JobState state) throws IOException {
            write();
            super.write(state);
        }

        @Override
        void append(RoundRecord ended) throws IOException {
            write();
            super.append(ended);
        }

        @Override
        Path checkpoint(JobSpec of, long rounds, float[] weights) throws IOException {
            write();
            return super.checkpoint(of, rounds, weights);
        }
    }

    /** Works on the job until it is over or its coordinator has died; says whether it is over. */
    private boolean work(JobFolder on, List<String> told) throws Exception {
        try (var coordinator = Coordinator.start(
                on, RULES, clock, (round, last, weights) -> 1.5, null, null, new Receipts(on.path()))) {
            clock.passes(RULES.silence());
            while (true) {
                var state = coordinator.state();
                if (state.phase() != Phase.RUNNING) {
                    return state.phase() == Phase.DONE;
                }
                for (var worker : List.of("a", "b")) {
                    if (told.contains(worker + state.round())) continue; // it was told that it counts, and waits
                    try {
                        if (TinyJob.deliver(coordinator, worker, state.round()).counts()) {
                            told.add(worker + state.round());
                        }
                    } catch (IOException killed) {
                        return false;
                    }
                }
                coordinator.await(state.round(), SOON);
                if (coordinator.state().round() == state.round()
                        && coordinator.state().phase() == Phase.RUNNING) {
                    throw new AssertionError("round " + state.round() + " does not end; told: " + told);
                }
            }
        }
    }

    @Test
    void killedBetweenAnyTwoWritesItGoesOnWithTheSameRoundAndTheSameBytes() throws Exception {
        var calm = folder.resolve("calm");
        TinyJob.in(calm, 2);
        assertTrue(work(new JobFolder(calm), new ArrayList<>()));
        var undisturbed = new JobFolder(calm).state().orElseThrow();
        var history = new JobFolder(calm).rounds();
        var deaths = 0;
        for (var writes = 1; ; writes++) {
            var place = folder.resolve("killed-" + writes);
            TinyJob.in(place, 2);
            var told = new ArrayList<String>();
            if (work(new DyingFolder(place, writes), told)) {
                break;
            }
            deaths++;
            assertTrue(work(new JobFolder(place), told), "killed at write " + writes);
            var state = new JobFolder(place).state().orElseThrow();
            assertEquals(undisturbed, state, "killed at write " + writes);
            var rounds = new JobFolder(place).rounds();
            assertEquals(
                    history.stream().map(RoundRecord::loss).toList(),
                    rounds.stream().map(RoundRecord::loss).toList());
            try (Stream<Path> checkpoints = Files.list(place.resolve("checkpoints"))) {
                assertTrue(checkpoints.noneMatch(file -> file.endsWith("new")), "killed at write " + writes);
            }
        }
        assertTrue(deaths > 15, "deaths: " + deaths);
    }
}
