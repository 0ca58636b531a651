package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeatherTest {
    private static final String LOCATION = "LOCATION,Testville,XX,YYY,TMY3,725300,41.98,-87.92,-6.0,201.0";

    /** Hour h (from 0) has h/100 °C, wind 3 m/s, radiation h, 2h and 3h modulo 500. */
    private static List<String> epwLines() {
        var lines = new ArrayList<>(List.of(LOCATION));
        for (int i = 1; i < 8; i++) lines.add("HEADER " + i);
        var day = LocalDateTime.of(2019, 1, 1, 0, 0);
        for (int h = 0; h < 8760; h++) {
            var hour = day.plusHours(h);
            lines.add(String.format(
                    Locale.ROOT,
                    "1986,%d,%d,%d,0,?9,%.3f,-16.1,73,99500,0,0,218,%d,%d,%d,0,0,0,0,270,3.0,9,9,24.1,2740,9,999999999,40,0.0,0,88,999.000,999.0,99.0",
                    hour.getMonthValue(),
                    hour.getDayOfMonth(),
                    hour.getHour() + 1,
                    h / 200.0,
                    h % 500,
                    2 * h % 500,
                    3 * h % 500));
        }
        return lines;
    }

    private static List<String> mosLines() {
        var lines = new ArrayList<>(List.of("#1", "double tab1(8760,30)", "#" + LOCATION, "#C1 Time in seconds"));
        for (int h = 0; h < 8760; h++)
            lines.add(String.format(
                    Locale.ROOT,
                    "%d\t%.3f\t-6.6\t57\t82780\t0\t0\t253\t%d\t%d\t%d\t999900\t999900\t999900\t99990\t203\t3.0\t7\t3\t24.1\t77777\t0\t999999999\t0\t0\t0\t88\t0\t0\t0",
                    3600 * (h + 1),
                    h / 200.0,
                    h % 500,
                    2 * h % 500,
                    3 * h % 500));
        return lines;
    }

    private static Weather epw(List<String> lines) {
        return Weather.readEpw("test.epw", String.join("\n", lines));
    }

    private static Weather mos(List<String> lines) {
        return Weather.readMos("test.mos", String.join("\r\n", lines));
    }

    @Test
    void bothTextsGiveTheSameYear() {
        var epw = epw(epwLines());
        var mos = mos(mosLines());
        assertEquals(new Location("Testville", 41.98, -87.92, -6), epw.location());
        assertEquals(epw.location(), mos.location());
        for (long minutes = 0; minutes < 8760 * 60; minutes += 47)
            assertEquals(epw.at(Duration.ofMinutes(minutes)), mos.at(Duration.ofMinutes(minutes)));
    }

    @Test
    void temperatureBelongsToTheEndOfTheHourAndRadiationToItsMiddle() {
        var weather = epw(epwLines());
        assertEquals(10 / 200.0, weather.at(Duration.ofHours(11)).outdoorCelsius(), 1e-12);
        assertEquals(10.5 / 200.0, weather.at(Duration.ofMinutes(11 * 60 + 30)).outdoorCelsius(), 1e-12);
        var middle = weather.at(Duration.ofMinutes(10 * 60 + 30));
        assertEquals(10, middle.globalHorizontal(), 1e-12);
        assertEquals(20, middle.directNormal(), 1e-12);
        assertEquals(30, middle.diffuseHorizontal(), 1e-12);
        assertEquals(10.5, weather.at(Duration.ofHours(11)).globalHorizontal(), 1e-12);
    }

    @Test
    void theYearRepeats() {
        var weather = epw(epwLines());
        assertEquals(8759 / 200.0, weather.at(Duration.ZERO).outdoorCelsius(), 1e-12);
        assertEquals(
                weather.at(Duration.ofMinutes(17)),
                weather.at(Duration.ofMinutes(17).plusDays(365)));
        assertEquals(8759 / 400.0, weather.at(Duration.ofMinutes(30)).outdoorCelsius(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            field | value   | says
            7     | 99.9    | test.epw, line 9, field 7 (dry bulb temperature): 99.9 is the code of a missing value
            7     | -300    | test.epw, line 9, field 7 (dry bulb temperature): -300.0 is outside -90.0 to 70.0
            14    | 9999    | test.epw, line 9, field 14 (global horizontal radiation): 9999 is the code of a missing value
            15    | x       | test.epw, line 9, field 15 (direct normal radiation): not a number: "x"
            16    | NaN     | test.epw, line 9, field 16 (diffuse horizontal radiation): not a number: "NaN"
            22    | 999     | test.epw, line 9, field 22 (wind speed): 999 is the code of a missing value
            4     | 2       | test.epw, line 9, field 4 (hour): 2 where 1 was expected (hourly, without gaps)
            """)
    void aBadFieldIsNamed(int field, String value, String says) {
        var lines = epwLines();
        var fields = lines.get(8).split(",", -1);
        fields[field - 1] = value;
        lines.set(8, String.join(",", fields));
        assertEquals(says, assertThrows(SeriesException.class, () -> epw(lines)).getMessage());
    }

    @Test
    void aGapIsNamedByItsLine() {
        var epw = epwLines();
        epw.remove(108);
        var gap = assertThrows(SeriesException.class, () -> epw(epw));
        assertEquals(109, gap.line());
        assertEquals("field 4 (hour)", gap.field());
        var mos = mosLines();
        mos.remove(10);
        assertEquals(
                "test.mos, line 11, field 1 (time): 28800.0 s where 25200.0 s was expected (hourly, end of the hour)",
                assertThrows(SeriesException.class, () -> mos(mos)).getMessage());
    }

    @Test
    void aTruncatedOrEmptyTextIsRefused() {
        var half = epwLines().subList(0, 4000);
        assertTrue(assertThrows(SeriesException.class, () -> epw(half))
                .getMessage()
                .contains("3992 hours instead of 8760"));
        assertThrows(SeriesException.class, () -> Weather.readEpw("empty.epw", ""));
        assertThrows(SeriesException.class, () -> Weather.readMos("empty.mos", ""));
        assertThrows(SeriesException.class, () -> Weather.readEpw("page.epw", "<html>"));
        var cut = mosLines();
        cut.set(50, cut.get(50).substring(0, 20));
        assertTrue(
                assertThrows(SeriesException.class, () -> mos(cut)).getMessage().contains("line 51"));
    }
}
