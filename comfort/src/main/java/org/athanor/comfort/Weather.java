package org.athanor.comfort;

import java.time.Duration;
import java.util.List;

/** A year of hourly weather, interpolated. The year repeats, so a winter can be followed past its end. */
public final class Weather {
    private static final double SECONDS_PER_HOUR = 3600;

    /** Temperature and wind are given for the end of an hour, radiation is the mean of the hour that ends. */
    private static final double END_OF_HOUR = 1;

    private static final double MIDDLE_OF_HOUR = 0.5;

    private final Location location;
    private final double[][] columns;

    /** @param hours one row an hour, in the order of {@link WeatherColumn} */
    Weather(Location location, List<double[]> hours) {
        this.location = location;
        this.columns = new double[WeatherColumn.values().length][hours.size()];
        for (int hour = 0; hour < hours.size(); hour++)
            for (int column = 0; column < columns.length; column++) columns[column][hour] = hours.get(hour)[column];
    }

    /**
     * Reads EnergyPlus weather.
     *
     * @param source what to call the text in messages, such as its file name
     * @throws SeriesException if anything that is used is missing, out of order or marked as missing
     */
    public static Weather readEpw(String source, String text) {
        return WeatherText.epw(source, text);
    }

    /**
     * Reads the Modelica table that the Buildings library makes of such weather: {@code #LOCATION} in the header, 30 columns
     * separated by tabs, seconds at the end of the hour first.
     *
     * @param source what to call the text in messages, such as its file name
     * @throws SeriesException if anything that is used is missing, out of order or marked as missing
     */
    public static Weather readMos(String source, String text) {
        return WeatherText.mos(source, text);
    }

    public Location location() {
        return location;
    }

    /** Weather at a time since local midnight of the first of January, in standard time. */
    public WeatherSample at(Duration sinceYearStart) {
        double hours = sinceYearStart.toNanos() / 1e9 / SECONDS_PER_HOUR;
        return new WeatherSample(
                interpolated(WeatherColumn.OUTDOOR, hours - END_OF_HOUR),
                interpolated(WeatherColumn.WIND, hours - END_OF_HOUR),
                interpolated(WeatherColumn.GLOBAL, hours - MIDDLE_OF_HOUR),
                interpolated(WeatherColumn.DIRECT, hours - MIDDLE_OF_HOUR),
                interpolated(WeatherColumn.DIFFUSE, hours - MIDDLE_OF_HOUR));
    }

    private double interpolated(WeatherColumn column, double position) {
        var values = columns[column.ordinal()];
        double floor = Math.floor(position);
        int before = Math.floorMod((long) floor, values.length);
        int after = (before + 1) % values.length;
        return values[before] + (position - floor) * (values[after] - values[before]);
    }
}
