package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.World;
import org.junit.jupiter.api.Test;

class DemoOutlookTest {
    private final DemoData data = DemoData.load(null, null);
    private final DemoOutlook outlook = new DemoOutlook(data, MiningScenario.JULY_2025, 1);
    /** Midnight at the home. */
    private static final Instant MIDNIGHT = DemoData.START;

    @Test
    void tomorrowsPricesAreKnownFromOneOClockOn() {
        var morning =
                outlook.at(MIDNIGHT.plus(Duration.ofMinutes(779))).prices().orElseThrow();
        assertEquals(MIDNIGHT, morning.start());
        assertEquals(MIDNIGHT.plus(Duration.ofDays(1)), morning.end());
        var afternoon = outlook.at(MIDNIGHT.plus(Duration.ofHours(13))).prices().orElseThrow();
        assertEquals(MIDNIGHT.plus(Duration.ofDays(2)), afternoon.end());
        var night = MIDNIGHT.plus(Duration.ofHours(30));
        assertEquals(
                data.electricity()
                        .at(World.sinceYearStart(night, data.weather().location()))
                        .value(),
                afternoon.perKwh(night));
    }

    @Test
    void aForecastIsIssuedEachHourAndErrsByAKelvinOrTwo() {
        double squares = 0;
        int compared = 0;
        for (int hour = 0; hour < 24 * 20; hour += 24) {
            var now = MIDNIGHT.plus(Duration.ofHours(hour)).plus(Duration.ofMinutes(20));
            var forecast = outlook.at(now).forecast().orElseThrow();
            assertEquals(now.truncatedTo(ChronoUnit.HOURS), forecast.issued());
            assertSame(
                    forecast,
                    outlook.at(now.plus(Duration.ofMinutes(30))).forecast().orElseThrow());
            assertTrue(forecast.covers(now, now.plus(Duration.ofHours(36))));
            var middle = forecast.start().plus(Duration.ofMinutes(60 * 23 + 30));
            double truth = data.weather()
                    .at(World.sinceYearStart(middle, data.weather().location()))
                    .outdoorCelsius();
            squares += Math.pow(forecast.outdoorCelsius(23) - truth, 2);
            compared++;
        }
        assertEquals(1.6, Math.sqrt(squares / compared), 0.8);
    }

    @Test
    void theSeedMakesTheErrors() {
        var same = new DemoOutlook(data, MiningScenario.JULY_2025, 1);
        var other = new DemoOutlook(data, MiningScenario.JULY_2025, 2);
        double told = outlook.at(MIDNIGHT).forecast().orElseThrow().outdoorCelsius(20);
        assertEquals(told, same.at(MIDNIGHT).forecast().orElseThrow().outdoorCelsius(20));
        assertNotEquals(told, other.at(MIDNIGHT).forecast().orElseThrow().outdoorCelsius(20));
    }

    /** 40 TH/s at the scenario's hashprice, less the pool's fee. */
    @Test
    void aLevelEarnsWhatItsHashRateIsWorth() {
        var scenario = MiningScenario.JULY_2025;
        var levels = DemoOutlook.minerPerHour(scenario);
        assertEquals(4, levels.size());
        assertEquals(0, levels.getFirst());
        assertEquals(scenario.hashprice() * 40 / 24 * 0.98, levels.getLast(), 1e-6);
    }
}
