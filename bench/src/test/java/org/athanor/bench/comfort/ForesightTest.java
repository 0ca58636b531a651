package org.athanor.bench.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.ShippedData;
import org.junit.jupiter.api.Test;

/** So that the measurement still measures when it is wanted. */
class ForesightTest {
    private static final Winter TWO_DAYS = new Winter(
            "flat",
            HomeSpec.wellInsulatedFlat(),
            ShippedData.chicago(),
            ShippedData.belgium2019(),
            Duration.ofDays(14),
            Duration.ofDays(1),
            Duration.ofDays(2),
            2000);

    private static final Rule THERMOSTAT = new Rule.Tpi(20.2, 0.5, 0.02);

    private static Home aDayLater() {
        var home = TWO_DAYS.home();
        Outcome.live(TWO_DAYS, home, THERMOSTAT, -TWO_DAYS.warmUpSteps(), 0);
        return home;
    }

    @Test
    void foresightIsNeverDearerThanAThermostatWithTheSameComfort() {
        var thermostat = Outcome.of(TWO_DAYS, aDayLater(), THERMOSTAT);
        var best = new Foresight(TWO_DAYS, aDayLater())
                .best(thermostat, thermostat.kelvinHours() + 0.5)
                .getFirst();
        var what = thermostat.cost() + " " + thermostat.kelvinHours() + ", " + best.cost() + " " + best.kelvinHours();
        assertTrue(best.costLike(thermostat, 0.25) < thermostat.cost(), what);
        assertTrue(best.kelvinHours() < thermostat.kelvinHours() + 1, what);
        assertEquals(thermostat.storedKwh(), best.storedKwh(), 0.3, what);
    }

    @Test
    void foresightWithMoreDiscomfortAllowedCostsLess() {
        var thermostat = Outcome.of(TWO_DAYS, aDayLater(), THERMOSTAT);
        var outcomes = new Foresight(TWO_DAYS, aDayLater()).best(thermostat, 0.5, 2, 6);
        for (int i = 1; i < outcomes.size(); i++)
            assertTrue(outcomes.get(i).costLike(thermostat, 0.25)
                    < outcomes.get(i - 1).costLike(thermostat, 0.25));
    }

    @Test
    void aFrontierMixesWhatItHasSeen() {
        var frontier = new Frontier();
        var outcome = Outcome.of(TWO_DAYS, aDayLater(), THERMOSTAT);
        frontier.add(outcome, 10);
        var dearer = Outcome.of(TWO_DAYS, aDayLater(), new Rule.Tpi(19, 0.5, 0.02));
        frontier.add(dearer, 8);
        double middle = (outcome.kelvinHours() + dearer.kelvinHours()) / 2;
        assertEquals(9, frontier.costAt(middle).orElseThrow(), 1e-9);
        assertTrue(frontier.costAt(outcome.kelvinHours() - 0.01).isEmpty());
    }
}
