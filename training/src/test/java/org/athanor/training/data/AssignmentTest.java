package org.athanor.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final Assignment FIRST = new Assignment(1, 0, "worker-1", Assignment.TRAINING);

    @Test
    void isAFunctionOfWhoAndWhen() {
        // written down once: a verifier of another version must find the same
        assertArrayEquals(
                FIRST.starts(0, 4, 10, 1000), new Assignment(1, 0, "worker-1", "training").starts(0, 4, 10, 1000));
        for (var other : new Assignment[] {
            new Assignment(2, 0, "worker-1", "training"),
            new Assignment(1, 1, "worker-1", "training"),
            new Assignment(1, 0, "worker-2", "training"),
            new Assignment(1, 0, "worker-1", "score")
        }) {
            assertFalse(Arrays.equals(FIRST.starts(0, 4, 10, 1000), other.starts(0, 4, 10, 1000)), other.toString());
        }
        assertFalse(Arrays.equals(FIRST.starts(0, 4, 10, 1000), FIRST.starts(1, 4, 10, 1000)));
    }

    @Test
    void everySequenceFitsWithItsLastTargetAndEveryStartIsDrawn() {
        var drawn = new boolean[20];
        for (var start : FIRST.starts(0, 2000, 10, 30)) {
            drawn[start] = true;
        }
        for (var seen : drawn) {
            assertTrue(seen);
        }
        assertThrows(IllegalArgumentException.class, () -> FIRST.starts(0, 1, 10, 10));
    }
}
