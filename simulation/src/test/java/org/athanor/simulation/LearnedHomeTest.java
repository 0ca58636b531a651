package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.RoomLearner;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.WindowSun;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;

/** A home of another kind than the learner's models, heated by a plain thermostat. */
class LearnedHomeTest {
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final int DAY = 288;
    private static final int QUARTER = DAY / 4;
    private static final int TRAINED = 12 * DAY;
    private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final RoomPrior PRIOR = new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD);

    @Test
    void whatWasLearnedPredictsBetterThanThePrior() {
        var observations = lived(HomeSpec.wellInsulatedFlat(), TRAINED + 6 * DAY);
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        for (int i = 0; i < TRAINED; i++) learner.observe(observations[i]);
        double learned = 0;
        double unlearned = 0;
        for (int day = TRAINED; day < observations.length; day += DAY) {
            var fresh = new RoomLearner(PRIOR, ZoneOffset.UTC, List.of(2));
            for (int i = day - 12; i < day; i++) fresh.observe(observations[i]);
            learned += squaredError(learner, observations, day);
            unlearned += squaredError(fresh, observations, day);
            for (int i = day; i < day + DAY; i++) learner.observe(observations[i]);
        }
        learned = Math.sqrt(learned / 6);
        unlearned = Math.sqrt(unlearned / 6);
        assertTrue(learned < 0.5, "learned: " + learned + " K over 24 h");
        assertTrue(learned < unlearned / 2, learned + " K learned, " + unlearned + " K not");
    }

    @Test
    void aDraughtyHomeIsPredictedBetterByWhoIsToldTheWind() {
        var observations = lived(draughty(HomeSpec.wellInsulatedFlat()), TRAINED + 6 * DAY);
        var windless = new Observation[observations.length];
        Arrays.setAll(windless, i -> {
            var told = observations[i];
            return new Observation(
                    told.time(),
                    told.roomCelsius().orElseThrow(),
                    told.outdoorCelsius(),
                    told.heatWatts(),
                    told.windowSun());
        });
        double told = squaredErrors(observations);
        double untold = squaredErrors(windless);
        assertTrue(told < untold / 2, told + " K² told of the wind, " + untold + " K² not");
    }

    /** Of the days after training, all together. */
    private static double squaredErrors(Observation[] observations) {
        var learner = new RoomLearner(PRIOR, ZoneOffset.UTC);
        double sum = 0;
        for (int i = 0; i < observations.length; i++) {
            if (i >= TRAINED && i % QUARTER == 0 && i <= observations.length - DAY)
                sum += squaredError(learner, observations, i);
            learner.observe(observations[i]);
        }
        return sum;
    }

    /** Mean over 24 h of the squares. */
    private static double squaredError(RoomLearner learner, Observation[] observations, int day) {
        var start = observations[day - 1].time();
        var outdoor = new double[DAY];
        var sun = new double[DAY];
        var heat = new double[DAY];
        boolean windTold = observations[day].windMetresPerSecond().isPresent();
        var wind = new double[windTold ? DAY : 0];
        for (int i = 0; i < DAY; i++) {
            outdoor[i] = observations[day + i].outdoorCelsius();
            sun[i] = observations[day + i].windowSun();
            heat[i] = observations[day + i].heatWatts();
            if (windTold) wind[i] = observations[day + i].windMetresPerSecond().orElseThrow();
        }
        var prediction = learner.prediction(new Forecast(start, start, STEP, outdoor, sun, wind), heat);
        double sum = 0;
        for (int i = 0; i < DAY; i++) {
            double error = observations[day + i].roomCelsius().orElseThrow() - prediction.celsius(i);
            sum += error * error / DAY;
        }
        return sum;
    }

    private static HomeSpec draughty(HomeSpec spec) {
        return new HomeSpec(
                spec.name(),
                spec.floorArea(),
                spec.airCapacity(),
                spec.furnishings(),
                spec.walls(),
                spec.windows(),
                spec.masses(),
                new HomeSpec.AirExchange(400, 0.000145, 0.000104, 0, 0),
                spec.gains(),
                spec.sensor(),
                spec.deviceConvectiveShare());
    }

    private static Observation[] lived(HomeSpec spec, int steps) {
        var weather = ShippedData.chicago();
        var windows = new WindowSun(spec.windows().stream()
                .map(window -> new WindowSun.Facing(window.plane(), window.area()))
                .toList());
        var home = new Home(spec, weather, Duration.ofDays(14), new Celsius(20.5), 3);
        var observations = new Observation[steps];
        boolean on = false;
        for (int i = 0; i < steps; i++) {
            var middle = home.sinceYearStart().plus(STEP.dividedBy(2));
            double setpoint = middle.toHours() % 24 < 6 ? 19 : 20.5;
            if (home.sensor().value() < setpoint - 0.2) on = true;
            if (home.sensor().value() > setpoint + 0.2) on = false;
            var heat = new Watts(on ? 4000 : 0);
            home.advance(STEP, heat);
            var sample = weather.at(middle);
            observations[i] = new Observation(
                    YEAR.plus(home.sinceYearStart()),
                    OptionalDouble.of(home.sensor().value()),
                    sample.outdoorCelsius(),
                    heat.value(),
                    windows.wattsPerSquareMetre(weather.location(), sample, middle),
                    OptionalDouble.of(sample.windMetresPerSecond()));
        }
        return observations;
    }
}
