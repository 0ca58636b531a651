package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SunPositionTest {
    private static Duration minute(int dayOfYear, int minute) {
        return Duration.ofDays(dayOfYear - 1).plusMinutes(minute);
    }

    /** Highest elevation of a day is 90° less latitude plus declination: 23.44° at the solstices, 0° at the equinoxes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            latitude | day of year | elevation | due
               41.98 |         172 |     71.46 | 180
               41.98 |         355 |     24.58 | 180
               41.98 |          80 |     48.02 | 180
               50.80 |         355 |     15.76 | 180
              -33.90 |         355 |     79.54 |   0
                0.00 |         172 |     66.56 |   0
            """)
    void culminatesWhereAstronomySays(double latitude, int day, double elevation, double due) {
        var place = new Location("somewhere", latitude, 15, 1);
        double highest = -90;
        double azimuth = 0;
        for (int minute = 0; minute < 1440; minute++) {
            var sun = SunPosition.at(place, minute(day, minute));
            if (Math.toDegrees(sun.elevation()) > highest) {
                highest = Math.toDegrees(sun.elevation());
                azimuth = Math.toDegrees(sun.azimuth());
            }
        }
        assertEquals(elevation, highest, 0.3);
        assertEquals(0, Math.IEEEremainder(azimuth - due, 360), 3);
    }

    /** Equation of time: 14.2 minutes late in mid February, 16.4 minutes early in early November. */
    @ParameterizedTest
    @CsvSource({"42, 734.2", "307, 703.6"})
    void noonWandersByTheEquationOfTime(int day, double expectedMinute) {
        var place = new Location("on its meridian", 45, 15, 1);
        double best = 0;
        double highest = -2;
        for (int tenth = 6000; tenth < 8400; tenth++) {
            double elevation = SunPosition.at(place, Duration.ofDays(day - 1).plusSeconds(tenth * 6L))
                    .elevation();
            if (elevation > highest) {
                highest = elevation;
                best = tenth / 10.0;
            }
        }
        assertEquals(expectedMinute, best, 0.7);
    }

    @ParameterizedTest
    @CsvSource({"-87.92, -6", "4.36, 1", "139.7, 9"})
    void risesInTheEastAndSetsInTheWest(double longitude, double offset) {
        var place = new Location("somewhere", 42, longitude, offset);
        var morning = SunPosition.at(place, minute(80, 8 * 60));
        var evening = SunPosition.at(place, minute(80, 16 * 60));
        assertTrue(morning.elevation() > 0 && morning.azimuth() > 0 && morning.azimuth() < Math.PI);
        assertTrue(evening.elevation() > 0 && evening.azimuth() < 0);
        assertTrue(SunPosition.at(place, minute(80, 0)).elevation() < 0);
    }
}
