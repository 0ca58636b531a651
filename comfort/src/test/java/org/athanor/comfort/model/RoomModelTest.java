package org.athanor.comfort.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoomModelTest {
    private static final RoomModel FLAT = RoomModel.wellInsulatedFlat();

    @Test
    void thePresetsLoseWhatTheySay() {
        assertEquals(36, FLAT.lossWattsPerKelvin(), 0.1);
        assertEquals(60, RoomModel.lightOldRoom().lossWattsPerKelvin(), 0.1);
    }

    @Property(tries = 100)
    void oneExactStepEqualsFineIntegration(
            @ForAll("rooms") RoomModel model,
            @ForAll @DoubleRange(min = -20, max = 35) double outdoor,
            @ForAll @DoubleRange(min = -1000, max = 3000) double heat,
            @ForAll @DoubleRange(min = 0, max = 800) double sun,
            @ForAll @DoubleRange(min = 0, max = 300) double gains,
            @ForAll @IntRange(min = 1, max = 6 * 3600) int seconds) {
        var inputs = new RoomModel.Inputs(outdoor, heat, sun, gains);
        var start = Arrays.copyOf(new double[] {18, 21, 15}, model.nodes());
        var exact = model.step(start, inputs, Duration.ofSeconds(seconds));
        assertArrayEquals(rungeKutta(model, start, inputs, seconds, 2000), exact, 1e-7);
    }

    @Property(tries = 100)
    void longStepsEndInTheSteadyState(
            @ForAll("rooms") RoomModel model, @ForAll @DoubleRange(min = -1000, max = 3000) double heat) {
        var lossy = new RoomModel(
                model.airCapacity(),
                model.airToOutdoor() + 5,
                model.solarAperture(),
                model.solarToAir(),
                model.heatToAir(),
                model.layers());
        var inputs = new RoomModel.Inputs(-10, heat, 150, 100);
        var start = Arrays.copyOf(new double[] {5, 40, 10}, model.nodes());
        assertArrayEquals(lossy.steady(inputs), lossy.step(start, inputs, Duration.ofDays(4000)), 1e-6);
    }

    @Test
    void aSteadyRoomLosesWhatItGets() {
        assertEquals(-9, FLAT.steady(new RoomModel.Inputs(-10, FLAT.lossWattsPerKelvin(), 0))[0], 1e-9);
    }

    @Provide
    Arbitrary<RoomModel> rooms() {
        var layer = Combinators.combine(
                        Arbitraries.doubles().between(1e6, 2e7),
                        Arbitraries.doubles().between(20, 500),
                        Arbitraries.doubles().between(0, 100))
                .as(RoomModel.Layer::new);
        var share = Arbitraries.doubles().between(0, 1);
        return Combinators.combine(
                        Arbitraries.doubles().between(1e5, 2e6),
                        Arbitraries.doubles().between(0, 100),
                        share,
                        share,
                        layer.list().ofMaxSize(RoomModel.MOST_LAYERS))
                .as((air, loss, sunToAir, heatToAir, layers) ->
                        new RoomModel(air, loss, 3, sunToAir, heatToAir, layers));
    }

    @Test
    void oneLongStepEqualsManyShortOnes() {
        var inputs = new RoomModel.Inputs(2, 500, 50);
        var step = FLAT.discretise(Duration.ofSeconds(60));
        double[] state = {20, 19};
        for (int i = 0; i < 1440; i++) state = step.apply(state, inputs);
        assertArrayEquals(FLAT.step(new double[] {20, 19}, inputs, Duration.ofDays(1)), state, 1e-10);
    }

    @Test
    void impossibleRoomsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> RoomModel.ofTwo(0, 1e6, 100, 10, 10, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> RoomModel.ofTwo(1e5, 1e6, 100, -1, 10, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> RoomModel.ofTwo(1e5, 1e6, 100, 10, Double.NaN, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> RoomModel.ofTwo(1e5, 1e6, 100, 10, 10, 1, 1.5));
        var tight = RoomModel.ofTwo(1e5, 1e6, 100, 0, 0, 1, 0.5);
        assertThrows(IllegalStateException.class, () -> tight.steady(new RoomModel.Inputs(0, 0, 0)));
    }

    /** Written out from the circuit, not from the model's matrix. */
    private static double[] rungeKutta(RoomModel m, double[] start, RoomModel.Inputs u, double seconds, int steps) {
        double h = seconds / steps;
        double[] x = start.clone();
        for (int i = 0; i < steps; i++) {
            double[] a = rates(m, x, u);
            double[] b = rates(m, plus(x, h / 2, a), u);
            double[] c = rates(m, plus(x, h / 2, b), u);
            double[] d = rates(m, plus(x, h, c), u);
            for (int j = 0; j < x.length; j++) x[j] += h / 6 * (a[j] + 2 * b[j] + 2 * c[j] + d[j]);
        }
        return x;
    }

    private static double[] plus(double[] x, double h, double[] rate) {
        var sum = x.clone();
        for (int j = 0; j < x.length; j++) sum[j] += h * rate[j];
        return sum;
    }

    private static double[] rates(RoomModel m, double[] x, RoomModel.Inputs u) {
        double sun = m.solarAperture() * u.solarWattsPerSquareMetre();
        double heat = u.heatWatts() + u.gainWatts();
        double toAir = m.airToOutdoor() * (u.outdoorCelsius() - x[0]);
        if (x.length == 1) return new double[] {(toAir + sun + heat) / m.airCapacity()};
        var mass = m.layers().get(0);
        double fromMass = mass.toInner() * (x[1] - x[0]);
        toAir += fromMass + sun * m.solarToAir() + heat * m.heatToAir();
        double toMass = -fromMass
                + mass.toOutdoor() * (u.outdoorCelsius() - x[1])
                + sun * (1 - m.solarToAir())
                + heat * (1 - m.heatToAir());
        if (x.length == 2) return new double[] {toAir / m.airCapacity(), toMass / mass.capacity()};
        var core = m.layers().get(1);
        double fromCore = core.toInner() * (x[2] - x[1]);
        double toCore = -fromCore + core.toOutdoor() * (u.outdoorCelsius() - x[2]);
        return new double[] {toAir / m.airCapacity(), (toMass + fromCore) / mass.capacity(), toCore / core.capacity()};
    }
}
