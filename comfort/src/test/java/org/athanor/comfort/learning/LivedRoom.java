package org.athanor.comfort.learning;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.series.Forecast;

/** A room that is exactly of the learner's family, in made-up weather, heated on and off by a thermostat. */
final class LivedRoom {
    static final Duration STEP = Duration.ofMinutes(5);
    static final Instant START = Instant.parse("2026-01-05T00:00:00Z"); // a Monday

    private final SplittableRandom chance;
    private final IntToDoubleFunction gainByHourOfWeek;
    private final double mostWatts;
    private RoomModel model;
    private RoomModel.Step step;
    double[] celsius;
    Instant now = START;
    private double weatherOff;
    private double cloud = 1;
    private boolean on;
    /** W/K of a window that is open. */
    private double open;

    LivedRoom(RoomModel model, double mostWatts, long seed, IntToDoubleFunction gainByHourOfWeek) {
        chance = new SplittableRandom(seed);
        this.gainByHourOfWeek = gainByHourOfWeek;
        this.mostWatts = mostWatts;
        celsius = new double[model.nodes()];
        Arrays.fill(celsius, 20);
        become(model);
    }

    void become(RoomModel changed) {
        model = changed;
        step = changed.discretise(STEP);
    }

    void openWindow(double wattsPerKelvin) {
        open = wattsPerKelvin;
        var airy = new RoomModel(
                model.airCapacity(),
                model.airToOutdoor() + open,
                model.solarAperture(),
                model.solarToAir(),
                model.heatToAir(),
                model.layers());
        step = airy.discretise(STEP);
    }

    void closeWindow() {
        step = model.discretise(STEP);
    }

    /** One step further, as the learner sees it. */
    Observation live() {
        var inputs = inputs();
        celsius = step.apply(celsius, inputs);
        now = now.plus(STEP);
        return new Observation(
                now, reading(), inputs.outdoorCelsius(), inputs.heatWatts(), inputs.solarWattsPerSquareMetre());
    }

    private RoomModel.Inputs inputs() {
        var local = now.atZone(ZoneOffset.UTC);
        double hour = local.getHour() + local.getMinute() / 60.0;
        double kept = Math.exp(-1 / (12 * 24.0));
        weatherOff = weatherOff * kept + 4 * Math.sqrt(1 - kept * kept) * chance.nextGaussian();
        if (local.getMinute() == 0 && local.getHour() % 3 == 0) cloud = chance.nextDouble();
        double setpoint = local.getHour() < 6 || local.getHour() >= 22 ? 18 : 21;
        if (celsius[0] < setpoint - 0.2) on = true;
        if (celsius[0] > setpoint + 0.2) on = false;
        double sun = 600 * cloud * Math.max(0, Math.sin(Math.PI * (hour - 8) / 9));
        return new RoomModel.Inputs(
                2 + 3 * Math.sin(2 * Math.PI * (hour - 9) / 24) + weatherOff,
                on ? mostWatts : 0,
                sun,
                gainByHourOfWeek.applyAsDouble(HourOfWeek.hour(local)));
    }

    double reading() {
        return Math.rint((celsius[0] + 0.06 * (chance.nextDouble() - 0.5)) * 10) / 10;
    }

    /** Hours to come with what drives them, all of it known: for predictions that are judged. */
    static final class Ahead {
        final Forecast outlook;
        final double[] heat;
        final Observation[] observations;
        final double[] air;

        Ahead(LivedRoom room, int steps) {
            var outdoor = new double[steps];
            var sun = new double[steps];
            heat = new double[steps];
            air = new double[steps];
            observations = new Observation[steps];
            var start = room.now;
            for (int i = 0; i < steps; i++) {
                observations[i] = room.live();
                outdoor[i] = observations[i].outdoorCelsius();
                sun[i] = observations[i].windowSun();
                heat[i] = observations[i].heatWatts();
                air[i] = room.celsius[0];
            }
            outlook = new Forecast(start, start, STEP, outdoor, sun);
        }
    }
}
