package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class AirCapacityTest {
    /** Two runs of one home, the second with extra heat in bursts of any size, kind and pace. */
    @Property(tries = 60)
    void extraHeatNeverLiftsTheAirByMoreThanTheBoundAllows(
            @ForAll long seed,
            @ForAll @IntRange(max = 364) int day,
            @ForAll @DoubleRange(max = 1500) double heat,
            @ForAll @DoubleRange(max = 1) double convectiveShare,
            @ForAll @Size(min = 1, max = 12) List<@DoubleRange(max = 50_000) Double> bursts) {
        var spec = HomeSpec.wellInsulatedFlat();
        var plain = new Home(spec, Homes.random(seed), Duration.ofDays(day), new Celsius(19), 0);
        var heated = new Home(spec, Homes.random(seed), Duration.ofDays(day), new Celsius(19), 0);
        plain.advance(Duration.ofHours(3), new Watts(heat));
        heated.advance(Duration.ofHours(3), new Watts(heat));
        double dumped = 0;
        for (int minute = 0; minute < 240; minute++) {
            double burst = minute < bursts.size() ? bursts.get(minute) : 0;
            plain.advance(Duration.ofMinutes(1), heat, 0);
            heated.advance(Duration.ofMinutes(1), heat + burst * convectiveShare, burst * (1 - convectiveShare));
            dumped += burst * 60;
            double lifted = heated.airCelsius() - plain.airCelsius();
            assertTrue(lifted >= -1e-9 && lifted <= dumped / spec.airCapacityLowerBound() + 1e-9, lifted + " K");
        }
    }

    /** A bound that nothing comes near would be of no use to a controller. */
    @Test
    void aSuddenBurstOfWarmAirComesNearTheBound() {
        var spec = HomeSpec.wellInsulatedFlat();
        var plain = new Home(spec, Homes.dark(0, 3), Duration.ZERO, new Celsius(19), 0);
        var heated = new Home(spec, Homes.dark(0, 3), Duration.ZERO, new Celsius(19), 0);
        plain.advance(Duration.ofSeconds(10), Watts.ZERO);
        heated.advance(Duration.ofSeconds(10), 40_000, 0);
        assertTrue(heated.airCelsius() - plain.airCelsius() > 0.95 * 400_000 / spec.airCapacityLowerBound());
    }
}
