package org.athanor.comfort.planning;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.HeatProblem.Discomfort;

/** Problems of every kind from a seed: what a property needs different it sets on the builder. */
final class RandomProblems {
    static final Duration QUARTER = Duration.ofMinutes(15);
    static final List<Double> LEVELS = List.of(0.0, 300.0, 600.0, 900.0);

    final Random random;
    final int steps;
    final double[] prices;
    final HeatProblem.Builder problem;
    final ComputeDevice device;
    /** Currency per kWh by level: more power earns less per kWh. */
    final double[] revenuePerKwh;

    RandomProblems(long seed, int steps) {
        random = new Random(seed);
        this.steps = steps;
        var room = room(random);
        var outdoor = new double[steps];
        var sun = new double[steps];
        var gains = new double[steps];
        prices = new double[steps];
        double mean = -8 + 16 * random.nextDouble();
        double swing = 4 * random.nextDouble();
        double sunny = 300 * random.nextDouble();
        double phase = 96 * random.nextDouble();
        double dear = 0.1 * random.nextDouble();
        for (int k = 0; k < steps; k++) {
            double day = Math.sin(2 * Math.PI * (k + phase) / 96);
            outdoor[k] = mean + swing * day;
            sun[k] = Math.max(0, day) * sunny;
            gains[k] = 80 + 60 * random.nextDouble();
            prices[k] = 0.25 - dear * day + 0.04 * random.nextGaussian();
        }
        double air = 19.5 + 3 * random.nextDouble();
        double[] celsius = {air, air - 1.5 * random.nextDouble(), air - 3};
        problem = HeatProblem.of(room, Arrays.copyOf(celsius, room.nodes()), QUARTER, steps)
                .weather(outdoor, sun, gains)
                .electricity(prices)
                .comfort(constant(20), constant(22), Discomfort.QUADRATIC, 0.5);
        device = ComputeDevice.plain(LEVELS)
                .withMinimumTimes(Duration.ofMinutes(60), Duration.ofMinutes(60), Duration.ofMinutes(30));
        double best = 0.3 * random.nextDouble();
        revenuePerKwh = new double[] {0, best, 0.95 * best, 0.85 * best};
    }

    RandomProblems withDevice() {
        return withDevice(device, DeviceState.RESTED, 0);
    }

    RandomProblems withDevice(ComputeDevice device, DeviceState state, double moreRevenuePerKwh) {
        var revenue = new double[device.levels()][steps];
        for (int l = 1; l < device.levels(); l++)
            for (int k = 0; k < steps; k++)
                revenue[l][k] = (revenuePerKwh[l] + moreRevenuePerKwh) * device.watts(l) / 1000;
        problem.device(device, state, revenue);
        return this;
    }

    double[] constant(double value) {
        return Require.constant(value, steps);
    }

    static RoomModel room(Random random) {
        double loss = 20 + 60 * random.nextDouble();
        double air = 2e5 + 6e5 * random.nextDouble();
        if (random.nextInt(6) == 0) return new RoomModel(air * 8, loss, 3, 1, 1, List.of());
        var mass = new RoomModel.Layer(2e6 + 8e6 * random.nextDouble(), 100 + 200 * random.nextDouble(), loss / 2);
        double toAir = 0.5 + 0.5 * random.nextDouble();
        if (random.nextInt(3) > 0) return new RoomModel(air, loss / 2, 3, 0.3, toAir, List.of(mass));
        var inner = new RoomModel.Layer(mass.capacity(), mass.toInner(), 0);
        var core = new RoomModel.Layer(2e7, loss / 2, loss);
        return new RoomModel(air, loss / 2, 3, 0.3, toAir, List.of(inner, core));
    }
}
