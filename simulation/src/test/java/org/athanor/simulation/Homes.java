package org.athanor.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.SunPosition;
import org.athanor.comfort.series.WeatherSample;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;

/** Homes and climates that tests share. */
final class Homes {
    static final Location CHICAGO = new Location("Chicago", 41.98, -87.92, -6);

    private Homes() {}

    static Climate dark(double outdoorCelsius, double wind) {
        return Climate.constant(CHICAGO, new WeatherSample(outdoorCelsius, wind, 0, 0, 0));
    }

    static HomeSpec withoutGains(HomeSpec spec) {
        return new HomeSpec(
                spec.name(),
                spec.floorArea(),
                spec.airCapacity(),
                spec.furnishings(),
                spec.walls(),
                spec.windows(),
                spec.masses(),
                spec.airExchange(),
                HomeSpec.Gains.none(),
                spec.sensor(),
                spec.deviceConvectiveShare());
    }

    /** One airtight wall and the furnishings: small enough to be solved by hand. */
    static HomeSpec box(double wallArea, double furnishingsArea) {
        return new HomeSpec(
                "box",
                10,
                100e3,
                new HomeSpec.Furnishings(furnishingsArea, 50e3, 3),
                List.of(new HomeSpec.Wall("wall", Plane.NORTH, wallArea, 50e3, 5e3, 50e3, 1, 1, 0, 2.5)),
                List.of(),
                List.of(),
                new HomeSpec.AirExchange(0, 0.000145, 0.000104, 0, 0),
                HomeSpec.Gains.none(),
                new HomeSpec.Sensor(Duration.ofMinutes(2), new Kelvins(0.1), new Kelvins(0.03)),
                1);
    }

    /** Mean heat that holding {@code indoor} takes once everything has settled. */
    static double settledDemandWatts(HomeSpec spec, Climate climate, double indoor) {
        var run = new ReferenceRun(new Home(spec, climate, Duration.ZERO, new Celsius(indoor), 0));
        run.advance(Duration.ofDays(25), new Celsius(indoor)); // five time constants
        return run.advance(Duration.ofDays(1), new Celsius(indoor))
                .per(Duration.ofDays(1))
                .value();
    }

    /** Weather made up from a seed: another temperature, wind and cloud every hour, with a sun that is where it must be. */
    static Climate random(long seed) {
        return new Climate() {
            @Override
            public Location location() {
                return CHICAGO;
            }

            @Override
            public WeatherSample at(Duration sinceYearStart) {
                var chance = new SplittableRandom(seed * 31 + sinceYearStart.toHours());
                double sine = Math.max(
                        0, Math.sin(SunPosition.at(CHICAGO, sinceYearStart).elevation()));
                double direct = sine > 0 ? 900 * chance.nextDouble() : 0;
                double diffuse = 200 * sine * chance.nextDouble();
                return new WeatherSample(
                        -25 + 55 * chance.nextDouble(),
                        15 * chance.nextDouble(),
                        direct * sine + diffuse,
                        direct,
                        diffuse);
            }
        };
    }
}
