package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class HomeStepResponseTest {
    private final HomeSpec spec = Homes.withoutGains(HomeSpec.wellInsulatedFlat());

    private Home settledAtZero() {
        return new Home(spec, Homes.dark(0, 4), Duration.ZERO, new Celsius(0), 0);
    }

    @Test
    void heatingRaisesTheAirSteadilyAndNothingOvershoots() {
        var home = settledAtZero();
        double last = 0;
        for (int hour = 0; hour < 24 * 20; hour++) {
            home.advance(Duration.ofHours(1), new Watts(600));
            assertTrue(home.airCelsius() > last, "hour " + hour);
            last = home.airCelsius();
        }
        assertTrue(last > 15 && last < 22, last + " °C");
    }

    @Test
    void theAirMovesWithinHoursAndTheMassesWithinDays() {
        var home = settledAtZero();
        home.advance(Duration.ofMinutes(10), new Watts(600));
        double early = home.airCelsius();
        home.advance(Duration.ofMinutes(110), new Watts(600));
        double fast = home.airCelsius();
        home.advance(Duration.ofHours(22), new Watts(600));
        double day = home.airCelsius();
        home.advance(Duration.ofDays(40), new Watts(600));
        double end = home.airCelsius();
        // one time constant alone would have put the share reached after two hours at 12 times that after ten minutes
        // or near it
        assertTrue(fast < 4 * early, early + " K after 10 min, " + fast + " K after 2 h");
        // and yet most of the way is still ahead
        assertTrue(fast < end / 4 && day < 0.7 * end, fast + " K, " + day + " K after a day, " + end + " K at last");
    }

    @Test
    void radiantHeatReachesTheAirLaterThanConvectiveHeat() {
        var convective = settledAtZero();
        var radiant = settledAtZero();
        convective.advance(Duration.ofMinutes(20), 800, 0);
        radiant.advance(Duration.ofMinutes(20), 0, 800);
        assertTrue(convective.airCelsius() > 1.5 * radiant.airCelsius());
        assertTrue(radiant.airCelsius() > 0);
        assertEquals(
                convective.balance().heater().value(),
                radiant.balance().heater().value(),
                1e-6);
    }

    @Test
    void substepsOfOneSecondTellTheSameStory() {
        var coarse = settledAtZero();
        var fine = settledAtZero();
        coarse.advance(Duration.ofHours(3), new Watts(900));
        for (int i = 0; i < 3 * 3600; i++) fine.advance(Duration.ofSeconds(1), new Watts(900));
        assertEquals(fine.airCelsius(), coarse.airCelsius(), 1e-6);
    }
}
