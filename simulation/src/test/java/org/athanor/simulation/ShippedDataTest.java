package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.SunPosition;
import org.junit.jupiter.api.Test;

/** Figures read off the files themselves. */
class ShippedDataTest {
    @Test
    void chicagoIsColdestOnTheMorningOfTheSeventhOfJanuary() {
        var weather = ShippedData.chicago();
        double coldest = 99;
        int at = -1;
        for (int hour = 1; hour <= 8760; hour++) {
            double outdoor = weather.at(Duration.ofHours(hour)).outdoorCelsius();
            if (outdoor < coldest) {
                coldest = outdoor;
                at = hour;
            }
        }
        assertEquals(-22.8, coldest, 1e-9);
        assertEquals(6 * 24 + 7, at);
    }

    @Test
    void chicagoBeginsAndEndsAsItsFileDoes() {
        var weather = ShippedData.chicago();
        assertEquals(-12.2, weather.at(Duration.ofHours(1)).outdoorCelsius(), 1e-9);
        assertEquals(2.6, weather.at(Duration.ofHours(1)).windMetresPerSecond(), 1e-9);
        assertEquals(-6.1, weather.at(Duration.ofDays(365)).outdoorCelsius(), 1e-9);
        assertEquals(41.98, weather.location().latitude());
        assertEquals(-87.92, weather.location().longitude());
        assertEquals(-6, weather.location().utcOffsetHours());
    }

    @Test
    void denverIsReadFromItsOwnFormat() {
        var weather = ShippedData.denver();
        assertEquals(0, weather.at(Duration.ofHours(1)).outdoorCelsius(), 1e-9);
        assertEquals(2.8, weather.at(Duration.ofHours(1)).windMetresPerSecond(), 1e-9);
        assertEquals(-0.7, weather.at(Duration.ofDays(365)).outdoorCelsius(), 1e-9);
        assertEquals(39.76, weather.location().latitude());
    }

    /** 2528 Wh/m2 fell on the horizontal on the coldest day; interpolation must neither add to it nor move it into the night. */
    @Test
    void theSunOfADayIsTheFilesSum() {
        double sum = 0;
        for (int minute = 0; minute < 1440; minute++)
            sum += ShippedData.chicago()
                            .at(Duration.ofDays(6).plusMinutes(minute))
                            .globalHorizontal()
                    / 60;
        assertEquals(2528, sum, 30);
        assertEquals(
                0, ShippedData.chicago().at(Duration.ofDays(6).plusHours(2)).globalHorizontal());
    }

    /** If series and sun disagreed by half an hour, the beam on the horizontal would not add up to global less diffuse. */
    @Test
    void theSunStandsWhereTheBeamComesFrom() {
        double beam = 0;
        double measured = 0;
        for (int minute = 0; minute < 31 * 1440; minute++) {
            var time = Duration.ofMinutes(minute);
            var weather = ShippedData.chicago().at(time);
            double sine = Math.sin(
                    SunPosition.at(ShippedData.chicago().location(), time).elevation());
            beam += weather.directNormal() * Math.max(0, sine);
            measured += weather.globalHorizontal() - weather.diffuseHorizontal();
        }
        assertEquals(1, beam / measured, 0.05);
    }

    @Test
    void pricesAreThoseOfTheFileAndFillTheYear() {
        var prices = ShippedData.belgium2019();
        assertEquals(0.26949, prices.at(Duration.ZERO).value(), 1e-9);
        assertEquals(0.26658, prices.at(Duration.ofHours(1)).value(), 1e-9);
        assertEquals(0.23736, prices.at(Duration.ofHours(8759)).value(), 1e-9);
        assertEquals("EUR", prices.at(Duration.ZERO).currency().getCurrencyCode());
        for (int hour = 0; hour < 8760; hour++) {
            double price = prices.at(Duration.ofHours(hour)).value();
            assertTrue(price > -0.4 && price < 0.7, hour + " h: " + price);
        }
        assertEquals(
                0.0498, ShippedData.belgium2019Gas().at(Duration.ofDays(200)).value(), 1e-9);
    }

    @Test
    void everySeriesIsReadOnce() {
        PriceSeries first = ShippedData.belgium2019();
        assertSame(first, ShippedData.belgium2019());
        assertSame(ShippedData.chicago(), ShippedData.chicago());
    }

    @Test
    void theNoticesAreBesideTheData() {
        assertNotNull(ShippedData.class.getResource("NOTICE.md"));
    }
}
