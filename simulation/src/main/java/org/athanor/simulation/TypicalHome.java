package org.athanor.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.comfort.series.Plane;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.HomeSpec.AirExchange;
import org.athanor.simulation.HomeSpec.Furnishings;
import org.athanor.simulation.HomeSpec.Gains;
import org.athanor.simulation.HomeSpec.Mass;
import org.athanor.simulation.HomeSpec.Sensor;
import org.athanor.simulation.HomeSpec.Wall;
import org.athanor.simulation.HomeSpec.Window;
import org.athanor.units.Kelvins;

/**
 * A home as people can describe theirs, from which a {@link HomeSpec} follows. Heat capacities add up to some 120, 300 and
 * 530 kJ/(m² K) of floor: between the classes light, medium and heavy of the Danish energy handbook (40, 105, 160 Wh/(m² K),
 * hbemo.dk 4.5.3.2). U-values are assumptions, typical for a house never insulated, insulated in the 1990s, and by the rules
 * of the 2010s.
 *
 * @param floorArea m²
 * @param glassShare area of the windows' glass for each m² of floor; two thirds of it face south, the rest west (and east)
 */
public record TypicalHome(
        Dwelling dwelling, double floorArea, Construction construction, Insulation insulation, double glassShare) {
    /** How much of it touches the outdoors. */
    public enum Dwelling {
        /** One storey in a corner, between warm neighbours. */
        FLAT,
        /** Two storeys, detached. */
        HOUSE
    }

    /** What it is built of, in J/(m² K): inner layer of the walls; surface and core of floors, then of partitions. */
    public enum Construction {
        LIGHT(16e3, 12e3, 40e3, 10e3, 15e3),
        MEDIUM(90e3, 25e3, 90e3, 14e3, 60e3),
        HEAVY(160e3, 35e3, 190e3, 20e3, 110e3);

        private final double wall;
        private final double floorSurface;
        private final double floorCore;
        private final double partitionSurface;
        private final double partitionCore;

        Construction(
                double wall, double floorSurface, double floorCore, double partitionSurface, double partitionCore) {
            this.wall = wall;
            this.floorSurface = floorSurface;
            this.floorCore = floorCore;
            this.partitionSurface = partitionSurface;
            this.partitionCore = partitionCore;
        }
    }

    /** U-values in W/(m² K) of walls, roof or ground floor, and glass; its g-value; leakage in cm² for each m² of floor. */
    public enum Insulation {
        NONE(1.3, 1.0, 2.8, 0.70, 6, 0),
        AVERAGE(0.5, 0.35, 1.5, 0.58, 4, 0),
        GOOD(0.22, 0.16, 1.0, 0.50, 2, 0.7);

        private final double wall;
        private final double roof;
        private final double glass;
        private final double transmittance;
        private final double leakage;
        private final double heatRecovery;

        Insulation(double wall, double roof, double glass, double transmittance, double leakage, double heatRecovery) {
            this.wall = wall;
            this.roof = roof;
            this.glass = glass;
            this.transmittance = transmittance;
            this.leakage = leakage;
            this.heatRecovery = heatRecovery;
        }
    }

    private static final double STOREY_METRES = 2.6;
    /** Share of the glass that frames, reveals and lasting shade leave. */
    private static final double UNSHADED = 0.6;

    private static final double SOUTH_SHARE = 2 / 3.0;
    private static final double CONVECTIVE = 0.8;
    /** Of both faces of a wall together, m² K/W (ISO 6946). */
    private static final double FACES = 0.17;

    /** @throws IllegalArgumentException for a floor area of not 8 to 1000 m², or glass of not 0.02 to 0.5 m² for each m² */
    public TypicalHome {
        if (!(floorArea >= 8 && floorArea <= 1000))
            throw new IllegalArgumentException("floor area " + floorArea + " m² (8 to 1000)");
        if (!(glassShare >= 0.02 && glassShare <= 0.5))
            throw new IllegalArgumentException("glass " + glassShare + " m² for each m² of floor (0.02 to 0.5)");
    }

    public TypicalHome(Dwelling dwelling, double floorArea, Construction construction, Insulation insulation) {
        this(dwelling, floorArea, construction, insulation, 0.12);
    }

    /** A small attic flat of timber with much glass to the south. */
    public static TypicalHome lightSunnyRoom() {
        return new TypicalHome(Dwelling.FLAT, 25, Construction.LIGHT, Insulation.AVERAGE, 0.25);
    }

    /** A flat of brick and concrete, insulated in the 1990s. */
    public static TypicalHome mediumFlat() {
        return new TypicalHome(Dwelling.FLAT, 60, Construction.MEDIUM, Insulation.AVERAGE);
    }

    /** A small detached house of stone, insulated by the rules of the 2010s. */
    public static TypicalHome heavyHouse() {
        return new TypicalHome(Dwelling.HOUSE, 90, Construction.HEAVY, Insulation.GOOD);
    }

    public HomeSpec spec() {
        var walls = new ArrayList<Wall>();
        var windows = new ArrayList<Window>();
        double glass = glassShare * floorArea;
        boolean house = dwelling == Dwelling.HOUSE;
        double footprint = house ? floorArea / 2 : floorArea;
        double facade = Math.sqrt(footprint) * STOREY_METRES * (house ? 2 : 1);
        addFacade(walls, windows, "south", Plane.SOUTH, facade, glass * SOUTH_SHARE);
        addFacade(walls, windows, "west", Plane.WEST, facade, glass * (1 - SOUTH_SHARE) * (house ? 0.5 : 1));
        if (house) {
            addFacade(walls, windows, "east", Plane.EAST, facade, glass * (1 - SOUTH_SHARE) * 0.5);
            addFacade(walls, windows, "north", Plane.NORTH, facade, 0);
            walls.add(roof("roof", Plane.ROOF, footprint, 0.6));
            // over a ventilated crawl space
            walls.add(roof("ground floor", new Plane(0, 180), footprint, 0));
        }
        var floors = new Mass("floors", floorArea, construction.floorSurface, construction.floorCore, 8, 2.0, 0.6);
        var partitions = new Mass(
                "partitions", 1.3 * floorArea, construction.partitionSurface, construction.partitionCore, 6, 2.5, 0.4);
        return new HomeSpec(
                name(),
                floorArea,
                10e3 * floorArea,
                new Furnishings(floorArea, 17e3 * floorArea, 3.0),
                walls,
                windows,
                List.of(floors, partitions),
                new AirExchange(
                        insulation.leakage * floorArea, 0.000145, 0.000104, 1.0 * floorArea, insulation.heatRecovery),
                gains(),
                new Sensor(Duration.ofMinutes(2), new Kelvins(0.1), new Kelvins(0.03)),
                CONVECTIVE);
    }

    private String name() {
        return String.format(
                Locale.ROOT,
                "%s %s of %.0f m2, insulation %s",
                construction.name().toLowerCase(Locale.ROOT),
                dwelling.name().toLowerCase(Locale.ROOT),
                floorArea,
                insulation.name().toLowerCase(Locale.ROOT));
    }

    private void addFacade(
            List<Wall> walls, List<Window> windows, String side, Plane plane, double area, double glass) {
        // a façade of nothing but glass keeps its frame
        double opening = Math.min(glass, 0.9 * area);
        walls.add(wall(side + " wall", plane, area - opening));
        if (opening == 0) return;
        double gap = 1 / insulation.glass - FACES;
        windows.add(new Window(
                side + " window", plane, opening, 10e3, gap, insulation.transmittance * UNSHADED, 0.03, 0.07, 2.5));
    }

    private Wall wall(String name, Plane plane, double area) {
        double half = (1 / insulation.wall - FACES) / 2;
        double outer = construction == Construction.LIGHT ? 20e3 : 140e3;
        return new Wall(name, plane, area, construction.wall, 6e3, outer, half, half, 0.5, 2.5);
    }

    private Wall roof(String name, Plane plane, double area, double absorptance) {
        double half = (1 / insulation.roof - FACES) / 2;
        return new Wall(name, plane, area, construction.wall / 2, 8e3, 20e3, half, half, absorptance, 1.5);
    }

    /** Those of the well-insulated flat for each 40 m². */
    private Gains gains() {
        var one = HomeSpec.wellInsulatedFlat();
        double people = floorArea / one.floorArea();
        return new Gains(
                one.gains().occupantWatts().stream().map(w -> w * people).toList(),
                one.gains().applianceWatts().stream().map(w -> w * people).toList(),
                one.gains().convectiveShare());
    }

    /** What of its windows a controller must know. */
    public static WindowSun windowSun(HomeSpec spec) {
        return new WindowSun(spec.windows().stream()
                .map(window -> new WindowSun.Facing(window.plane(), window.area()))
                .toList());
    }
}
