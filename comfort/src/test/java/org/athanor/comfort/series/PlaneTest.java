package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PlaneTest {
    private static SunPosition sun(double elevationDegrees, double azimuthDegrees) {
        return new SunPosition(Math.toRadians(elevationDegrees), Math.toRadians(azimuthDegrees));
    }

    @Property
    void aHorizontalPlaneSeesTheGlobalRadiation(
            @ForAll @DoubleRange(min = 1, max = 90) double elevation,
            @ForAll @DoubleRange(max = 360) double azimuth,
            @ForAll @DoubleRange(max = 1000) double direct,
            @ForAll @DoubleRange(max = 400) double diffuse) {
        double global = diffuse + direct * Math.sin(Math.toRadians(elevation));
        var light = Plane.ROOF.irradiance(sun(elevation, azimuth), new WeatherSample(0, 0, global, direct, diffuse));
        assertEquals(global, light.total(), 1e-9);
    }

    @Property
    void noPlaneSeesMoreThanTheBeamTheSkyAndTheGround(
            @ForAll @DoubleRange(min = -20, max = 90) double elevation,
            @ForAll @DoubleRange(max = 360) double azimuth,
            @ForAll @DoubleRange(max = 360) double facing,
            @ForAll @DoubleRange(max = 180) double tilt) {
        var light = new Plane(facing, tilt).irradiance(sun(elevation, azimuth), new WeatherSample(0, 0, 500, 800, 100));
        assertTrue(light.direct() >= 0 && light.direct() <= 800);
        assertTrue(light.diffuse() >= 0 && light.diffuse() <= 100);
        assertTrue(light.ground() >= 0 && light.ground() <= 100);
    }

    @Test
    void wintersLowSunIsBestCaughtByASouthWall() {
        // clear noon in January at 42° north
        var noon = sun(27, 180);
        var clear = new WeatherSample(-10, 3, 450, 880, 50);
        assertEquals(
                880 * Math.cos(Math.toRadians(27)) + 25 + 45,
                Plane.SOUTH.irradiance(noon, clear).total(),
                1e-9);
        assertEquals(70, Plane.NORTH.irradiance(noon, clear).total(), 1e-9);
        assertTrue(Plane.SOUTH.irradiance(noon, clear).total()
                > 1.5 * Plane.ROOF.irradiance(noon, clear).total());
    }

    @Test
    void eastGetsTheMorningAndWestTheEvening() {
        var weather = new WeatherSample(0, 0, 300, 600, 60);
        assertTrue(Plane.EAST.irradiance(sun(20, 100), weather).direct() > 500);
        assertEquals(0, Plane.WEST.irradiance(sun(20, 100), weather).direct());
        assertTrue(Plane.WEST.irradiance(sun(20, 260), weather).direct() > 500);
    }

    @Test
    void aSunBelowTheHorizonShinesOnNothing() {
        assertEquals(
                0,
                Plane.SOUTH
                        .irradiance(sun(-1, 180), new WeatherSample(0, 0, 5, 30, 5))
                        .direct());
    }
}
