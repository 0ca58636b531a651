package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.athanor.hash.Target;
import org.junit.jupiter.api.Test;

/** Rates in hashes per second; a block is to take 1.25 s. */
class DemoDifficultyTest {
    private static final double FIRST = 8e6;
    private static final double MINER = 200_000;

    private final DemoDifficulty difficulty = new DemoDifficulty(FIRST, 2, MINER);

    private static double hashes(Target target) {
        return Target.MAX.value().doubleValue() / target.value().doubleValue();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    @Test
    void beginsWithWhatWasMeasuredAtFirst() {
        assertEquals((2 * FIRST + MINER) * 1.25, hashes(difficulty.target()), 10);
    }

    @Test
    void followsAFasterKernel() {
        assertEquals(Optional.empty(), difficulty.look(16_000_000, seconds(2)));
        var harder = difficulty.look(16_000_000 + 75_000_000, seconds(2 + 3)).orElseThrow();
        assertEquals((2 * 25e6 + MINER) * 1.25, hashes(harder), 10);
        assertEquals(harder, difficulty.target());
        assertEquals(Optional.empty(), difficulty.look(91_000_000 + 52_000_000, seconds(5 + 2)));
    }

    @Test
    void followsASlowerComputer() {
        var easier = difficulty.look(8_000_000, seconds(2)).orElseThrow();
        assertEquals((2 * 4e6 + MINER) * 1.25, hashes(easier), 10);
    }

    @Test
    void smallChangesAndShortTimesAreNone() {
        assertEquals(Optional.empty(), difficulty.look(30_000_000, seconds(1)));
        assertEquals(Optional.empty(), difficulty.look(2 * 10_000_000, seconds(2)));
        assertEquals(Optional.empty(), difficulty.look(20_000_000 + 2 * 6_500_000, seconds(4)));
    }

    @Test
    void threadsThatRestAreNoSlowerThreads() {
        for (int i = 0; i < 100; i++) assertEquals(Optional.empty(), difficulty.look(16_000_000, seconds(1.9)));
        assertTrue(difficulty.look(16_000_000, seconds(2)).isEmpty());
    }
}
