package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AirExchangeTest {
    private final HomeSpec.AirExchange flat = HomeSpec.wellInsulatedFlat().airExchange();

    @Property
    void growsWithWindAndWithTheDifference(
            @ForAll @DoubleRange(max = 50) double difference,
            @ForAll @DoubleRange(max = 20) double wind,
            @ForAll @DoubleRange(min = 0.01, max = 10) double more) {
        double base = flat.wattsPerKelvin(difference, wind);
        assertTrue(flat.wattsPerKelvin(difference, wind + more) > base);
        assertTrue(flat.wattsPerKelvin(difference + more, wind) > base);
        assertEquals(base, flat.wattsPerKelvin(-difference, wind));
    }

    @Test
    void followsShermanAndGrimsrud() {
        // 100 cm2, 20 K, 5 m/s: 100 sqrt(0.000145 20 + 0.000104 25) = 7.416 l/s
        var leaky = new HomeSpec.AirExchange(100, 0.000145, 0.000104, 0, 0);
        assertEquals(7.416e-3 * 1.2 * 1006, leaky.wattsPerKelvin(20, 5), 1e-3);
    }

    @Test
    void heatRecoveryKeepsItsShare() {
        var open = new HomeSpec.AirExchange(0, 0, 0, 36, 0);
        var recovering = new HomeSpec.AirExchange(0, 0, 0, 36, 0.75);
        assertEquals(12.072, open.wattsPerKelvin(20, 0), 1e-9);
        assertEquals(3.018, recovering.wattsPerKelvin(20, 0), 1e-9);
    }

    @Test
    void aGaleCoolsAHome() {
        var spec = Homes.withoutGains(HomeSpec.wellInsulatedFlat());
        double calm = Homes.settledDemandWatts(spec, Homes.dark(0, 0.5), 20);
        double gale = Homes.settledDemandWatts(spec, Homes.dark(0, 12), 20);
        assertTrue(gale > 1.1 * calm, calm + " W, " + gale + " W");
    }
}
