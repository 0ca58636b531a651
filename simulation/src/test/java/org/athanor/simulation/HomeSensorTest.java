package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

class HomeSensorTest {
    private static Home flat(long seed) {
        return new Home(HomeSpec.wellInsulatedFlat(), Homes.random(5), Duration.ofDays(6), new Celsius(20), seed);
    }

    private static List<Celsius> readings(Home home) {
        var readings = new ArrayList<Celsius>();
        for (int minute = 0; minute < 24 * 60; minute++) {
            home.advance(Duration.ofMinutes(1), new Watts(minute % 120 < 60 ? 1500 : 0));
            readings.add(home.sensor());
        }
        return readings;
    }

    @Test
    void showsTenthsNearTheTruth() {
        var home = flat(1);
        for (int minute = 0; minute < 600; minute++) {
            home.advance(Duration.ofMinutes(1), new Watts(700));
            double shown = home.sensor().value();
            assertEquals(Math.rint(shown * 10), shown * 10, 1e-9);
            assertEquals(home.airCelsius(), shown, 0.5);
        }
    }

    @Test
    void lagsBehindTheAir() {
        var home = new Home(HomeSpec.wellInsulatedFlat(), Homes.dark(18, 1), Duration.ZERO, new Celsius(18), 1);
        home.advance(Duration.ofMinutes(2), new Watts(6000));
        double rise = home.airCelsius() - 18;
        assertTrue(rise > 1, rise + " K");
        assertTrue(home.sensor().value() - 18 < 0.6 * rise);
        assertTrue(home.sensor().value() - 18 > 0.1 * rise);
        home.advance(Duration.ofHours(3), Watts.ZERO);
        assertEquals(home.airCelsius(), home.sensor().value(), 0.15);
    }

    @Test
    void theSameSeedIsTheSameHomeBitForBit() {
        var one = flat(7);
        var other = flat(7);
        assertEquals(readings(one), readings(other));
        assertArrayEquals(one.nodesCelsius(), other.nodesCelsius());
        assertEquals(one.balance(), other.balance());
    }

    @Test
    void anotherSeedIsAnotherNoiseButTheSameRoom() {
        var one = flat(7);
        var other = flat(8);
        assertNotEquals(readings(one), readings(other));
        assertArrayEquals(one.nodesCelsius(), other.nodesCelsius());
    }

    @Test
    void lookingOftenChangesNothing() {
        var one = flat(7);
        one.advance(Duration.ofMinutes(1), new Watts(100));
        var first = one.sensor();
        for (int i = 0; i < 10; i++) assertEquals(first, one.sensor());
    }
}
