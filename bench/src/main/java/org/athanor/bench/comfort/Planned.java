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
import org.athanor.comfort.planning.GridSize;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.HeatSource;
import org.athanor.comfort.planning.Planner;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.ForecastErrors;
import org.athanor.simulation.Home;
import org.athanor.simulation.World;

/**
 * Ours: learns from its thermometer every five minutes and plans every quarter of an hour, with forecasts that are wrong, and
 * prices that are known until the end of today (after 13:00 of tomorrow; what is beyond is taken for the day before's). Until
 * the room is known well enough it is a thermostat.
 */
final class Planned implements Rule {
    /**
     * What may differ between two runs.
     *
     * @param offset of the band's lower end that is planned with, above that which counts, K
     * @param discomfort price of one K·h (linear) or K²·h outside the band, as a multiple of the mean price of a kWh
     * @param levels of the heater beside off; 0 for continuous power
     * @param pricesKnown for the whole horizon
     * @param nowcast whether the forecast is corrected by the outdoor air that is measured
     */
    record Setting(
            double offset,
            HeatProblem.Discomfort kind,
            double discomfort,
            int levels,
            int horizonHours,
            boolean pricesKnown,
            boolean nowcast,
            ForecastErrors errors,
            GridSize grid,
            double largestKelvin) {}

    /** In which the error of a forecast of the outdoor air is thought to fade. */
    private static final double ERROR_HOURS = 12;

    private final RoomLearner learner;
    private final Setting setting;
    private final Rule standIn;
    private final Planner planner;
    private final ComputeDevice device;
    private final WindowSun windows;

    private Forecast forecast;
    private double lastWatts;
    private int level;
    private int sinceChanged = 1000;
    private double expectedAir = Double.NaN;
    int planned;
    int asked;
    double surprise;
    double bias;
    int surprises;

    Planned(Winter winter, RoomPrior prior, Setting setting) {
        this(
                winter,
                setting,
                new RoomLearner(prior, World.offset(winter.weather().location())));
    }

    private Planned(Winter winter, Setting setting, RoomLearner learner) {
        this.learner = learner;
        this.setting = setting;
        standIn = new Tpi(Winter.LOW + 0.3 + setting.offset, 0.6, 0.02);
        planner = new Planner(setting.grid);
        windows = winter.spec().windowSun();
        Double[] watts = new Double[setting.levels + 1];
        for (int i = 0; i <= setting.levels; i++) watts[i] = winter.maximumWatts() * i / Math.max(1, setting.levels);
        var quarter = Winter.STEP;
        device = ComputeDevice.plain(List.of(watts)).withMinimumTimes(quarter, quarter, quarter);
    }

    /** Goes on with what was learned, set otherwise. */
    Planned with(Winter winter, Setting other) {
        var copy = new Planned(winter, other, learner.copy());
        copy.lastWatts = lastWatts;
        return copy;
    }

    Quality quality() {
        return learner.quality();
    }

    @Override
    public double watts(Winter winter, Home home, int step) {
        var now = winter.instant(step);
        if (forecast == null) forecast = issue(home, now);
        observe(home, now);
        if (Math.floorMod(step, 4) == 0) forecast = issue(home, now);
        if (!Double.isNaN(expectedAir)) {
            double off = home.airCelsius() - expectedAir;
            surprise += off * off;
            bias += off;
            surprises++;
        }
        expectedAir = Double.NaN;
        asked++;
        var quality = learner.quality();
        boolean plans = quality.predictions() >= Quality.LEAST_PREDICTIONS
                && quality.dayKelvin().orElse(Double.MAX_VALUE) <= setting.largestKelvin
                && !learner.windowOpen();
        lastWatts = plans ? plan(winter, home, now, step) : standIn.watts(winter, home, step);
        if (plans) planned++;
        return lastWatts;
    }

    @Override
    public double within(Winter winter, Home home, int step, int minutes, double watts) {
        observe(home, winter.instant(step).plus(Duration.ofMinutes(minutes)));
        return watts;
    }

    private Forecast issue(Home home, Instant now) {
        return setting.errors.forecast(home.climate(), windows, now, home.sinceYearStart(), setting.horizonHours + 2);
    }

    /** What was since the last look, as far as the thermometer and the forecast of then say. */
    private void observe(Home home, Instant now) {
        int hour = (int) Math.max(
                0, Duration.between(forecast.start(), now.minus(Winter.TICK)).toHours());
        learner.observe(new Observation(
                now,
                OptionalDouble.of(home.sensor().value()),
                home.outdoorCelsius(),
                lastWatts,
                forecast.windowSun(hour),
                OptionalDouble.of(forecast.windMetresPerSecond(hour))));
    }

    private double plan(Winter winter, Home home, Instant now, int step) {
        int steps = setting.horizonHours * 4;
        var weather = forecast.resampled(now, Winter.STEP, steps);
        var outdoor = new double[steps];
        var sun = new double[steps];
        var price = new double[steps];
        double error = setting.nowcast ? home.outdoorCelsius() - weather.outdoorCelsius(0) : 0;
        for (int k = 0; k < steps; k++) {
            outdoor[k] = weather.outdoorCelsius(k) + error * Math.exp(-k * Winter.STEP_HOURS / ERROR_HOURS);
            sun[k] = weather.windowSun(k);
            price[k] = winter.price(setting.pricesKnown ? step + k : known(winter, step, step + k));
        }
        double mean = Arrays.stream(price).map(Math::abs).average().orElseThrow();
        var low = new double[steps];
        var high = new double[steps];
        Arrays.fill(low, Winter.LOW + setting.offset);
        Arrays.fill(high, Winter.HIGH);
        var problem = HeatProblem.of(learner.model(), learner.state().celsius(), Winter.STEP, steps)
                .weather(outdoor, sun, learner.gains(weather))
                .comfort(low, high, setting.kind, setting.discomfort * mean)
                .hardLimits(7, 27)
                .electricity(price);
        if (setting.levels == 0) problem.source(HeatSource.resistive(winter.maximumWatts()));
        else {
            var since = Winter.STEP.multipliedBy(sinceChanged);
            problem.device(device, new DeviceState(level, since, since), new double[setting.levels + 1][steps]);
        }
        var plan = planner.plan(problem.build());
        expectedAir = plan.airCelsius(1);
        int next = plan.level(0);
        sinceChanged = next == level ? sinceChanged + 1 : 1;
        level = next;
        return plan.electricWatts(0);
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
