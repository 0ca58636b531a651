package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class ReferenceRunTest {
    private static ReferenceRun flat(Climate climate, double initial) {
        return new ReferenceRun(
                new Home(HomeSpec.wellInsulatedFlat(), climate, Duration.ofDays(5), new Celsius(initial), 0));
    }

    @Test
    void atSteadyStateItsHeatIsWhatTheHomeLoses() {
        var spec = Homes.withoutGains(HomeSpec.wellInsulatedFlat());
        var run = new ReferenceRun(new Home(spec, Homes.dark(-10, 4), Duration.ZERO, new Celsius(20), 0));
        run.advance(Duration.ofDays(90), new Celsius(20));
        var before = run.balance();
        double heat = run.advance(Duration.ofDays(1), new Celsius(20)).value();
        var after = run.balance();
        double lost = after.transmission().value()
                + after.airExchange().value()
                - before.transmission().value()
                - before.airExchange().value();
        assertEquals(lost, heat, 1e-6 * heat);
        assertEquals(20, run.airCelsius(), 1e-8);
    }

    @Property(tries = 30)
    void holdsTheSetpointAndClosesItsBooks(@ForAll long seed, @ForAll @DoubleRange(min = 5, max = 26) double setpoint) {
        var run = flat(Homes.random(seed), 15);
        for (int minute = 0; minute < 600; minute++) {
            var heat = run.advance(Duration.ofMinutes(1), new Celsius(setpoint));
            assertTrue(heat.value() >= 0);
            assertTrue(run.airCelsius() > setpoint - 1e-8, run.airCelsius() + " °C");
        }
        assertTrue(run.balance().relativeError() < 1e-9);
    }

    @Test
    void neverHeatsARoomThatIsWarmEnoughNorCoolsIt() {
        var run = flat(Homes.dark(15, 2), 25);
        assertEquals(Joules.ZERO, run.advance(Duration.ofHours(1), new Celsius(18)));
        assertTrue(run.airCelsius() > 20);
    }

    @Test
    void aHigherSetpointTakesMoreHeat() {
        var low = flat(Homes.random(2), 18).advance(Duration.ofDays(3), new Celsius(19));
        var high = flat(Homes.random(2), 18).advance(Duration.ofDays(3), new Celsius(21));
        assertTrue(high.value() > low.value());
    }

    @Test
    void startsFromTheHomeAsItStands() {
        var home = new Home(HomeSpec.wellInsulatedFlat(), Homes.dark(0, 3), Duration.ZERO, new Celsius(17), 0);
        home.advance(Duration.ofDays(2), new Watts(800));
        var run = new ReferenceRun(home);
        assertEquals(home.airCelsius(), run.airCelsius());
        run.advance(Duration.ofHours(5), new Celsius(5));
        home.advance(Duration.ofHours(5), Watts.ZERO);
        assertEquals(home.airCelsius(), run.airCelsius(), 1e-12);
    }
}
