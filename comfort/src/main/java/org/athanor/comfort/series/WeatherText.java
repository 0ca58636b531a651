package org.athanor.comfort.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** The two texts in which a year of weather arrives; both carry the same EnergyPlus LOCATION line and the same hours. */
final class WeatherText {
    private static final int HOURS_OF_YEAR = 8760;
    private static final int HOURS_OF_LEAP_YEAR = 8784;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int EPW_HEADER_LINES = 8;

    private WeatherText() {}

    static Weather epw(String source, String text) {
        var lines = text.lines().toList();
        if (lines.isEmpty()) throw new SeriesException(source, 1, "field 1 (LOCATION)", "the text is empty");
        var location = location(TextRow.of(source, 1, lines.getFirst(), ","), "LOCATION");
        var hours = new ArrayList<WeatherSample>();
        boolean leap = lines.size() - EPW_HEADER_LINES >= HOURS_OF_LEAP_YEAR;
        for (int i = EPW_HEADER_LINES; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) continue;
            var row = TextRow.of(source, i + 1, lines.get(i), ",");
            inOrder(row, hours.size(), leap);
            hours.add(values(row, column -> column.epwField));
        }
        return whole(source, lines.size(), location, hours);
    }

    static Weather mos(String source, String text) {
        var lines = text.lines().toList();
        Optional<Location> location = Optional.empty();
        var hours = new ArrayList<WeatherSample>();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.startsWith("#LOCATION"))
                location = Optional.of(location(TextRow.of(source, i + 1, line, ","), "#LOCATION"));
            if (line.isBlank() || line.startsWith("#") || line.startsWith("double ")) continue;
            var row = TextRow.of(source, i + 1, line, "\t");
            double seconds = row.number(1, "time");
            // some tables repeat the first hour at 0 s, so that a simulation can start there
            if (seconds == 0 && hours.isEmpty()) continue;
            double expected = 3600.0 * (hours.size() + 1);
            if (seconds != expected)
                throw row.wrong(
                        1, "time", seconds + " s where " + expected + " s was expected (hourly, end of the hour)");
            hours.add(values(row, column -> column.mosColumn));
        }
        if (location.isEmpty())
            throw new SeriesException(source, 1, "header", "there is no line that begins with #LOCATION");
        return whole(source, lines.size(), location.get(), hours);
    }

    private static WeatherSample values(TextRow row, ToIntFunction<WeatherColumn> field) {
        ToDoubleFunction<WeatherColumn> read = column -> column.read(row, field.applyAsInt(column));
        return new WeatherSample(
                read.applyAsDouble(WeatherColumn.OUTDOOR),
                read.applyAsDouble(WeatherColumn.WIND),
                read.applyAsDouble(WeatherColumn.GLOBAL),
                read.applyAsDouble(WeatherColumn.DIRECT),
                read.applyAsDouble(WeatherColumn.DIFFUSE));
    }

    /** LOCATION, city, state, country, source, station, latitude, longitude, hours east of UTC, elevation. */
    private static Location location(TextRow row, String keyword) {
        if (!row.text(1).equals(keyword))
            throw row.wrong(1, "LOCATION", "begins with \"" + row.text(1) + "\" instead of " + keyword);
        double latitude = row.number(7, "latitude");
        if (Math.abs(latitude) > 90) throw row.wrong(7, "latitude", latitude + " is outside -90 to 90");
        double longitude = row.number(8, "longitude");
        if (Math.abs(longitude) > 180) throw row.wrong(8, "longitude", longitude + " is outside -180 to 180");
        double offset = row.number(9, "time zone");
        if (Math.abs(offset) > 14) throw row.wrong(9, "time zone", offset + " h is outside -14 to 14");
        return new Location(row.text(2), latitude, longitude, offset);
    }

    /** A typical year is made of months of different years, so the year is not looked at. */
    private static void inOrder(TextRow row, int index, boolean leap) {
        int day = index / 24;
        int month = 0;
        while (month < DAYS.length && day >= days(month, leap)) day -= days(month++, leap);
        if (month == DAYS.length) throw row.wrong(2, "month", "there are more hours than a year has");
        expect(row, 2, "month", month + 1);
        expect(row, 3, "day", day + 1);
        expect(row, 4, "hour", index % 24 + 1);
    }

    private static int days(int month, boolean leap) {
        return DAYS[month] + (leap && month == 1 ? 1 : 0);
    }

    private static void expect(TextRow row, int field, String title, int expected) {
        if (row.number(field, title) != expected)
            throw row.wrong(
                    field, title, row.text(field) + " where " + expected + " was expected (hourly, without gaps)");
    }

    private static Weather whole(String source, int lastLine, Location location, List<WeatherSample> hours) {
        if (hours.size() != HOURS_OF_YEAR && hours.size() != HOURS_OF_LEAP_YEAR)
            throw new SeriesException(
                    source,
                    lastLine,
                    "end of text",
                    hours.size() + " hours instead of " + HOURS_OF_YEAR + " or " + HOURS_OF_LEAP_YEAR);
        return new Weather(location, hours);
    }
}
