package org.athanor.cli.plan;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.athanor.comfort.series.Forecast;

/**
 * What a strategy may know when it decides a step: readings and prices, never the truth of the simulated home.
 *
 * @param sinceYearStart local standard time
 * @param step how long the decision will stand
 * @param roomCelsius as the thermometer in the room shows it
 * @param windowSun W/m² on the windows and {@code windMetresPerSecond}, as a weather service tells of the present
 * @param electricityPrice of the next kWh
 * @param otherHeatPrice of a kWh of heat from the home's other heating now
 * @param mostDecibels that are allowed now; empty outside quiet hours
 * @param forecast of the weather, made when it is asked for
 */
public record Moment(
        Duration sinceYearStart,
        Duration step,
        double roomCelsius,
        double outdoorCelsius,
        double windowSun,
        double windMetresPerSecond,
        double setpointCelsius,
        double electricityPrice,
        double otherHeatPrice,
        OptionalDouble mostDecibels,
        Supplier<Forecast> forecast) {}
