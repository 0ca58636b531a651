package org.athanor.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.Observation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.Weather;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.Home;
import org.athanor.simulation.HomeSpec;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** Simulated homes under a thermostat, as a learner finds them. */
final class LearnHomes {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MINUTES = (int) LearnTrace.STEP.toMinutes();

    /** How a room was heated while it was learned. */
    enum Heating {
        /** On below the setpoint less 0.2 K, off above it plus 0.2 K; 3 K less at night. */
        ON_OFF,
        /** As much as holds one setpoint, smoothly: what says least of a room. */
        SMOOTH,
        /** Smoothly while it was learned, on and off after that: predictions must know more than what used to be. */
        SMOOTH_THEN_ON_OFF
    }

    private LearnHomes() {}

    /** 20 m² of timber with much glass to the south: nothing in it holds a sunny hour. */
    static HomeSpec sunnyLightRoom() {
        var south = new HomeSpec.Wall("south wall", Plane.SOUTH, 8, 15e3, 5e3, 20e3, 1.3, 1.3, 0.5, 2.5);
        var roof = new HomeSpec.Wall("roof", Plane.ROOF, 20, 12e3, 6e3, 15e3, 2.0, 2.0, 0.6, 1.5);
        var window = new HomeSpec.Window("south window", Plane.SOUTH, 6, 10e3, 0.45, 0.42, 0.04, 0.08, 2.5);
        var partitions = new HomeSpec.Mass("partitions", 35, 9e3, 9e3, 5, 2.5, 0.3);
        var floor = new HomeSpec.Mass("floor", 20, 14e3, 25e3, 4, 2.0, 0.4);
        return new HomeSpec(
                "sunny light room, 20 m2",
                20,
                150e3,
                new HomeSpec.Furnishings(20, 300e3, 3),
                List.of(south, roof),
                List.of(window),
                List.of(partitions, floor),
                new HomeSpec.AirExchange(90, 0.000145, 0.000104, 20, 0),
                HomeSpec.wellInsulatedFlat().gains(),
                new HomeSpec.Sensor(Duration.ofMinutes(4), new Kelvins(0.1), new Kelvins(0.03)),
                0.7);
    }

    /** 70 m² of brick and concrete from the 1970s. */
    static HomeSpec heavyHouse() {
        var walls = List.of(
                new HomeSpec.Wall("south wall", Plane.SOUTH, 22, 190e3, 8e3, 180e3, 0.75, 0.75, 0.6, 2.5),
                new HomeSpec.Wall("north wall", Plane.NORTH, 25, 190e3, 8e3, 180e3, 0.75, 0.75, 0.6, 2.5),
                new HomeSpec.Wall("east wall", Plane.EAST, 20, 190e3, 8e3, 180e3, 0.75, 0.75, 0.6, 2.5));
        var windows = List.of(
                new HomeSpec.Window("south window", Plane.SOUTH, 5, 10e3, 0.35, 0.36, 0.04, 0.08, 2.5),
                new HomeSpec.Window("east window", Plane.EAST, 3, 10e3, 0.35, 0.36, 0.04, 0.08, 2.5));
        var masses = List.of(
                new HomeSpec.Mass("partitions", 90, 45e3, 80e3, 12, 2.5, 0.2),
                new HomeSpec.Mass("ceiling", 70, 70e3, 240e3, 10, 1.5, 0.1),
                new HomeSpec.Mass("floor", 70, 70e3, 240e3, 10, 2.0, 0.5));
        return new HomeSpec(
                "heavy house, 70 m2",
                70,
                550e3,
                new HomeSpec.Furnishings(70, 1.2e6, 3),
                walls,
                windows,
                masses,
                new HomeSpec.AirExchange(300, 0.000145, 0.000104, 40, 0),
                HomeSpec.wellInsulatedFlat().gains(),
                new HomeSpec.Sensor(Duration.ofMinutes(3), new Kelvins(0.1), new Kelvins(0.03)),
                0.5);
    }

    static RoomPrior priorOfFlat() {
        return new RoomPrior(40, Construction.MEDIUM, Insulation.GOOD, 5.4);
    }

    static RoomPrior priorOfSunnyLightRoom() {
        return new RoomPrior(20, Construction.LIGHT, Insulation.AVERAGE, 6);
    }

    static RoomPrior priorOfHeavyHouse() {
        return new RoomPrior(70, Construction.HEAVY, Insulation.AVERAGE, 8);
    }

    static LearnTrace lived(
            HomeSpec spec,
            RoomPrior prior,
            Weather weather,
            Heating heating,
            double mostWatts,
            int firstDay,
            int trainDays,
            int testDays) {
        int perDay = 24 * LearnTrace.STEPS_PER_HOUR;
        int steps = (trainDays + testDays) * perDay;
        var begin = Duration.ofDays(firstDay);
        // two days for shell and masses to settle
        var home = new Home(spec, weather, begin.minusDays(2), new Celsius(20), 7);
        var facings = spec.windows().stream()
                .map(window -> new WindowSun.Facing(window.plane(), window.area()))
                .toList();
        var windowSun = new WindowSun(facings);
        var observations = new ArrayList<Observation>();
        var thermostat = new Thermostat(heating, mostWatts);
        for (int i = -2 * perDay; i < steps; i++) {
            if (i == trainDays * perDay && heating == Heating.SMOOTH_THEN_ON_OFF)
                thermostat = new Thermostat(Heating.ON_OFF, mostWatts);
            var from = home.sinceYearStart();
            double joules = 0;
            for (int j = 0; j < MINUTES; j++) {
                double watts = thermostat.watts(
                        home.sensor().value(), home.sinceYearStart().toHours() % 24);
                home.advance(MINUTE, new Watts(watts));
                joules += watts * MINUTE.toSeconds();
            }
            if (i < 0) continue;
            double outdoor = 0;
            double sun = 0;
            double wind = 0;
            for (int j = 0; j < MINUTES; j++) {
                var time = from.plus(MINUTE.multipliedBy(2L * j + 1).dividedBy(2));
                var sample = weather.at(time);
                outdoor += sample.outdoorCelsius() / MINUTES;
                sun += windowSun.wattsPerSquareMetre(weather.location(), sample, time) / MINUTES;
                wind += sample.windMetresPerSecond() / MINUTES;
            }
            observations.add(new Observation(
                    LearnTrace.YEAR_START.plus(home.sinceYearStart()),
                    OptionalDouble.of(home.sensor().value()),
                    outdoor,
                    joules / LearnTrace.STEP.toSeconds(),
                    sun,
                    OptionalDouble.of(wind)));
        }
        var name = spec.name() + ", " + weather.location().name() + ", "
                + heating.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new LearnTrace(name, prior, trainDays * perDay, observations);
    }

    private static final class Thermostat {
        private static final double SETPOINT = 21;
        private static final double NIGHT = 18;
        private static final double HALF_BAND = 0.2;
        private static final double BAND = 1.5;

        private final Heating heating;
        private final double mostWatts;
        private boolean on;
        private double correction;

        Thermostat(Heating heating, double mostWatts) {
            this.heating = heating;
            this.mostWatts = mostWatts;
        }

        double watts(double celsius, long hour) {
            if (heating != Heating.ON_OFF) {
                double error = SETPOINT - celsius;
                double demand = error / BAND + correction;
                if (demand > 0 && demand < 1) correction += error / BAND / 240; // integral time of four hours
                return mostWatts * Math.clamp(demand, 0, 1);
            }
            double setpoint = hour < 6 || hour >= 22 ? NIGHT : SETPOINT;
            if (celsius < setpoint - HALF_BAND) on = true;
            if (celsius > setpoint + HALF_BAND) on = false;
            return on ? mostWatts : 0;
        }
    }
}
