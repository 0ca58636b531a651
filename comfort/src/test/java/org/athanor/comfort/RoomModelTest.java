package org.athanor.comfort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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

    @Property(tries = 60)
    void oneExactStepEqualsFineIntegration(
            @ForAll @DoubleRange(min = 1e5, max = 2e6) double air,
            @ForAll @DoubleRange(min = 1e6, max = 2e7) double mass,
            @ForAll @DoubleRange(min = 20, max = 500) double coupling,
            @ForAll @DoubleRange(min = 0, max = 100) double massLoss,
            @ForAll @DoubleRange(min = 0, max = 100) double airLoss,
            @ForAll @DoubleRange(min = -20, max = 35) double outdoor,
            @ForAll @DoubleRange(min = -1000, max = 3000) double heat,
            @ForAll @DoubleRange(min = 0, max = 800) double sun,
            @ForAll @IntRange(min = 1, max = 6 * 3600) int seconds) {
        var model = new RoomModel(air, mass, coupling, massLoss, airLoss, 3, 0.4);
        var inputs = new RoomModel.Inputs(outdoor, heat, sun);
        var start = new RoomModel.State(18, 21);
        var exact = model.step(start, inputs, Duration.ofSeconds(seconds));
        var fine = rungeKutta(model, start, inputs, seconds, 2000);
        assertEquals(fine[0], exact.airCelsius(), 1e-7);
        assertEquals(fine[1], exact.massCelsius(), 1e-7);
    }

    @Test
    void longStepsEndInTheSteadyState() {
        var inputs = new RoomModel.Inputs(-10, 900, 150);
        var end = FLAT.step(new RoomModel.State(5, 40), inputs, Duration.ofDays(400));
        var steady = FLAT.steady(inputs);
        assertEquals(steady.airCelsius(), end.airCelsius(), 1e-9);
        assertEquals(steady.massCelsius(), end.massCelsius(), 1e-9);
        assertEquals(
                -10 + 36.02 / 36.02,
                FLAT.steady(new RoomModel.Inputs(-10, FLAT.lossWattsPerKelvin(), 0))
                        .airCelsius(),
                1e-9);
    }

    @Test
    void oneLongStepEqualsManyShortOnes() {
        var inputs = new RoomModel.Inputs(2, 500, 50);
        var step = FLAT.discretise(Duration.ofSeconds(60));
        var state = new RoomModel.State(20, 19);
        for (int i = 0; i < 1440; i++) state = step.apply(state, inputs);
        var once = FLAT.step(new RoomModel.State(20, 19), inputs, Duration.ofDays(1));
        assertEquals(once.airCelsius(), state.airCelsius(), 1e-10);
        assertEquals(once.massCelsius(), state.massCelsius(), 1e-10);
    }

    @Test
    void impossibleRoomsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RoomModel(0, 1e6, 100, 10, 10, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new RoomModel(1e5, 1e6, 100, -1, 10, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new RoomModel(1e5, 1e6, 100, 10, Double.NaN, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new RoomModel(1e5, 1e6, 100, 10, 10, 1, 1.5));
        var tight = new RoomModel(1e5, 1e6, 100, 0, 0, 1, 0.5);
        assertThrows(IllegalStateException.class, () -> tight.steady(new RoomModel.Inputs(0, 0, 0)));
    }

    /** Written out from the circuit, not from the model's matrix. */
    private static double[] rungeKutta(
            RoomModel m, RoomModel.State start, RoomModel.Inputs u, double seconds, int steps) {
        double h = seconds / steps;
        double[] x = {start.airCelsius(), start.massCelsius()};
        for (int i = 0; i < steps; i++) {
            double[] a = rates(m, x, u);
            double[] b = rates(m, new double[] {x[0] + h / 2 * a[0], x[1] + h / 2 * a[1]}, u);
            double[] c = rates(m, new double[] {x[0] + h / 2 * b[0], x[1] + h / 2 * b[1]}, u);
            double[] d = rates(m, new double[] {x[0] + h * c[0], x[1] + h * c[1]}, u);
            for (int j = 0; j < 2; j++) x[j] += h / 6 * (a[j] + 2 * b[j] + 2 * c[j] + d[j]);
        }
        return x;
    }

    private static double[] rates(RoomModel m, double[] x, RoomModel.Inputs u) {
        double sun = m.solarAperture() * u.solarWattsPerSquareMetre();
        double between = m.airToMass() * (x[1] - x[0]);
        double toAir = between + m.airToOutdoor() * (u.outdoorCelsius() - x[0]) + u.heatWatts() + sun * m.solarToAir();
        double toMass = -between + m.massToOutdoor() * (u.outdoorCelsius() - x[1]) + sun * (1 - m.solarToAir());
        return new double[] {toAir / m.airCapacity(), toMass / m.massCapacity()};
    }
}
