package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.WeatherSample;
import org.athanor.simulation.HomeShape.Insulation;
import org.athanor.simulation.HomeShape.Kind;
import org.athanor.simulation.HomeShape.Mass;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HomeShapeTest {
    private static HomeSpec spec(Kind kind, double area, Mass mass, Insulation insulation) {
        return new HomeShape(kind, area, mass, insulation, 0).spec("test");
    }

    @ParameterizedTest
    @EnumSource(Mass.class)
    void capacityPerFloorAreaIsThatOfTheClass(Mass mass) {
        for (var kind : Kind.values())
            for (double area : new double[] {40, 140}) {
                double wattHours = HomeShape.capacity(spec(kind, area, mass, Insulation.GOOD)) / 3600 / area;
                assertEquals(mass.wattHoursPerKelvin, wattHours, 1e-9 * mass.wattHoursPerKelvin, kind + " " + area);
            }
    }

    /** The simulated home itself, settled on a cold night, takes what its heating is laid out by. */
    @Test
    void theComputedLossIsWhatTheSimulatedHomeLoses() {
        var location = new Location("nowhere", 50, 5, 1);
        for (var kind : Kind.values())
            for (var insulation : Insulation.values()) {
                var spec = spec(kind, 100, Mass.LIGHT, insulation);
                var night = Climate.constant(location, new WeatherSample(0, 6, 0, 0, 0));
                double watts = HomeShape.loss(spec, 20);
                var home = new Home(spec, night, Duration.ZERO, new Celsius(20), 1);
                home.advance(Duration.ofDays(20), new Watts(watts));
                assertEquals(20, home.airCelsius(), 2, kind + " " + insulation + " with " + watts + " W");
            }
    }

    @Test
    void betterInsulationLosesLess() {
        double last = Double.POSITIVE_INFINITY;
        for (var insulation : Insulation.values()) {
            double loss = HomeShape.loss(spec(Kind.HOUSE, 140, Mass.MEDIUM, insulation), 20);
            assertTrue(loss < 0.75 * last, insulation + " " + loss);
            last = loss;
        }
    }

    /** A flat of 40 m² of the class of the project's reference flat is near it. */
    @Test
    void aSmallWellInsulatedFlatIsNearTheReference() {
        var reference = HomeSpec.wellInsulatedFlat();
        var flat = spec(Kind.FLAT, 40, Mass.MEDIUM, Insulation.GOOD);
        assertEquals(HomeShape.loss(reference, 20), HomeShape.loss(flat, 20), 0.15 * HomeShape.loss(reference, 20));
        assertEquals(HomeShape.capacity(reference), HomeShape.capacity(flat), 0.15 * HomeShape.capacity(reference));
    }
}
