package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private Instant told = Instant.parse("2026-01-01T00:00:00Z");

    /** A small computer without a battery hears after its start what time it is. */
    @Test
    void aClockThatIsSetMovesNoDeadline() throws InterruptedException {
        var clock = new SteadyClock(() -> told);
        var began = told;
        told = Instant.parse("1970-01-01T00:00:00Z");
        var first = clock.instant();
        told = Instant.parse("2056-01-01T00:00:00Z");
        Thread.sleep(2);
        var second = clock.instant();
        assertFalse(first.isBefore(began));
        assertTrue(second.isAfter(first));
        assertTrue(second.isBefore(began.plus(Duration.ofHours(1))), second.toString());
    }
}
