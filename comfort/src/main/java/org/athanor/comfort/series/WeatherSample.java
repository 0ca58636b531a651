package org.athanor.comfort.series;

/**
 * The weather at one moment.
 *
 * @param globalHorizontal radiation on the horizontal plane, W/m²
 * @param directNormal beam radiation on a plane that faces the sun, W/m²
 * @param diffuseHorizontal sky radiation on the horizontal plane, W/m²
 */
public record WeatherSample(
        double outdoorCelsius,
        double windMetresPerSecond,
        double globalHorizontal,
        double directNormal,
        double diffuseHorizontal) {}
