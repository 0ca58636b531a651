package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.athanor.training.mailbox.Messages.Published;
import org.athanor.training.mailbox.ObjectStore;
import org.junit.jupiter.api.Test;

class TrailTest {
    private static final long WHOLE = 100;
    private static final int LEAST = 2;

    private static String hash(String what, long round) {
        return ObjectStore.hash((what + round).getBytes(StandardCharsets.UTF_8));
    }

    private static Published change(long round, long bytes) {
        return new Published(round, hash("change", round), bytes, "int4");
    }

    private static Published whole(long round) {
        return new Published(round, hash("whole", round), WHOLE, "float32");
    }

    private static Trail after(Trail trail, long round, long bytes) {
        return trail.with(change(round, bytes), whole(round + 1), LEAST);
    }

    @Test
    void aJoinerBeginsFurtherBackWhileThatIsLessThanWholeWeights() {
        var trail = new Trail(whole(0), List.of());

        for (var round = 0; round < 4; round++) {
            trail = after(trail, round, 25);
        }

        assertEquals(whole(0), trail.snapshot());
        assertEquals(4, trail.changes().size(), "100 bytes, as many as whole weights");
        assertEquals(
                Set.of(hash("whole", 0), hash("change", 0), hash("change", 1), hash("change", 2), hash("change", 3)),
                trail.hashes());
    }

    @Test
    void wholeWeightsAreToldWhenTheChangesSinceTheLastAreMore() {
        var trail = new Trail(whole(0), List.of());

        for (var round = 0; round < 5; round++) {
            trail = after(trail, round, 25);
        }

        assertEquals(whole(5), trail.snapshot(), "after round 4");
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                trail.changes().stream().map(Published::round).toList(),
                "who comes back takes what it missed, while that is no more than whole weights");
    }

    @Test
    void changesThatAreNeededStayHoweverLargeTheyAre() {
        var trail = new Trail(whole(0), List.of());

        for (var round = 0; round < 5; round++) {
            trail = after(trail, round, 3 * WHOLE);
        }

        assertEquals(whole(5), trail.snapshot());
        assertEquals(
                List.of(3L, 4L), trail.changes().stream().map(Published::round).toList());
    }

    @Test
    void whatTheSnapshotIsBehindIsNeverDropped() {
        var trail = new Trail(whole(0), List.of());

        for (var round = 0; round < 100; round++) {
            trail = after(trail, round, 7);
            var start = trail.snapshot().round();
            var next = round + 1;
            var first = trail.changes().getFirst().round();

            assertEquals(
                    next - first,
                    trail.changes().size(),
                    "all rounds from " + first + " to " + round + ", so that who has weights of one of them goes on");
            assertTrue(start == next || first <= start, "a joiner that begins at " + start + " gets to " + next);
        }
    }
}
