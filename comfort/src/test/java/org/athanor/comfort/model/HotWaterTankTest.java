package org.athanor.comfort.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HotWaterTankTest {
    private static final HotWaterTank TANK = HotWaterTank.ofTwoHundredLitres();
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private static double[] even(double celsius) {
        var layers = new double[TANK.layers()];
        Arrays.fill(layers, celsius);
        return layers;
    }

    @Property(tries = 200)
    void whatGoesInComesOutOrStays(
            @ForAll @IntRange(min = 1, max = 20) int layers,
            @ForAll @DoubleRange(min = 0, max = 4000) double watts,
            @ForAll @DoubleRange(min = 30, max = 90) double source,
            @ForAll @DoubleRange(min = 0, max = 250) double litres,
            @ForAll @DoubleRange(min = 5, max = 60) double start) {
        var tank = new HotWaterTank(150, layers, 2, 3, layers / 2);
        var celsius = new double[layers];
        for (int i = 0; i < layers; i++) celsius[i] = start + i;
        var after = tank.step(celsius, Duration.ofHours(1), watts, source, litres, 10, 20);
        double stored = tank.stored(after.celsius(), 10) - tank.stored(celsius, 10);
        assertEquals(after.accepted() - after.drawn() - after.lost(), stored, 1e-3);
        for (int i = 1; i < layers; i++)
            assertTrue(after.celsius()[i] >= after.celsius()[i - 1] - 1e-9, Arrays.toString(after.celsius()));
        assertTrue(after.accepted() <= watts * 3600 + 1e-6);
    }

    @Test
    void aStandingTankLosesWhatItsLabelSays() {
        var day = TANK.step(even(60), Duration.ofDays(1), 0, 60, 0, 10, 20);
        // kept at 60 °C it would lose 1.56 W/K x 40 K x 24 h = 1.5 kWh; left alone it cools by an exponential
        double capacity = 200 * HotWaterTank.WATER;
        double cooled = -Math.expm1(-1.56 * 86_400 / capacity);
        assertEquals(capacity * 40 * cooled, day.lost(), 0.005 * day.lost());
    }

    @Test
    void coldWaterStaysBelow() {
        var after = TANK.step(even(60), QUARTER, 0, 60, 100, 10, 20);
        assertEquals(60, after.deliveredCelsius(), 1.5);
        assertTrue(after.celsius()[9] > 52, Arrays.toString(after.celsius()));
        assertTrue(after.celsius()[0] < 15, Arrays.toString(after.celsius()));
    }

    @Test
    void aSourceIsNoHotterThanItIs() {
        var celsius = even(45);
        double accepted = 0;
        for (int i = 0; i < 96; i++) {
            var after = TANK.step(celsius, QUARTER, 2000, 50, 0, 10, 20);
            celsius = after.celsius();
            accepted += after.accepted();
        }
        assertTrue(Arrays.stream(celsius).max().orElseThrow() <= 50 + 1e-9, Arrays.toString(celsius));
        assertTrue(accepted < 2000 * 86_400 * 0.2, "most of the heat finds no place: " + accepted);
        assertFalse(HotWaterTank.canDisinfect(50));
        assertTrue(HotWaterTank.canDisinfect(70));
    }

    @Test
    void heatRisesAndMixesOnlyAsFarAsItMust() {
        var celsius = even(30);
        celsius[8] = 55;
        celsius[9] = 55;
        var after = TANK.step(celsius, Duration.ofSeconds(60), 10_000, 70, 0, 10, 20);
        assertEquals(55, after.celsius()[9], 0.1);
        double warmed = 30 + 600_000 / (8 * TANK.layerCapacity());
        for (int i = 0; i < 8; i++) assertEquals(warmed, after.celsius()[i], 0.1);
    }

    @Test
    void oneLayerIsAWellMixedTank() {
        var mixed = new HotWaterTank(200, 1, 2, 0, 0);
        var after = mixed.step(new double[] {50}, Duration.ofMinutes(5), 0, 60, 20, 10, 50);
        assertArrayEquals(new double[] {46}, after.celsius(), 0.05);
    }

    @Test
    void mixedItLosesAndHoldsTheSameHeat() {
        var mixed = TANK.mixed();
        assertEquals(10 * TANK.layerCapacity(), mixed.airCapacity(), 1e-6);
        double day = TANK.step(even(60), Duration.ofDays(1), 0, 60, 0, 10, 20).lost();
        var after = mixed.step(new double[] {60}, new RoomModel.Inputs(20, 0, 0), Duration.ofDays(1));
        assertEquals(day, mixed.airCapacity() * (60 - after[0]), 0.005 * day);
    }

    @Test
    void impossibleTanksAndStepsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HotWaterTank(0, 1, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new HotWaterTank(100, 5, 1, 1, 5));
        assertThrows(IllegalArgumentException.class, () -> TANK.step(new double[3], QUARTER, 0, 60, 0, 10, 20));
        assertThrows(IllegalArgumentException.class, () -> TANK.step(even(40), QUARTER, 0, 60, -1, 10, 20));
    }
}
