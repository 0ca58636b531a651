package org.athanor.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.WindowSun;
import org.athanor.units.Kelvins;

/**
 * What a home is made of. SI throughout: m2, W/(m2 K), J/(m2 K).
 *
 * @param airCapacity J/K of the air and of the light things (paper, textiles, curtains) that follow it at once
 * @param furnishings the heavier things in the room
 * @param walls opaque parts towards the outside, a roof included
 * @param masses what separates the home from equally warm neighbours, and its partitions: they store, they lose nothing
 * @param deviceConvectiveShare share of a heater's output that warms the air; the rest is radiated
 */
public record HomeSpec(
        String name,
        double floorArea,
        double airCapacity,
        Furnishings furnishings,
        List<Wall> walls,
        List<Window> windows,
        List<Mass> masses,
        AirExchange airExchange,
        Gains gains,
        Sensor sensor,
        double deviceConvectiveShare) {

    /** @param capacity J/K in all */
    public record Furnishings(double area, double capacity, double convection) {}

    /**
     * Three layers: inner, insulation, outer; each is a node.
     *
     * @param innerResistance between the nodes of inner layer and insulation, m2 K/W; {@code outerResistance} likewise
     * @param absorptance of the outer face for sunlight
     */
    public record Wall(
            String name,
            Plane plane,
            double area,
            double innerCapacity,
            double insulationCapacity,
            double outerCapacity,
            double innerResistance,
            double outerResistance,
            double absorptance,
            double convection) {}

    /**
     * Two panes; each is a node.
     *
     * @param gapResistance between the panes, m2 K/W
     * @param transmittance share of the sun at normal incidence that enters the room as light, frame and lasting shade taken off
     * @param innerAbsorptance share absorbed by the inner pane; {@code outerAbsorptance} likewise
     */
    public record Window(
            String name,
            Plane plane,
            double area,
            double paneCapacity,
            double gapResistance,
            double transmittance,
            double innerAbsorptance,
            double outerAbsorptance,
            double convection) {}

    /**
     * A surface layer and the core behind it, with no heat through the core's far side.
     *
     * @param coupling between the two, W/(m2 K)
     * @param sunShare weight of this surface in the distribution of the sunlight that the windows let in
     */
    public record Mass(
            String name,
            double area,
            double surfaceCapacity,
            double coreCapacity,
            double coupling,
            double convection,
            double sunShare) {}

    /**
     * @param leakageSquareCentimetres effective leakage area at 4 Pa
     * @param stack (L/s)2 / (cm4 K), {@code wind} (L/s)2 / (cm4 (m/s)2): the Sherman-Grimsrud model as in ASHRAE Fundamentals
     * @param ventilationCubicMetresPerHour mechanical
     * @param heatRecovery share of its heat that the ventilation keeps
     */
    public record AirExchange(
            double leakageSquareCentimetres,
            double stack,
            double wind,
            double ventilationCubicMetresPerHour,
            double heatRecovery) {
        /** J/(m3 K) at 20 °C; the greater density of cold air is left out (8 % at 0 °C). */
        static final double AIR_HEAT_CAPACITY = 1.2 * 1006;

        /** Heat lost by infiltration and ventilation per kelvin between inside and outside. */
        double wattsPerKelvin(double differenceKelvin, double windMetresPerSecond) {
            double litresPerSecond = leakageSquareCentimetres
                    * Math.sqrt(stack * Math.abs(differenceKelvin) + wind * windMetresPerSecond * windMetresPerSecond);
            double ventilation = ventilationCubicMetresPerHour / 3600 * (1 - heatRecovery);
            return AIR_HEAT_CAPACITY * (litresPerSecond / 1000 + ventilation);
        }
    }

    /**
     * Watts by local hour.
     *
     * @param convectiveShare of them that warms the air; the rest is radiated
     */
    public record Gains(List<Double> occupantWatts, List<Double> applianceWatts, double convectiveShare) {
        public Gains {
            occupantWatts = List.copyOf(occupantWatts);
            applianceWatts = List.copyOf(applianceWatts);
            if (occupantWatts.size() != 24 || applianceWatts.size() != 24)
                throw new IllegalArgumentException(
                        "gains need 24 hours, not " + occupantWatts.size() + " and " + applianceWatts.size());
        }

        public static Gains none() {
            var zero = Collections.nCopies(24, 0.0);
            return new Gains(zero, zero, 0.5);
        }

        double watts(int hour) {
            return occupantWatts.get(hour) + applianceWatts.get(hour);
        }
    }

    /**
     * @param lag time constant of the first-order lag behind the air
     * @param noise greatest amount by which a reading is off before it is rounded to {@code step}
     */
    public record Sensor(Duration lag, Kelvins step, Kelvins noise) {}

    public HomeSpec {
        walls = List.copyOf(walls);
        windows = List.copyOf(windows);
        masses = List.copyOf(masses);
        if (!(airCapacity > 0)) throw new IllegalArgumentException("air capacity " + airCapacity + ": more than 0 J/K");
        if (!(deviceConvectiveShare >= 0 && deviceConvectiveShare <= 1))
            throw new IllegalArgumentException("convective share " + deviceConvectiveShare + ": 0 to 1");
        if (walls.isEmpty() && windows.isEmpty()) throw new IllegalArgumentException("a home needs an outside");
    }

    /**
     * J/K such that heat E, released anywhere in the room at any pace, never lifts the air by more than E divided by it
     * above what the air would have been without.
     *
     * <p>It is the air's own capacity. Between two runs that differ by E the difference obeys a passive network; in one,
     * heat put into the air lifts no node above E / C_air (maximum principle), and by reciprocity heat put into any other
     * node lifts the air no higher either. Infiltration that grows with the difference only takes away.
     */
    public double airCapacityLowerBound() {
        return airCapacity;
    }

    /** What of its windows a controller must know. */
    public WindowSun windowSun() {
        return new WindowSun(windows.stream()
                .map(window -> new WindowSun.Facing(window.plane(), window.area()))
                .toList());
    }

    /** Well-insulated, 40 m2, on the top floor of a house in a corner, warm neighbours below and beside. */
    public static HomeSpec wellInsulatedFlat() {
        var south = new Wall("south wall", Plane.SOUTH, 16.4, 90e3, 6e3, 140e3, 1.70, 1.70, 0.5, 2.5);
        var west = new Wall("west wall", Plane.WEST, 10.7, 90e3, 6e3, 140e3, 1.70, 1.70, 0.5, 2.5);
        var roof = new Wall("roof", Plane.ROOF, 40, 60e3, 8e3, 20e3, 3.05, 3.05, 0.6, 1.5);
        // triple glazing, U 1.0; g 0.5 less a quarter of frame and a fifth of lasting shade (reveals, houses opposite)
        var southWindow = new Window("south window", Plane.SOUTH, 3.6, 10e3, 0.83, 0.27, 0.03, 0.07, 2.5);
        var westWindow = new Window("west window", Plane.WEST, 1.8, 10e3, 0.83, 0.27, 0.03, 0.07, 2.5);
        var partitions = new Mass("partitions", 55, 14e3, 55e3, 6, 2.5, 0.2);
        var floor = new Mass("floor", 40, 25e3, 80e3, 8, 2.0, 0.5);
        // one person, away on most of the day; a refrigerator and standby always, cooking and screens in the evening
        var occupant = hours(75, 75, 75, 75, 75, 75, 85, 85, 0, 0, 0, 0, 0, 0, 0, 0, 0, 90, 90, 90, 90, 90, 80, 75);
        var appliances = hours(
                35, 35, 35, 35, 35, 35, 80, 90, 35, 35, 35, 35, 35, 35, 35, 35, 40, 90, 180, 160, 120, 110, 90, 50);
        return new HomeSpec(
                "well-insulated flat, 40 m2",
                40,
                400e3,
                new Furnishings(40, 700e3, 3.0),
                List.of(south, west, roof),
                List.of(southWindow, westWindow),
                List.of(partitions, floor),
                new AirExchange(95, 0.000145, 0.000104, 45, 0.7),
                new Gains(occupant, appliances, 0.5),
                new Sensor(Duration.ofMinutes(2), new Kelvins(0.1), new Kelvins(0.03)),
                0.8);
    }

    private static List<Double> hours(double... watts) {
        return DoubleStream.of(watts).boxed().toList();
    }
}
