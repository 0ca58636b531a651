package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.athanor.comfort.series.WindowSun.Facing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenMeteoTest {
    private static final Location BRUSSELS = new Location("Brussels", 50.85, 4.35, 1);
    private static final Instant FETCHED = Instant.parse("2026-01-15T06:10:00Z");
    private static final WindowSun WEST = new WindowSun(List.of(new Facing(Plane.WEST, 3)));
    private static final WindowSun ROOF = new WindowSun(List.of(new Facing(Plane.ROOF, 1)));

    private static Forecast read(String text, WindowSun windows) {
        return OpenMeteo.forecast("Open-Meteo", text, FETCHED, BRUSSELS, windows);
    }

    private static String complaint(String text) {
        return assertThrows(SeriesException.class, () -> read(text, WindowSun.SOUTH))
                .getMessage();
    }

    @Test
    void aStepLiesBetweenTwoStamps() {
        var forecast = read(Replies.OPEN_METEO, WindowSun.SOUTH);
        assertEquals(FETCHED, forecast.issued());
        assertEquals(Instant.parse("2026-01-15T00:00:00Z"), forecast.start());
        assertEquals(Duration.ofHours(1), forecast.step());
        assertEquals(167, forecast.steps());
        // 0.7 °C at 07:00, 1.9 °C at 08:00
        assertEquals(1.3, forecast.outdoorCelsius(7), 1e-9);
        assertTrue(forecast.knowsWind());
    }

    /**
     * The expected values are means over the hour that ends at the stamp, integrated in steps of ten seconds with another solar
     * position (Meeus' low precision) than ours.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            stamp | south  | west
            8     | 95.94  | 1.01
            9     | 469.24 | 23.17
            12    | 670.30 | 57.30
            15    | 551.79 | 427.05
            16    | 431.17 | 501.86
            17    | 0      | 0
            36    | 171.00 | 57.95
            109   | 709.40 | 159.34
            112   | 468.50 | 549.12
            """)
    void radiationIsThatOfTheHourBeforeItsStamp(int stamp, double south, double west) {
        assertEquals(south, read(Replies.OPEN_METEO, WindowSun.SOUTH).windowSun(stamp - 1), 2 + 0.005 * south);
        assertEquals(west, read(Replies.OPEN_METEO, WEST).windowSun(stamp - 1), 2 + 0.01 * west);
    }

    @Test
    void aHorizontalWindowSeesTheGlobalRadiation() {
        var forecast = read(Replies.OPEN_METEO, ROOF);
        // 258.9 W/m² from 11:00 to 12:00, 186.0 from 09:00 to 10:00
        assertEquals(258.9, forecast.windowSun(11), 2.6);
        assertEquals(186.0, forecast.windowSun(9), 1.9);
    }

    @Test
    void theOffsetOfTheHomeDoesNotMoveTheSun() {
        var elsewhere = new Location("Brussels", 50.85, 4.35, -7);
        var forecast = OpenMeteo.forecast("Open-Meteo", Replies.OPEN_METEO, FETCHED, elsewhere, WindowSun.SOUTH);
        assertEquals(read(Replies.OPEN_METEO, WindowSun.SOUTH).windowSun(11), forecast.windowSun(11), 1e-9);
    }

    @Test
    void nullsAtTheEndShortenIt() {
        var shorter = Replies.withAll(Replies.OPEN_METEO, "diffuse_radiation", 100, 168, "null");
        assertEquals(99, read(shorter, WindowSun.SOUTH).steps());
        var far = Replies.withAll(Replies.OPEN_METEO, "temperature_2m", 24, 168, "null");
        assertEquals("Open-Meteo, line 1, hourly: has values for 23 hours (at least 24)", complaint(far));
    }

    @Test
    void nullsInTheMiddleAreRefused() {
        var broken = Replies.with(Replies.OPEN_METEO, "temperature_2m", 17, "null");
        assertEquals(
                "Open-Meteo, line 1, hourly.temperature_2m: value 17 is null, though later ones are not",
                complaint(broken));
    }

    @Test
    void theRadiationOfTheHourBeforeIsNotLookedAt() {
        var first = Replies.with(Replies.OPEN_METEO, "shortwave_radiation", 0, "null");
        assertEquals(167, read(first, WindowSun.SOUTH).steps());
    }

    @Test
    void aModelWithoutWindLeavesItOut() {
        var still = Replies.withAll(Replies.OPEN_METEO, "wind_speed_10m", 0, 168, "null");
        var forecast = read(still, WindowSun.SOUTH);
        assertFalse(forecast.knowsWind());
        assertEquals(167, forecast.steps());
    }

    @Test
    void anErrorOfTheServiceIsTold() {
        assertEquals(
                "Open-Meteo, line 1, error: Daily API request limit exceeded. Please try again tomorrow.",
                complaint(
                        "{\"error\":true,\"reason\":\"Daily API request limit exceeded. Please try again tomorrow.\"}"));
        assertEquals(
                "Open-Meteo, line 1, the reply: is no JSON: \"Unexpected error while streaming data: timeoutReached\""
                        + " where a value was expected",
                complaint("Unexpected error while streaming data: timeoutReached"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
            from                            | to                             | complaint
            "wind_speed_10m":"m/s"          | "wind_speed_10m":"km/h"        | hourly_units.wind_speed_10m: "km/h" (m/s)
            "temperature_2m":"°C"           | "temperature_2m":"°F"          | hourly_units.temperature_2m: "°F" (°C)
            "time":"unixtime"               | "time":"iso8601"               | hourly_units.time: "iso8601" (unixtime)
            "diffuse_radiation":"W/m²"      | "diffuse":"W/m²"               | hourly_units.diffuse_radiation: is missing; there are time, temperature_2m, wind_speed_10m, direct_normal_irradiance, diffuse, shortwave_radiation
            "latitude":50.84                | "latitude":48.85               | latitude: 48.85 is not the home's, which is 50.85 (within 0.5)
            "longitude":4.3600006           | "longitude":-4.36              | longitude: -4.36 is not the home's, which is 4.35 (within 0.5)
            "time":[1768435200,1768438800   | "time":[1768435200,1768438801  | hourly.time: begins with 1768435200 and 1768438801 (apart by 60 min)
            1768442400,1768446000           | 1768442400,1768449600          | hourly.time: time 3 is 1768449600 (evenly, without gaps: 1768446000)
            "hourly":{                      | "hourly":7,"daily":{           | hourly: is no object
            """)
    void whatWasNotAskedForIsRefused(String from, String to, String complaint) {
        assertTrue(Replies.OPEN_METEO.contains(from));
        assertEquals("Open-Meteo, line 1, " + complaint, complaint(Replies.OPEN_METEO.replace(from, to)));
    }

    @Test
    void impossibleValuesAreRefused() {
        assertEquals(
                "Open-Meteo, line 1, hourly.temperature_2m: value 30 is 271.3 (-90.0 to 70.0)",
                complaint(Replies.with(Replies.OPEN_METEO, "temperature_2m", 30, "271.3")));
        assertEquals(
                "Open-Meteo, line 1, hourly.direct_normal_irradiance: value 30 is -999.0 (-1.0 to 2000.0)",
                complaint(Replies.with(Replies.OPEN_METEO, "direct_normal_irradiance", 30, "-999")));
        var rounding = Replies.with(Replies.OPEN_METEO, "direct_normal_irradiance", 30, "-0.1");
        assertTrue(read(rounding, WindowSun.SOUTH).windowSun(29) >= 0);
    }

    @Property(tries = 1000)
    void aDamagedReplyIsRefusedOrAForecast(
            @ForAll @IntRange(min = 0, max = 6140) int at,
            @ForAll @IntRange(min = 0, max = 30) int removed,
            @ForAll @CharRange(from = ' ', to = '~') char put) {
        var whole = Replies.OPEN_METEO;
        var damaged = whole.substring(0, at) + put + whole.substring(Math.min(whole.length(), at + removed));
        try {
            assertTrue(read(damaged, WindowSun.SOUTH).steps() >= 24);
        } catch (SeriesException e) {
            assertTrue(e.getMessage().startsWith("Open-Meteo, line 1, "), e.getMessage());
        }
    }
}
