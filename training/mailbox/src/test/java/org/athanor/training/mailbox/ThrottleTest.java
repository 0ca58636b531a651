package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThrottleTest {
    @Test
    void holdsToItsRateOverSeveralTransfers() throws InterruptedException {
        var throttle = new Throttle(1_000_000);
        var began = System.nanoTime();
        for (var piece = 0; piece < 10; piece++) {
            throttle.pass(50_000);
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        assertTrue(seconds > 0.45 && seconds < 2, "500 kB at 1 MB/s took " + seconds + " s");
    }

    @Test
    void withoutALimitNothingWaits() throws InterruptedException {
        var began = System.nanoTime();
        new Throttle(0).pass(Long.MAX_VALUE);
        assertTrue(System.nanoTime() - began < 1_000_000_000);
    }

    @Test
    void slowLinesSendSmallPieces() {
        assertEquals(1 << 20, new Throttle(0).piece());
        assertEquals(1 << 20, new Throttle(1e9).piece());
        assertEquals(125_000, new Throttle(125_000).piece());
        assertEquals(1 << 14, new Throttle(1).piece());
        assertThrows(IllegalArgumentException.class, () -> new Throttle(-1));
    }
}
