package org.athanor.simulation;

import java.time.Duration;
import java.util.Arrays;
import org.athanor.comfort.series.SunPosition;

/** Turns weather, sun and people into what they do to each node of a home. */
final class Surroundings {
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    /** ASHRAE's incidence-angle modifier for multiple glazing: 1 - b0 (1/cos - 1). */
    private static final double INCIDENCE_SLOPE = 0.1;
    /** The same over the half sphere, for light from sky and ground. */
    private static final double DIFFUSE_FACTOR = 0.9;

    /** A home and its reference run take turns, a quarter of an hour or less at a time. */
    private static final int REMEMBERED = 4;

    private final RoomNetwork network;
    private final Climate climate;
    private final Boundary[] remembered = new Boundary[REMEMBERED];
    private int oldest;

    /** @param network whose nodes the boundaries are of */
    Surroundings(RoomNetwork network, Climate climate) {
        this.network = network;
        this.climate = climate;
        for (int i = 0; i < REMEMBERED; i++) remembered[i] = new Boundary(network.nodes());
    }

    /** At a time; read it before the next call. One thread uses it, and whoever shares it on that thread shares the work. */
    Boundary at(long nanosSinceYearStart) {
        for (var boundary : remembered) if (boundary.nanosSinceYearStart == nanosSinceYearStart) return boundary;
        var boundary = remembered[oldest];
        oldest = (oldest + 1) % REMEMBERED;
        fill(boundary, nanosSinceYearStart);
        boundary.nanosSinceYearStart = nanosSinceYearStart;
        return boundary;
    }

    private void fill(Boundary boundary, long nanosSinceYearStart) {
        var time = Duration.ofNanos(nanosSinceYearStart);
        var weather = climate.at(time);
        var sun = SunPosition.at(climate.location(), time);
        boundary.outdoorCelsius = weather.outdoorCelsius();
        boundary.windMetresPerSecond = weather.windMetresPerSecond();
        Arrays.fill(boundary.watts, 0);

        double shell = 0;
        double solar = 0;
        var spec = network.spec;
        for (int i = 0; i < spec.walls().size(); i++) {
            var wall = spec.walls().get(i);
            double absorbed = wall.absorptance()
                    * wall.area()
                    * wall.plane().irradiance(sun, weather).total();
            boundary.watts[network.outerLayer(i)] += absorbed;
            shell += absorbed;
        }
        for (int i = 0; i < spec.windows().size(); i++) {
            var window = spec.windows().get(i);
            var light = window.plane().irradiance(sun, weather);
            double through = window.area()
                    * window.transmittance()
                    * (light.direct() * incidenceFactor(light.incidence())
                            + (light.diffuse() + light.ground()) * DIFFUSE_FACTOR);
            double inner = window.area() * window.innerAbsorptance() * light.total();
            double outer = window.area() * window.outerAbsorptance() * light.total();
            network.addSunlight(through, boundary.watts);
            boundary.watts[network.innerPane(i)] += inner;
            boundary.watts[network.innerPane(i) + 1] += outer;
            solar += through + inner + outer;
        }
        boundary.shellSunWatts = shell;
        boundary.solarWatts = solar;

        var gains = spec.gains();
        int hour = (int) Math.floorMod(nanosSinceYearStart / HOUR_NANOS, 24L);
        boundary.gainWatts = gains.watts(hour);
        boundary.peopleAtHome = gains.occupantWatts().get(hour) > 0;
        network.addHeat(
                boundary.gainWatts * gains.convectiveShare(),
                boundary.gainWatts * (1 - gains.convectiveShare()),
                boundary.watts);
    }

    private static double incidenceFactor(double cosine) {
        if (cosine <= 0) return 0;
        return Math.max(0, 1 - INCIDENCE_SLOPE * (1 / cosine - 1));
    }
}
