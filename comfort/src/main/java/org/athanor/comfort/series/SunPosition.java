package org.athanor.comfort.series;

import java.time.Duration;

/**
 * Where the sun stands, without refraction.
 *
 * @param elevation above the horizon, in radians; negative at night
 * @param azimuth from north over east, in radians
 */
public record SunPosition(double elevation, double azimuth) {
    private static final double YEAR_DAYS = 365;

    /**
     * Spencer's Fourier series of 1971 for declination and equation of time: within 0.05° and half a minute.
     *
     * @param sinceYearStart local standard time
     */
    public static SunPosition at(Location location, Duration sinceYearStart) {
        double days = sinceYearStart.toNanos() / 86_400e9;
        double angle = 2 * Math.PI * (days % YEAR_DAYS - 0.5) / YEAR_DAYS;
        double declination = 0.006918
                - 0.399912 * Math.cos(angle)
                + 0.070257 * Math.sin(angle)
                - 0.006758 * Math.cos(2 * angle)
                + 0.000907 * Math.sin(2 * angle)
                - 0.002697 * Math.cos(3 * angle)
                + 0.00148 * Math.sin(3 * angle);
        double equationOfTimeMinutes = 229.18
                * (0.000075
                        + 0.001868 * Math.cos(angle)
                        - 0.032077 * Math.sin(angle)
                        - 0.014615 * Math.cos(2 * angle)
                        - 0.040849 * Math.sin(2 * angle));
        double solarMinutes = (days - Math.floor(days)) * 1440
                + equationOfTimeMinutes
                + 4 * (location.longitude() - 15 * location.utcOffsetHours());
        double hourAngle = Math.toRadians(solarMinutes / 4 - 180);
        double latitude = Math.toRadians(location.latitude());
        double sine = Math.sin(latitude) * Math.sin(declination)
                + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
        double east = -Math.cos(declination) * Math.sin(hourAngle);
        double north = Math.cos(latitude) * Math.sin(declination)
                - Math.sin(latitude) * Math.cos(declination) * Math.cos(hourAngle);
        return new SunPosition(Math.asin(Math.clamp(sine, -1, 1)), Math.atan2(east, north));
    }
}
