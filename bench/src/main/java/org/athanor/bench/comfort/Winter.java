package org.athanor.bench.comfort;

import java.time.Duration;
import java.time.Instant;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.Climate;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.Pace;
import org.athanor.simulation.World;
import org.athanor.units.Celsius;

/**
 * Some days of a home: what every rule of control is put before.
 *
 * @param start of the days that count, since the start of the year, local standard time
 * @param warmUp before them, in which a rule may learn
 * @param maximumWatts of its heater, which is electric
 */
record Winter(
        String name,
        HomeSpec spec,
        Weather weather,
        PriceSeries prices,
        Duration start,
        Duration warmUp,
        Duration length,
        double maximumWatts) {
    static final Duration STEP = Duration.ofMinutes(15);
    static final double STEP_HOURS = 0.25;
    static final int TICK_MINUTES = 5;
    /** How finely comfort is judged and a room may be looked at. */
    static final Duration TICK = Duration.ofMinutes(TICK_MINUTES);

    static final double TICK_HOURS = TICK_MINUTES / 60.0;

    /** Of the band that everybody keeps, °C. */
    static final double LOW = 20;

    static final double HIGH = 23;

    /** As it is when learning begins. */
    Home home() {
        return new Home(spec, Climate.of(weather), start.minus(warmUp), new Celsius(LOW + 0.5), 1, Pace.COARSE);
    }

    int warmUpSteps() {
        return (int) warmUp.dividedBy(STEP);
    }

    int steps() {
        return (int) length.dividedBy(STEP);
    }

    /** Per kWh, of a step counted from the start of the days that count (negative before). */
    double price(int step) {
        return prices.at(start.plus(STEP.multipliedBy(step))).value();
    }

    double meanPrice() {
        double sum = 0;
        for (int step = 0; step < steps(); step++) sum += price(step);
        return sum / steps();
    }

    double days() {
        return length.toHours() / 24.0;
    }

    Winter withWarmUp(Duration other) {
        return new Winter(name, spec, weather, prices, start, other, length, maximumWatts);
    }

    /** A calendar for those who need one: 2019, as the prices. */
    Instant instant(int step) {
        return Instant.parse("2019-01-01T00:00:00Z")
                .atOffset(World.offset(weather.location()))
                .toLocalDate()
                .withDayOfYear(1)
                .atStartOfDay()
                .toInstant(World.offset(weather.location()))
                .plus(start)
                .plus(STEP.multipliedBy(step));
    }
}
