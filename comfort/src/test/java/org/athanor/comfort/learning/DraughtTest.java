package org.athanor.comfort.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DraughtTest {
    @Test
    void isOneOnAUsualDay() {
        assertEquals(1, Draught.of(0, 4), 1e-12);
    }

    @Test
    void growsWithColdAndWindAndNeverBelowNone() {
        assertTrue(Draught.of(-20, 4) > 1.2 && Draught.of(-20, 4) < 1.5);
        assertTrue(Draught.of(0, 12) > 2.2 && Draught.of(0, 12) < 3);
        assertEquals(0, Draught.of(20, 0), 1e-12);
        assertEquals(Draught.of(10, 5), Draught.of(30, 5), 1e-12);
    }
}
