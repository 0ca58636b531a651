package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MovingRateTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void isZeroBeforeTimeHasPassed() {
        assertEquals(0, new MovingRate(5, 100).at(5, 200));
    }

    @Test
    void aSteadyCounterHasItsRateFromTheFirstSecondOn() {
        var rate = new MovingRate(7 * SECOND, 1000);
        for (var second = 1; second <= 100; second++)
            assertEquals(250, rate.at((7 + second) * SECOND, 1000 + 250L * second), 1e-9);
    }

    @Test
    void howOftenItIsAskedMakesNoDifference() {
        var often = new MovingRate(0, 0);
        var once = new MovingRate(0, 0);
        for (var i = 1; i < 1000; i++) often.at(i * SECOND / 100, 40L * i);
        assertEquals(once.at(10 * SECOND, 40_000), often.at(10 * SECOND, 40_000), 1e-6);
    }

    @Test
    void aChangeShowsWithinSomeTenSeconds() {
        var rate = new MovingRate(0, 0);
        rate.at(100 * SECOND, 100_000);
        assertEquals(1000 * Math.exp(-1), rate.at(110 * SECOND, 100_000), 1);
    }

    @Test
    void startsAnew() {
        var rate = new MovingRate(0, 0);
        rate.at(10 * SECOND, 1_000_000);
        rate.restart(20 * SECOND, 1_000_000);
        assertEquals(3, rate.at(21 * SECOND, 1_000_003), 1e-9);
    }
}
