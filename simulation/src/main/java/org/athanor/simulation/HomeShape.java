package org.athanor.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.athanor.comfort.series.Plane;
import org.athanor.units.Kelvins;

/**
 * A home by the few words that people know of theirs. Everything else is declared assumption: proportions of the project's
 * reference flat, thermal transmittances by class, capacity per floor area of the Danish energy handbook.
 *
 * @param floorArea m², 15 to 500
 * @param people who live there; their heat and that of what they use
 */
public record HomeShape(Kind kind, double floorArea, Mass mass, Insulation insulation, int people) {
    public enum Kind {
        /** On the top floor in a corner: two outer walls and the roof. */
        FLAT,
        /** Detached, two storeys. */
        HOUSE
    }

    /** Wh/K per m² of floor: 55 light, 105 heavy, 160 extra heavy in the handbook. */
    public enum Mass {
        LIGHT(55),
        MEDIUM(105),
        HEAVY(160);

        public final double wattHoursPerKelvin;

        Mass(double wattHoursPerKelvin) {
            this.wattHoursPerKelvin = wattHoursPerKelvin;
        }
    }

    /** Assumed; not taken from any country's statistics. GOOD is near the project's reference flat. */
    public enum Insulation {
        POOR(1.4, 1.0, 2.8, 0.63, 6, 0),
        AVERAGE(0.6, 0.4, 1.6, 0.5, 4, 0),
        GOOD(0.28, 0.16, 1.0, 0.45, 2.4, 0.7),
        PASSIVE(0.12, 0.10, 0.7, 0.45, 0.8, 0.85);

        /** W/(m² K) with the films of air on both sides. */
        final double wall;

        final double roof;
        final double window;
        /** Share of the sun at normal incidence that gets in, frame and shade not yet taken off. */
        final double solarGain;
        /** Leakage area at 4 Pa, cm² per m² of floor. */
        final double leakage;
        /** Share of its heat that the ventilation keeps. */
        final double recovery;

        Insulation(double wall, double roof, double window, double solarGain, double leakage, double recovery) {
            this.wall = wall;
            this.roof = roof;
            this.window = window;
            this.solarGain = solarGain;
            this.leakage = leakage;
            this.recovery = recovery;
        }
    }

    private static final double ROOM_HEIGHT = 2.5;
    /** m² K/W, inside and outside together (ISO 6946: 0.13 and 0.04). */
    private static final double FILMS = 0.17;

    private static final double PANES_WITHOUT_GAP = 0.17;
    /** A quarter of frame and a fifth of lasting shade, as in the reference flat. */
    private static final double FRAME_AND_SHADE = 0.6;
    /** Soil keeps about half of what the same floor would lose to the air. */
    private static final double SOIL_FACTOR = 0.5;

    private static final double VENTILATION_PER_PERSON = 30;
    private static final double AIR_AND_TEXTILES = 10e3; // J/(m2 K), as in the reference flat
    private static final double FURNISHINGS = 17.5e3;
    private static final double REFERENCE_AREA = 40;

    public HomeSpec spec(String name) {
        double light = (AIR_AND_TEXTILES + FURNISHINGS) * floorArea;
        double wanted = mass.wattHoursPerKelvin * 3600 * floorArea;
        return spec(name, (wanted - light) / (capacity(spec(name, 1)) - light));
    }

    /** J/K of all that is on the inner side of the insulation. */
    public static double capacity(HomeSpec spec) {
        double sum = spec.airCapacity() + spec.furnishings().capacity();
        for (var wall : spec.walls()) sum += wall.area() * wall.innerCapacity();
        for (var mass : spec.masses()) sum += mass.area() * (mass.surfaceCapacity() + mass.coreCapacity());
        return sum;
    }

    /** @param weight factor on the layers of the reference flat */
    private HomeSpec spec(String name, double weight) {
        double storeys = kind == Kind.HOUSE ? 2 : 1;
        double footprint = floorArea / storeys;
        double wide = 8 * Math.sqrt(footprint / REFERENCE_AREA);
        double deep = 5 * Math.sqrt(footprint / REFERENCE_AREA);
        double height = ROOM_HEIGHT * storeys;
        var walls = new ArrayList<HomeSpec.Wall>();
        var windows = new ArrayList<HomeSpec.Window>();
        addFacade(walls, windows, weight, "south", Plane.SOUTH, wide * height, 0.18);
        addFacade(walls, windows, weight, "west", Plane.WEST, deep * height, 0.14);
        if (kind == Kind.HOUSE) {
            addFacade(walls, windows, weight, "north", Plane.NORTH, wide * height, 0.08);
            addFacade(walls, windows, weight, "east", Plane.EAST, deep * height, 0.14);
        }
        walls.add(wall("roof", Plane.ROOF, footprint, insulation.roof, 60e3 * weight, 20e3, 0.6, 1.5));
        if (kind == Kind.HOUSE)
            walls.add(
                    wall("ground floor", DOWN, footprint, insulation.roof * SOIL_FACTOR, 60e3 * weight, 100e3, 0, 1.5));
        double partitions = 1.375 * floorArea;
        var masses = List.of(
                new HomeSpec.Mass("partitions", partitions, 14e3 * weight, 55e3 * weight, 6, 2.5, 0.2),
                new HomeSpec.Mass("floors", floorArea, 25e3 * weight, 80e3 * weight, 8, 2.0, 0.5));
        return new HomeSpec(
                name,
                floorArea,
                AIR_AND_TEXTILES * floorArea,
                new HomeSpec.Furnishings(floorArea, FURNISHINGS * floorArea, 3.0),
                walls,
                windows,
                masses,
                new HomeSpec.AirExchange(
                        insulation.leakage * floorArea,
                        0.000145 * storeys,
                        kind == Kind.HOUSE ? 0.000137 : 0.000104,
                        VENTILATION_PER_PERSON * people,
                        insulation.recovery),
                gains(),
                new HomeSpec.Sensor(Duration.ofMinutes(2), new Kelvins(0.1), new Kelvins(0.03)),
                0.6);
    }

    private static final Plane DOWN = new Plane(180, 180);

    private void addFacade(
            List<HomeSpec.Wall> walls,
            List<HomeSpec.Window> windows,
            double weight,
            String side,
            Plane plane,
            double area,
            double glazed) {
        walls.add(wall(
                side + " wall", plane, area * (1 - glazed), insulation.wall, 90e3 * weight, 140e3 * weight, 0.5, 2.5));
        double transmittance = insulation.solarGain * FRAME_AND_SHADE;
        windows.add(new HomeSpec.Window(
                side + " window",
                plane,
                area * glazed,
                10e3,
                Math.max(0.05, 1 / insulation.window - PANES_WITHOUT_GAP),
                transmittance,
                0.03,
                0.07,
                2.5));
    }

    private static HomeSpec.Wall wall(
            String name,
            Plane plane,
            double area,
            double transmittance,
            double inner,
            double outer,
            double absorptance,
            double convection) {
        double half = (1 / transmittance - FILMS) / 2;
        return new HomeSpec.Wall(name, plane, area, inner, 6e3, outer, half, half, absorptance, convection);
    }

    /** Away on most of the day; a refrigerator and standby always, cooking and screens in the evening. */
    private HomeSpec.Gains gains() {
        double[] person = {75, 75, 75, 75, 75, 75, 85, 85, 0, 0, 0, 0, 0, 0, 0, 0, 0, 90, 90, 90, 90, 90, 80, 75};
        double[] things = {
            35, 35, 35, 35, 35, 35, 80, 90, 35, 35, 35, 35, 35, 35, 35, 35, 40, 90, 180, 160, 120, 110, 90, 50
        };
        double appliances = Math.sqrt(people); // one refrigerator serves all
        if (people == 0) return new HomeSpec.Gains(Collections.nCopies(24, 0.0), Collections.nCopies(24, 0.0), 0.5);
        return new HomeSpec.Gains(
                IntStream.range(0, 24).mapToObj(hour -> person[hour] * people).toList(),
                IntStream.range(0, 24)
                        .mapToObj(hour -> things[hour] * appliances)
                        .toList(),
                0.5);
    }

    public static int peopleFor(double floorArea) {
        return Math.clamp(Math.round(floorArea / 40), 1, 4);
    }

    /** Watts lost through the shell and by air exchange in a fresh wind: what its heating is laid out by. */
    public static double loss(HomeSpec spec, double differenceKelvin) {
        double loss = 0;
        for (var wall : spec.walls()) loss += wall.area() / (FILMS + wall.innerResistance() + wall.outerResistance());
        for (var window : spec.windows()) loss += window.area() / (FILMS + window.gapResistance());
        var air = spec.airExchange();
        double windMetresPerSecond = 6;
        double litresPerSecond = air.leakageSquareCentimetres()
                * Math.sqrt(air.stack() * differenceKelvin + air.wind() * windMetresPerSecond * windMetresPerSecond);
        double ventilation = air.ventilationCubicMetresPerHour() / 3.6 * (1 - air.heatRecovery());
        return differenceKelvin * (loss + 1.2 * (litresPerSecond + ventilation));
    }
}
