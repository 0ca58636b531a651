package org.athanor.comfort.series;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A year of hourly weather, interpolated. The year repeats, so a winter can be followed past its end. */
public final class Weather {
    private static final long NANOS_PER_HOUR = 3_600_000_000_000L;

    /** Temperature and wind are given for the end of an hour, radiation is the mean of the hour that ends. */
    private static final double END_OF_HOUR = 1;

    private static final double MIDDLE_OF_HOUR = 0.5;

    private final Location location;
    private final List<WeatherSample> hours;

    /** @param hours as they stand in the text */
    Weather(Location location, List<WeatherSample> hours) {
        this.location = location;
        this.hours = List.copyOf(hours);
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
        // to the year's own hours first, while still exact
        long nanos = Math.floorMod(sinceYearStart.toNanos(), hours.size() * NANOS_PER_HOUR);
        double position = nanos / (double) NANOS_PER_HOUR;
        return new WeatherSample(
                interpolated(WeatherSample::outdoorCelsius, position - END_OF_HOUR),
                interpolated(WeatherSample::windMetresPerSecond, position - END_OF_HOUR),
                interpolated(WeatherSample::globalHorizontal, position - MIDDLE_OF_HOUR),
                interpolated(WeatherSample::directNormal, position - MIDDLE_OF_HOUR),
                interpolated(WeatherSample::diffuseHorizontal, position - MIDDLE_OF_HOUR));
    }

    private double interpolated(ToDoubleFunction<WeatherSample> column, double position) {
        double floor = Math.floor(position);
        int before = Math.floorMod((long) floor, hours.size());
        double here = column.applyAsDouble(hours.get(before));
        double next = column.applyAsDouble(hours.get((before + 1) % hours.size()));
        return here + (position - floor) * (next - here);
    }
}
