package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aBatchIsFiveMillisecondsOfHashesAndAtLeastOne() {
        assertEquals(1000, Pace.batch(200_000));
        assertEquals(1, Pace.batch(3));
        assertEquals(1 << 22, Pace.batch(1e18));
    }

    @Test
    void sleepingTooLongIsMadeUpFor() {
        var pace = new Pace();
        pace.restart(0);
        long now = 0;
        var hashes = 0;
        for (; now < 100 * SECOND; hashes += 1000) {
            now += 700_000; // the hashing
            var wait = pace.waitAfter(1000, 200_000, now);
            if (wait > 0) now += wait + 3_000_000; // the system wakes late
        }
        assertEquals(200_000 * 100, hashes, 2000);
    }

    @Test
    void aLongHoldUpIsNotMadeUpForInFull() {
        var pace = new Pace();
        pace.restart(0);
        long now = 60 * SECOND;
        var burst = 0;
        while (pace.waitAfter(1000, 200_000, now) == 0) burst++;
        assertEquals(200, burst, 1);
    }
}
