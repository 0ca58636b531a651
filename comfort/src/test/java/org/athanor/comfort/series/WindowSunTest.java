package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowSunTest {
    private static final Location CHICAGO = new Location("Chicago", 41.98, -87.92, -6);
    private static final WeatherSample CLEAR = new WeatherSample(-10, 3, 450, 880, 50);
    private static final Duration JANUARY_NOON = Duration.ofDays(14).plusHours(12);

    private static double on(Plane plane) {
        return plane.irradiance(SunPosition.at(CHICAGO, JANUARY_NOON), CLEAR).total();
    }

    @Test
    void isTheMeanOverThePlanesByArea() {
        var windows =
                new WindowSun(List.of(new WindowSun.Facing(Plane.SOUTH, 3.6), new WindowSun.Facing(Plane.WEST, 1.8)));
        assertEquals(
                (2 * on(Plane.SOUTH) + on(Plane.WEST)) / 3,
                windows.wattsPerSquareMetre(CHICAGO, CLEAR, JANUARY_NOON),
                1e-9);
        assertEquals(on(Plane.SOUTH), WindowSun.SOUTH.wattsPerSquareMetre(CHICAGO, CLEAR, JANUARY_NOON), 1e-9);
    }

    @Test
    void aHomeWithoutWindowsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new WindowSun(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new WindowSun.Facing(Plane.SOUTH, 0));
    }
}
