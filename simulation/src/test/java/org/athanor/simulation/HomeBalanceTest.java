package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

class HomeBalanceTest {
    @Property(tries = 40)
    void closesOverARandomWeek(
            @ForAll boolean chicago,
            @ForAll long seed,
            @ForAll @IntRange(max = 400) int day,
            @ForAll @Size(min = 1, max = 24) List<@DoubleRange(min = -100, max = 5000) Double> heats) {
        var climate = chicago ? Climate.of(ShippedData.chicago()) : Homes.random(seed);
        var home = new Home(HomeSpec.wellInsulatedFlat(), climate, Duration.ofDays(day), new Celsius(18), seed);
        for (int hour = 0; hour < 7 * 24; hour++)
            home.advance(Duration.ofHours(1), new Watts(heats.get(hour % heats.size())));
        assertTrue(
                home.balance().relativeError() < 1e-9, () -> home.balance().relativeError() + " of " + home.balance());
    }

    @Test
    void closesWhateverTheStepsAre() {
        var home = new Home(HomeSpec.wellInsulatedFlat(), Homes.random(1), Duration.ofHours(9), new Celsius(18), 1);
        for (int i = 1; i < 2000; i++) home.advance(Duration.ofMillis(37L * i), new Watts(i % 900));
        assertTrue(home.balance().relativeError() < 1e-9);
    }

    @Test
    void aLeakInTheBooksShows() {
        var home = new Home(HomeSpec.wellInsulatedFlat(), Homes.dark(0, 3), Duration.ZERO, new Celsius(20), 1);
        home.advance(Duration.ofDays(1), new Watts(600));
        var honest = home.balance();
        var cooked = new EnergyBalance(
                honest.heater(),
                honest.solar(),
                honest.gains(),
                honest.transmission().times(0.99),
                honest.airExchange(),
                honest.storedChange());
        assertTrue(cooked.relativeError() > 1e-3);
    }

    @Test
    void sunAndPeopleAreCounted() {
        var spec = HomeSpec.wellInsulatedFlat();
        var home = new Home(spec, Homes.random(3), Duration.ofDays(20), new Celsius(20), 3);
        home.advance(Duration.ofDays(1), Watts.ZERO);
        double gains = 0;
        for (int hour = 0; hour < 24; hour++) gains += spec.gains().watts(hour) * 3600;
        assertEquals(gains, home.balance().gains().value(), 1e-3);
        assertTrue(home.balance().solar().kilowattHours() > 1);
        assertEquals(0, home.balance().heater().value());
    }
}
