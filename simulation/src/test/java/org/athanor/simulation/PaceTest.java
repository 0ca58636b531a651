package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private static Home home(Pace pace) {
        return new Home(
                HomeSpec.wellInsulatedFlat(),
                Climate.of(ShippedData.chicago()),
                Duration.ofDays(40),
                new Celsius(20),
                1,
                pace);
    }

    /** A heater that goes on and off each few quarters of an hour, through sun, wind and frost. */
    @Test
    void theCoarsePaceStaysCloseToTheFineOne() {
        var fine = home(Pace.FINE);
        var coarse = home(Pace.COARSE);
        double squares = 0;
        double most = 0;
        int steps = 14 * 96;
        for (int i = 0; i < steps; i++) {
            var heat = new Watts(i % 7 < 3 ? 1200 : 0);
            fine.advance(QUARTER, heat);
            coarse.advance(QUARTER, heat);
            double difference = Math.abs(fine.airCelsius() - coarse.airCelsius());
            most = Math.max(most, difference);
            squares += difference * difference;
        }
        assertTrue(most < 0.1, "at most " + most + " K apart");
        assertTrue(Math.sqrt(squares / steps) < 0.03, "RMS " + Math.sqrt(squares / steps));
        double lost = fine.balance().transmission().value();
        assertEquals(lost, coarse.balance().transmission().value(), 2e-3 * lost);
    }

    @Test
    void aCopyLivesOnAsTheOriginalWouldHave() {
        var home = home(Pace.COARSE);
        home.advance(Duration.ofHours(20), new Watts(600));
        var copy = home.copy();
        copy.advance(Duration.ofHours(5), new Watts(2000));
        var again = home.copy();
        home.advance(Duration.ofHours(7), new Watts(300));
        again.advance(Duration.ofHours(7), new Watts(300));
        assertEquals(home.airCelsius(), again.airCelsius());
        assertEquals(home.sensor(), again.sensor());
        assertEquals(home.balance(), again.balance());
        assertTrue(copy.airCelsius() > home.airCelsius());
    }

    @Property(tries = 20)
    void itsBalanceClosesInAnyWeather(@ForAll long seed) {
        var home = new Home(
                HomeSpec.wellInsulatedFlat(), Homes.random(seed), Duration.ZERO, new Celsius(20), seed, Pace.COARSE);
        for (int i = 0; i < 200; i++) home.advance(QUARTER, new Watts(i % 5 == 0 ? 2000 : 0));
        assertTrue(
                home.balance().relativeError() < 1e-9, "error " + home.balance().relativeError());
    }

    @Test
    void theReferenceRunAgreesToo() {
        var setpoint = new Celsius(21);
        var fine = new ReferenceRun(home(Pace.FINE));
        var coarse = new ReferenceRun(home(Pace.COARSE));
        double fineJoules = 0;
        double coarseJoules = 0;
        for (int i = 0; i < 7 * 96; i++) {
            fineJoules += fine.advance(QUARTER, setpoint).value();
            coarseJoules += coarse.advance(QUARTER, setpoint).value();
        }
        assertEquals(fineJoules, coarseJoules, 3e-3 * fineJoules);
        assertTrue(coarse.balance().relativeError() < 1e-9);
    }
}
