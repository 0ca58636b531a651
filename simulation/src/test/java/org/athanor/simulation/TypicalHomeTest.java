package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.simulation.TypicalHome.Construction;
import org.athanor.simulation.TypicalHome.Dwelling;
import org.athanor.simulation.TypicalHome.Insulation;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TypicalHomeTest {
    /** Of what is inside the insulation, J/(m² K). */
    private static double capacity(TypicalHome home) {
        var spec = home.spec();
        double sum = spec.airCapacity() + spec.furnishings().capacity();
        for (var wall : spec.walls()) sum += wall.area() * wall.innerCapacity();
        for (var mass : spec.masses()) sum += mass.area() * (mass.surfaceCapacity() + mass.coreCapacity());
        return sum / spec.floorArea();
    }

    @Test
    void capacitiesAreThoseOfTheirClasses() {
        assertEquals(120e3, capacity(TypicalHome.lightSunnyRoom()), 20e3);
        assertEquals(300e3, capacity(TypicalHome.mediumFlat()), 40e3);
        assertEquals(530e3, capacity(new TypicalHome(Dwelling.FLAT, 60, Construction.HEAVY, Insulation.GOOD)), 60e3);
    }

    /** W/K, with air at 20 °C, -5 °C and 4 m/s outside, no sun. */
    @ParameterizedTest
    @EnumSource(Dwelling.class)
    void betterInsulationLosesLess(Dwelling dwelling) {
        double before = Double.MAX_VALUE;
        for (var insulation : Insulation.values()) {
            var spec = Homes.withoutGains(new TypicalHome(dwelling, 80, Construction.LIGHT, insulation).spec());
            double loss = Homes.settledDemandWatts(spec, Homes.dark(-5, 4), 20) / 25;
            assertTrue(loss < 0.75 * before, dwelling + " " + insulation + ": " + loss);
            double perSquareMetre = loss / 80;
            assertTrue(perSquareMetre > 0.3 && perSquareMetre < 6, dwelling + " " + insulation + ": " + loss);
            before = loss;
        }
    }

    /** K that it cools in six hours without heat, from 21 °C at 0 °C outside. */
    private static double cooling(Construction construction) {
        var spec = new TypicalHome(Dwelling.HOUSE, 100, construction, Insulation.AVERAGE).spec();
        var home = new Home(Homes.withoutGains(spec), Homes.dark(0, 3), Duration.ZERO, new Celsius(21), 0, Pace.COARSE);
        home.advance(Duration.ofHours(6), Watts.ZERO);
        return 21 - home.airCelsius();
    }

    @Test
    void heavyHomesCoolSlowly() {
        double light = cooling(Construction.LIGHT);
        double medium = cooling(Construction.MEDIUM);
        double heavy = cooling(Construction.HEAVY);
        assertTrue(light > 1.3 * medium && medium > 1.15 * heavy, light + ", " + medium + ", " + heavy);
    }

    @Test
    void windowsAreWhatAControllerIsTold() {
        var spec = TypicalHome.heavyHouse().spec();
        assertEquals(3, TypicalHome.windowSun(spec).facings().size());
        assertEquals(
                0.12 * 90,
                spec.windows().stream().mapToDouble(HomeSpec.Window::area).sum(),
                1e-9);
    }

    @Test
    void impossibleHomesAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TypicalHome(Dwelling.FLAT, 3, Construction.LIGHT, Insulation.GOOD));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TypicalHome(Dwelling.FLAT, 50, Construction.LIGHT, Insulation.GOOD, 0.9));
    }
}
