package org.athanor.comfort.series;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Replies of Open-Meteo's {@code /v1/forecast} (<a href="https://open-meteo.com/en/docs">its documentation</a>; data under
 * CC BY 4.0, to be named where they are shown: {@link #ATTRIBUTION}).
 *
 * <p>Temperature and wind hold at their time stamps, radiation is the mean of the hour <em>before</em> it. A step of the
 * forecast lies between two stamps: its temperature and wind are the means of both, its radiation is that of the later one.
 */
public final class OpenMeteo {
    public static final String ATTRIBUTION = "Weather data by Open-Meteo.com, CC BY 4.0";

    private static final String TEMPERATURE = "temperature_2m";
    private static final String WIND = "wind_speed_10m";
    private static final String DIRECT = "direct_normal_irradiance";
    private static final String DIFFUSE = "diffuse_radiation";
    private static final String GLOBAL = "shortwave_radiation";

    /** The hourly variables that a request must name, with {@code timeformat=unixtime&wind_speed_unit=ms}. */
    public static final List<String> HOURLY = List.of(TEMPERATURE, WIND, DIRECT, DIFFUSE, GLOBAL);

    /** A shorter forecast is no use to a plan of a day. */
    private static final int LEAST_HOURS = 24;

    private static final int MOST_HOURS = 24 * 16;

    private static final Duration HOUR = Duration.ofHours(1);

    /** The grid of its coarsest models is a quarter of a degree. */
    private static final double SAME_PLACE_DEGREES = 0.5;

    /** Rounding below zero; a radiation below that is an error. */
    private static final double SLIGHTLY_BELOW_ZERO = -1;

    /** The sun moves by 2.5° in a part of an hour. */
    private static final int PARTS_OF_HOUR = 6;

    private OpenMeteo() {}

    /**
     * @param source what to call the reply in messages
     * @param fetched when the reply came: a reply does not say when its forecast was made, which was some hours before
     * @param home for which it was asked; its offset from UTC is not looked at
     * @throws SeriesException for text that is not such a reply: not JSON, an error of the service (with its reason), another
     *     place or other units than asked for, hours that are missing, null in the middle or impossible, less than 24 hours
     */
    public static Forecast forecast(String source, String text, Instant fetched, Location home, WindowSun windows) {
        var reply = JsonReply.read(source, text);
        refuseError(reply);
        samePlace(reply.member("latitude"), home.latitude(), 90);
        samePlace(reply.member("longitude"), home.longitude(), 180);
        var units = reply.member("hourly_units");
        unit(units, "time", "unixtime");
        unit(units, TEMPERATURE, "°C");
        unit(units, WIND, "m/s");
        for (var radiation : List.of(DIRECT, DIFFUSE, GLOBAL)) unit(units, radiation, "W/m²");
        var hourly = reply.member("hourly");
        var times = EvenTimes.of(hourly.member("time"), LEAST_HOURS + 1, MOST_HOURS, HOUR);
        int count = times.count();
        var temperature = Column.of(hourly, TEMPERATURE, count, 0, -90, 70);
        // the first radiation belongs to the hour before the forecast
        var direct = Column.of(hourly, DIRECT, count, 1, SLIGHTLY_BELOW_ZERO, 2000);
        var diffuse = Column.of(hourly, DIFFUSE, count, 1, SLIGHTLY_BELOW_ZERO, 2000);
        var global = Column.of(hourly, GLOBAL, count, 1, SLIGHTLY_BELOW_ZERO, 2000);
        var wind = Column.of(hourly, WIND, count, 0, 0, 150);
        int last = IntStream.of(temperature.last, direct.last, diffuse.last, global.last)
                .min()
                .orElseThrow();
        if (wind.last >= 0) last = Math.min(last, wind.last);
        if (last < LEAST_HOURS)
            throw hourly.wrong("has values for " + Math.max(0, last) + " hours (at least " + LEAST_HOURS + ")");
        var celsius = new double[last];
        var sun = new double[last];
        // not every model tells the wind
        var metresPerSecond = new double[wind.last >= 0 ? last : 0];
        var place = new Location(home.name(), home.latitude(), home.longitude(), 0);
        for (int i = 0; i < last; i++) {
            celsius[i] = temperature.mean(i);
            if (wind.last >= 0) metresPerSecond[i] = wind.mean(i);
            var weather = new WeatherSample(
                    celsius[i],
                    wind.last >= 0 ? metresPerSecond[i] : 0,
                    Math.max(0, global.values[i + 1]),
                    Math.max(0, direct.values[i + 1]),
                    Math.max(0, diffuse.values[i + 1]));
            sun[i] = windowSun(place, windows, weather, times.start().plus(HOUR.multipliedBy(i)));
        }
        return new Forecast(fetched, times.start(), HOUR, celsius, sun, metresPerSecond);
    }

    private static void refuseError(JsonReply reply) {
        if (!reply.has("error") || !reply.member("error").holds()) return;
        throw reply.member("error")
                .wrong(reply.has("reason") ? reply.member("reason").text() : "without a reason");
    }

    /** The service answers for the middle of a cell of its grid. */
    private static void samePlace(JsonReply degrees, double wanted, double most) {
        double value = degrees.number();
        double apart = Math.abs(value - wanted);
        if (most == 180) apart = Math.min(apart, 360 - apart);
        if (!(apart <= SAME_PLACE_DEGREES))
            throw degrees.wrong(
                    value + " is not the home's, which is " + wanted + " (within " + SAME_PLACE_DEGREES + ")");
    }

    private static void unit(JsonReply units, String name, String wanted) {
        var unit = units.member(name);
        if (!unit.text().equals(wanted)) throw unit.wrong("\"" + unit.text() + "\" (" + wanted + ")");
    }

    /** One variable: what is null at the end is not there, what is null before that is an error. */
    private static final class Column {
        final double[] values;
        /** Index of the last value, -1 if there is none. */
        final int last;

        private Column(double[] values, int last) {
            this.values = values;
            this.last = last;
        }

        static Column of(JsonReply hourly, String name, int count, int firstUsed, double lowest, double highest) {
            var member = hourly.member(name);
            var given = member.numbers();
            if (given.size() != count) throw member.wrong(given.size() + " values for " + count + " times");
            int last = EvenTimes.last(given);
            var values = new double[count];
            Arrays.fill(values, Double.NaN);
            for (int i = firstUsed; i <= last; i++) {
                if (given.get(i).isEmpty()) throw member.wrong("value " + i + " is null, though later ones are not");
                values[i] = given.get(i).get();
                if (!(values[i] >= lowest && values[i] <= highest))
                    throw member.wrong("value " + i + " is " + values[i] + " (" + lowest + " to " + highest + ")");
            }
            return new Column(values, last);
        }

        double mean(int step) {
            return (values[step] + values[step + 1]) / 2;
        }
    }

    /**
     * Mean of an hour. The beam's mean over the hour is taken for what it was while the sun was up, from wherever it stood
     * then: at the hour's middle it may still be below the horizon.
     */
    private static double windowSun(Location place, WindowSun windows, WeatherSample weather, Instant start) {
        double sum = 0;
        int lit = 0;
        for (int part = 0; part < PARTS_OF_HOUR; part++) {
            var middle =
                    sinceYearStart(start.plus(HOUR.multipliedBy(2 * part + 1).dividedBy(2 * PARTS_OF_HOUR)));
            if (SunPosition.at(place, middle).elevation() <= 0) continue;
            sum += windows.wattsPerSquareMetre(place, weather, middle);
            lit++;
        }
        if (lit > 0) return sum / lit;
        return windows.wattsPerSquareMetre(place, weather, sinceYearStart(start.plus(HOUR.dividedBy(2))));
    }

    private static Duration sinceYearStart(Instant time) {
        var utc = OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
        return Duration.between(utc.withDayOfYear(1).truncatedTo(ChronoUnit.DAYS), utc);
    }
}
