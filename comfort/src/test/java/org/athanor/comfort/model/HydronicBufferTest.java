package org.athanor.comfort.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.athanor.comfort.model.HydronicBuffer.Emitters;
import org.athanor.comfort.model.HydronicBuffer.Source;
import org.athanor.comfort.model.HydronicBuffer.State;
import org.junit.jupiter.api.Test;

class HydronicBufferTest {
    private static final HydronicBuffer BUFFER = new HydronicBuffer(100, 1.2, 2);
    private static final Emitters FLOOR = new Emitters(400, 600, 38);
    private static final Duration QUARTER = Duration.ofMinutes(15);

    @Property(tries = 500)
    void whatGoesInComesOutOrStays(
            @ForAll @DoubleRange(min = 20, max = 300) double litres,
            @ForAll @DoubleRange(min = 0, max = 6000) double watts,
            @ForAll @DoubleRange(min = 25, max = 70) double flow,
            @ForAll @DoubleRange(min = 0, max = 1500) double pump,
            @ForAll @DoubleRange(min = 0, max = 8000) double wanted,
            @ForAll @DoubleRange(min = 20, max = 60) double lower,
            @ForAll @DoubleRange(min = 0, max = 20) double above) {
        var buffer = new HydronicBuffer(litres, 1.5, 3);
        var before = new State(lower + above, lower);
        var after = buffer.step(before, Duration.ofHours(1), new Source(watts, flow, pump), FLOOR, wanted, 20, 15);
        double stored = buffer.capacity() * (after.state().mean() - before.mean());
        assertEquals(after.accepted() - after.delivered() - after.lost(), stored, 1e-3);
        assertTrue(after.accepted() <= watts * 3600 + 1e-6);
        assertTrue(after.delivered() <= wanted * 3600 * (1 + 1e-9) + 1e-6);
        assertTrue(after.delivered() <= FLOOR.mostWatts(20) * 3600 + 1e-6);
        assertTrue(!(after.hottestFlowCelsius() > 38), "flow of " + after.hottestFlowCelsius());
        double hottest = Math.max(before.upper(), flow);
        assertTrue(after.state().upper() <= hottest + 1e-9
                && after.state().upper() >= after.state().lower() - 1e-9);
        assertTrue(after.state().lower() >= 15 - 1e-9);
    }

    @Test
    void hotWaterIsMixedDownToWhatAFloorBears() {
        var after = BUFFER.step(new State(60, 50), QUARTER, Source.OFF, FLOOR, 10_000, 20, 18);
        assertEquals(38, after.hottestFlowCelsius(), 1e-9);
        assertEquals(FLOOR.mostWatts(20) * 900, after.delivered(), 1);
    }

    @Test
    void theFlowIsOnlyAsWarmAsTheHeatThatIsWanted() {
        double flow = FLOOR.flowCelsiusFor(2000, 20);
        var after = BUFFER.step(new State(45, 35), QUARTER, Source.OFF, FLOOR, 2000, 20, 18);
        assertEquals(flow, after.hottestFlowCelsius(), 1e-9);
        assertEquals(2000 * 900, after.delivered(), 1e-3);
        assertTrue(flow > 25 && flow < 32, "flow of " + flow);
    }

    @Test
    void aColdBufferGivesLessThanIsWanted() {
        var after = BUFFER.step(new State(24, 22), QUARTER, Source.OFF, FLOOR, 3000, 20, 18);
        assertTrue(after.delivered() < 0.6 * 3000 * 900, "delivered " + after.delivered());
        assertTrue(after.state().upper() < 24);
    }

    @Test
    void aSourceNoHotterThanTheBufferGivesNothing() {
        var after = BUFFER.step(new State(45, 44), QUARTER, new Source(2000, 43, 500), FLOOR, 0, 20, 18);
        assertEquals(0, after.accepted());
    }

    @Test
    void theUpperHalfIsHotLongBeforeTheLowerOne() {
        var after = BUFFER.step(new State(25, 25), QUARTER, new Source(2000, 45, 500), FLOOR, 0, 20, 18);
        assertEquals(2000 * 900, after.accepted(), 1);
        assertTrue(
                after.state().upper() > after.state().lower() + 4, after.state().toString());
    }

    @Test
    void impossibleBuffersAndWishesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HydronicBuffer(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HydronicBuffer(100, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Emitters(0, 600, 38));
        assertThrows(IllegalArgumentException.class, () -> new Source(-1, 40, 500));
        assertThrows(
                IllegalArgumentException.class,
                () -> BUFFER.step(new State(40, 30), QUARTER, Source.OFF, FLOOR, -1, 20, 18));
    }
}
