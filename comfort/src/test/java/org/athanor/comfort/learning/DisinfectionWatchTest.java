package org.athanor.comfort.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DisinfectionWatchTest {
    private static final Instant START = Instant.parse("2026-01-05T02:00:00Z");

    private final DisinfectionWatch watch = new DisinfectionWatch(60, Duration.ofMinutes(60), Optional.empty());

    private void minutes(int from, int to, double celsius) {
        for (int minute = from; minute <= to; minute += 10)
            watch.observe(START.plus(Duration.ofMinutes(minute)), celsius);
    }

    @Test
    void itCountsOnceTheColdestWasHotForLongEnough() {
        minutes(0, 50, 60.2);
        assertEquals(Optional.empty(), watch.last());
        assertEquals(Duration.ofMinutes(50), watch.held(START.plus(Duration.ofMinutes(50))));
        minutes(60, 60, 60);
        assertEquals(Optional.of(START.plus(Duration.ofMinutes(60))), watch.last());
    }

    @Test
    void aDipOrASilenceBeginsItAnew() {
        minutes(0, 50, 61);
        minutes(60, 60, 59.9);
        minutes(70, 120, 61);
        assertEquals(Optional.empty(), watch.last());
        minutes(200, 250, 61); // after 80 silent minutes
        assertEquals(Optional.empty(), watch.last());
        minutes(260, 260, 61);
        assertEquals(Optional.of(START.plus(Duration.ofMinutes(260))), watch.last());
    }

    @Test
    void readingsOfThePastAndOfNoNumberDoNotCount() {
        minutes(0, 50, 61);
        watch.observe(START.minusSeconds(60), 10);
        watch.observe(START.plus(Duration.ofMinutes(60)), Double.NaN);
        minutes(70, 70, 61);
        assertEquals(Optional.empty(), watch.last());
        assertThrows(
                IllegalArgumentException.class, () -> new DisinfectionWatch(20, Duration.ofHours(1), Optional.empty()));
    }
}
