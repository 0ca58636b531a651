package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.HeatProblem.Discomfort;
import org.junit.jupiter.api.Test;

class HeatProblemTest {
    private static HeatProblem.Builder two() {
        return HeatProblem.of(RoomModel.wellInsulatedFlat(), new double[] {20, 19}, Duration.ofMinutes(15), 2);
    }

    private static void refused(String message, Consumer<HeatProblem.Builder> wrong) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> {
            var builder = two();
            wrong.accept(builder);
            builder.build();
        });
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void whatIsWrongIsNamedWithItsValueAndWhatIsAccepted() {
        double[] zero = {0, 0};
        refused(
                "heat problem: outdoor temperature in °C has 1 steps (2)",
                b -> b.weather(new double[] {1}, zero, zero));
        refused(
                "heat problem: sun on the windows in W/m² of step 1 is -3.0 (not negative)",
                b -> b.weather(zero, new double[] {0, -3}, zero));
        refused(
                "heat problem: price of electricity per kWh of step 0 is NaN (finite)",
                b -> b.electricity(new double[] {Double.NaN, 0}));
        refused(
                "heat problem: comfort band of step 1 from 22.0 to 21.0 °C (low not above high)",
                b -> b.comfort(new double[] {20, 22}, new double[] {21, 21}, Discomfort.LINEAR, 1));
        refused(
                "heat problem: price of discomfort -1.0 (finite, not negative)",
                b -> b.comfort(zero, zero, Discomfort.LINEAR, -1));
        refused("heat problem: hard limits 30.0 to 5.0 °C (the first below the second)", b -> b.hardLimits(30, 5));
        refused("heat problem: boost levels [100.0] W (off as 0 W first)", b -> b.boost(100));
        refused("heat problem: minimum level of step 1 is 2 (0 to 0)", b -> b.minimumLevels(0, 2));
        refused(
                "heat source: COP of 3 steps (one for all, or one for each of 2)",
                b -> b.source(HeatSource.heatPump(1000, 3, 3, 3)));
        refused("heat source: COP of step 0 is 0.0 (above 0)", b -> b.source(HeatSource.heatPump(1000, 0)));
        refused(
                "compute device: levels [0.0, 5.0, 5.0] W do not ascend",
                b -> ComputeDevice.plain(List.of(0.0, 5.0, 5.0)));
        refused(
                "state of the device: level 3 (0 to 0)",
                b -> b.device(ComputeDevice.NONE, new DeviceState(3, Duration.ZERO, Duration.ZERO), new double[1][2]));
    }

    @Test
    void heatAtTheEndIsWorthTheMeanOfTheCheapestHeat() {
        var problem = two().electricity(new double[] {0.2, 0.4})
                .boost(0, 500)
                .source(HeatSource.boiler(1000, 0.8, 0.2))
                .build();
        assertEquals((0.2 + 0.25) / 2, problem.replacementPrice(), 1e-12);
        assertEquals(0.07, two().replacementPrice(0.07).build().replacementPrice());
        var paid = two().electricity(new double[] {-0.1, -0.1}).boost(0, 500).build();
        assertEquals(0, paid.replacementPrice());
    }

    @Test
    void ownSolarCoversTheRestOfTheHomeFirst() {
        double[] half = {0.5, 0.5};
        var problem = two().electricity(half)
                .ownSolar(new double[] {1000, 1000}, new double[] {0.1, 0.1})
                .house(new double[] {400, 1200}, new double[] {3000, 1000})
                .build();
        assertEquals(0.25 * (0.6 * 0.1 + 0.4 * 0.5), problem.electricityCost(0, 1000), 1e-12);
        assertEquals(0.25 * 0.5, problem.electricityCost(1, 1000), 1e-12);
        assertEquals(0.1, problem.marginalPrice(0));
        assertEquals(0.5, problem.marginalPrice(1));
        assertEquals(2600, problem.headroom(0));
        assertEquals(0, problem.headroom(1));
    }

    @Test
    void aCourseThatTheDeviceCannotTakeIsRefused() {
        var problem = two().build();
        var thrown = assertThrows(
                IllegalArgumentException.class,
                () -> Planner.rehearse(problem, new int[] {0, 1}, new double[2], new double[2]));
        assertEquals("course of action: level of step 1 is 1 (0 to 0)", thrown.getMessage());
    }
}
