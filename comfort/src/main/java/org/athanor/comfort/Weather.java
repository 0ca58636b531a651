package org.athanor.comfort;

import java.time.Duration;

/** A year of weather. */
public final class Weather {
    private Weather() {}

    public static Weather readEpw(String source, String text) {
        throw new UnsupportedOperationException("EPW reader: " + source + text.length());
    }

    public static Weather readMos(String source, String text) {
        throw new UnsupportedOperationException("mos reader: " + source + text.length());
    }

    public Location location() {
        throw new UnsupportedOperationException("location");
    }

    public WeatherSample at(Duration sinceYearStart) {
        throw new UnsupportedOperationException("weather at " + sinceYearStart);
    }
}
