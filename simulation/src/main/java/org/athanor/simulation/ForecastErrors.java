package org.athanor.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WeatherSample;
import org.athanor.comfort.series.WindowSun;

/**
 * Forecasts that are wrong as in life: of temperature by an error that wanders away from the truth with the lead time and
 * comes back slowly (autoregressive, of first order), and of sun by clouds that are thought thicker or thinner for hours.
 * Each issue has errors of its own; the same seed and issue always have the same.
 *
 * @param celsiusAtOneDay standard deviation of the temperature's error 24 h ahead; after some days it settles at 1.2 times that
 * @param celsiusAtOnce of it in the first hour
 * @param sunShare standard deviation of the logarithm of sun expected over sun to come
 * @param windShare the same of the wind
 */
public record ForecastErrors(
        double celsiusAtOneDay, double celsiusAtOnce, double sunShare, double windShare, long seed) {
    /** As of a weather service's forecast for one place: 0.5 K at once, 1.6 K a day ahead. */
    public static ForecastErrors typical(long seed) {
        return new ForecastErrors(1.6, 0.5, 0.4, 0.3, seed);
    }

    /** Perfect foresight. */
    public static ForecastErrors none() {
        return new ForecastErrors(0, 0, 0, 0, 0);
    }

    /** Of the time constant of the temperature's error. */
    private static final double HOURS = 14;

    /** Of sun and wind. */
    private static final double SUN_HOURS = 6;

    public ForecastErrors {
        if (!(celsiusAtOneDay >= celsiusAtOnce && celsiusAtOnce >= 0) || !(sunShare >= 0) || !(windShare >= 0))
            throw new IllegalArgumentException("forecast errors of " + celsiusAtOnce + " K at once, " + celsiusAtOneDay
                    + " K at one day, shares of sun " + sunShare + " and wind " + windShare
                    + " (none negative, the first not above the second)");
    }

    /**
     * A forecast in hours, issued at {@code issued}.
     *
     * @param sinceYearStart local standard time of the climate at {@code issued}
     */
    public Forecast forecast(Climate climate, WindowSun windows, Instant issued, Duration sinceYearStart, int hours) {
        var chance = new SplittableRandom(seed ^ issued.getEpochSecond() * 0x9e3779b97f4a7c15L);
        double growth = 1 - Math.exp(-2 * 24 / HOURS);
        // variance that the walk reaches beside that of the start, so that one day ahead has what it should
        double walk = Math.sqrt(
                Math.max(0, celsiusAtOneDay * celsiusAtOneDay - celsiusAtOnce * celsiusAtOnce * (1 - growth)) / growth);
        double keep = Math.exp(-1 / HOURS);
        double keepSun = Math.exp(-1 / SUN_HOURS);
        double error = celsiusAtOnce * chance.nextGaussian();
        double cloud = sunShare * chance.nextGaussian();
        double gust = windShare * chance.nextGaussian();
        var wind = new double[hours];
        var celsius = new double[hours];
        var sun = new double[hours];
        for (int i = 0; i < hours; i++) {
            var middle = sinceYearStart.plusMinutes(60L * i + 30);
            var truth = climate.at(middle);
            celsius[i] = truth.outdoorCelsius() + error;
            sun[i] = hourlySun(climate, windows, sinceYearStart.plusHours(i))
                    * Math.exp(cloud - sunShare * sunShare / 2);
            wind[i] = truth.windMetresPerSecond() * Math.exp(gust - windShare * windShare / 2);
            error = keep * error + Math.sqrt(1 - keep * keep) * walk * chance.nextGaussian();
            cloud = keepSun * cloud + Math.sqrt(1 - keepSun * keepSun) * sunShare * chance.nextGaussian();
            gust = keepSun * gust + Math.sqrt(1 - keepSun * keepSun) * windShare * chance.nextGaussian();
        }
        return new Forecast(issued, issued, Duration.ofHours(1), celsius, sun, wind);
    }

    /** Mean over the hour: the sun moves through a window's plane within it. */
    private static double hourlySun(Climate climate, WindowSun windows, Duration from) {
        double sum = 0;
        for (int minute = 10; minute < 60; minute += 20) {
            var time = from.plusMinutes(minute);
            WeatherSample weather = climate.at(time);
            sum += windows.wattsPerSquareMetre(climate.location(), weather, time);
        }
        return sum / 3;
    }
}
