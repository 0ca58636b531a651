package org.athanor.bench.comfort;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.Quality;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.Planner;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.ForecastErrors;
import org.athanor.simulation.Home;
import org.athanor.simulation.World;

/**
 * Ours: learns from its thermometer and plans each quarter of an hour, with forecasts that are wrong, prices that are known
 * until the end of today (after 13:00 of tomorrow; what is beyond is taken for the day before's), and a heater of 8 levels
 * (the others have continuous power).
 * Until the room is known well enough it is the thermostat.
 */
final class Planned implements Rule {
    private static final int HORIZON_HOURS = 24;
    private static final int STEPS = HORIZON_HOURS * 4;
    private static final int LEVELS = 8;

    /** Every quarter of an hour the plan starts from the room as it is: a day ahead it may be off by more than a controller's. */
    private static final double LARGEST_KELVIN = 1.6;

    private final double offset;
    private final double discomfortPrice;
    private final ForecastErrors errors;
    private final Rule standIn;
    private final RoomLearner learner;
    private final Planner planner = new Planner();
    private final ComputeDevice device;
    private final WindowSun windows;

    private Forecast forecast;
    private double lastWatts;
    private int level;
    private int sinceChanged = 1000;
    int planned;
    int asked;

    /** @param offset of the band's lower end that is planned with, above that which counts */
    Planned(Winter winter, RoomPrior prior, double offset, double discomfortPrice, ForecastErrors errors) {
        this.offset = offset;
        this.discomfortPrice = discomfortPrice;
        this.errors = errors;
        standIn = new Tpi(Winter.LOW + 0.3 + offset, 0.6, 0.02);
        learner = new RoomLearner(prior, World.offset(winter.weather().location()));
        windows = winter.spec().windowSun();
        Double[] watts = new Double[LEVELS + 1];
        for (int i = 0; i <= LEVELS; i++) watts[i] = winter.maximumWatts() * i / LEVELS;
        var quarter = Winter.STEP;
        device = ComputeDevice.plain(List.of(watts)).withMinimumTimes(quarter, quarter, quarter);
    }

    @Override
    public double watts(Winter winter, Home home, int step) {
        var now = winter.instant(step);
        if (forecast == null || Math.floorMod(step, 4) == 0)
            forecast = errors.forecast(home.climate(), windows, now, home.sinceYearStart(), HORIZON_HOURS + 2);
        int hour = (int) Duration.between(forecast.start(), now).toHours();
        learner.observe(new Observation(
                now,
                OptionalDouble.of(home.sensor().value()),
                home.outdoorCelsius(),
                lastWatts,
                forecast.windowSun(hour),
                OptionalDouble.of(forecast.windMetresPerSecond(hour))));
        asked++;
        var quality = learner.quality();
        boolean plans = quality.predictions() >= Quality.LEAST_PREDICTIONS
                && quality.dayKelvin().orElse(Double.MAX_VALUE) <= LARGEST_KELVIN
                && !learner.windowOpen();
        lastWatts = plans ? plan(winter, now, step) : standIn.watts(winter, home, step);
        if (plans) planned++;
        return lastWatts;
    }

    private double plan(Winter winter, Instant now, int step) {
        var weather = forecast.resampled(now, Winter.STEP, STEPS);
        var outdoor = new double[STEPS];
        var sun = new double[STEPS];
        var price = new double[STEPS];
        for (int k = 0; k < STEPS; k++) {
            outdoor[k] = weather.outdoorCelsius(k);
            sun[k] = weather.windowSun(k);
            price[k] = winter.price(known(winter, step, step + k));
        }
        var low = new double[STEPS];
        var high = new double[STEPS];
        Arrays.fill(low, Winter.LOW + offset);
        Arrays.fill(high, Winter.HIGH);
        var problem = HeatProblem.of(learner.model(), learner.state().celsius(), Winter.STEP, STEPS)
                .weather(outdoor, sun, learner.gains(weather))
                .comfort(low, high, HeatProblem.Discomfort.QUADRATIC, discomfortPrice)
                .hardLimits(7, 27)
                .electricity(price)
                .device(
                        device,
                        new DeviceState(
                                level, Winter.STEP.multipliedBy(sinceChanged), Winter.STEP.multipliedBy(sinceChanged)),
                        new double[LEVELS + 1][STEPS])
                .build();
        int next = planner.plan(problem).level(0);
        sinceChanged = next == level ? sinceChanged + 1 : 1;
        level = next;
        return device.watts(level);
    }

    /** The step whose price stands for that of {@code asked}. */
    private static int known(Winter winter, int now, int asked) {
        long minutes = winter.start().plus(Winter.STEP.multipliedBy(now)).toMinutes();
        long ofDay = Math.floorMod(minutes, 1440L);
        long untilMidnight = (1440 - ofDay) / 15;
        long end = now + untilMidnight + (ofDay >= 13 * 60 ? 96 : 0);
        int step = asked;
        while (step >= end) step -= 96;
        return step;
    }
}
