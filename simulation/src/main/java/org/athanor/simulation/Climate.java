package org.athanor.simulation;

import java.time.Duration;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.Weather;
import org.athanor.comfort.series.WeatherSample;

/** The weather around a home, by local standard time since the start of the year. */
public interface Climate {
    Location location();

    WeatherSample at(Duration sinceYearStart);

    static Climate of(Weather weather) {
        return new Climate() {
            @Override
            public Location location() {
                return weather.location();
            }

            @Override
            public WeatherSample at(Duration sinceYearStart) {
                return weather.at(sinceYearStart);
            }
        };
    }

    /** Weather that never changes, for tests and for design days. */
    static Climate constant(Location location, WeatherSample weather) {
        return new Climate() {
            @Override
            public Location location() {
                return location;
            }

            @Override
            public WeatherSample at(Duration sinceYearStart) {
                return weather;
            }
        };
    }
}
