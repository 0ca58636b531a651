package org.athanor.comfort.series;

import java.time.Duration;
import java.util.List;

/**
 * How much sun falls on a room's windows: the mean over their planes, weighted by area. Global horizontal radiation says
 * little of it; in winter a south window sees most when a roof sees least.
 *
 * @param facings each plane that has windows
 */
public record WindowSun(List<Facing> facings) {
    /** Where nothing is known of the windows. */
    public static final WindowSun SOUTH = new WindowSun(List.of(new Facing(Plane.SOUTH, 1)));

    /** @param area of the glass, m² (or any other unit: only the shares count) */
    public record Facing(Plane plane, double area) {
        public Facing {
            if (!(area > 0) || Double.isInfinite(area))
                throw new IllegalArgumentException("window area " + area + " (above 0)");
        }
    }

    public WindowSun {
        facings = List.copyOf(facings);
        if (facings.isEmpty()) throw new IllegalArgumentException("no window");
    }

    /**
     * W/m² on the windows, reflections at the glass not counted.
     *
     * @param sinceYearStart local standard time
     */
    public double wattsPerSquareMetre(Location location, WeatherSample weather, Duration sinceYearStart) {
        var sun = SunPosition.at(location, sinceYearStart);
        double watts = 0;
        double area = 0;
        for (var facing : facings) {
            watts += facing.area() * facing.plane().irradiance(sun, weather).total();
            area += facing.area();
        }
        return watts / area;
    }
}
