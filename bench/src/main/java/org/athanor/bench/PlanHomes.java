package org.athanor.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.ComputeDevice;
import org.athanor.comfort.planning.DeviceState;
import org.athanor.comfort.planning.HeatProblem;
import org.athanor.comfort.planning.HeatProblem.Discomfort;
import org.athanor.comfort.planning.HeatSource;
import org.athanor.comfort.series.WindowSun;
import org.athanor.simulation.ShippedData;

/**
 * Homes to plan for, from a seed: a random room on a random day of a heating season of Chicago or Denver, with the Belgian
 * prices of a day of 2019, and a device of four levels with minimum times whose work pays a random share of a price.
 */
final class PlanHomes {
    static final Duration STEP = Duration.ofMinutes(15);
    static final int DAY = 96;
    private static final int HEATING_DAYS = 180;
    private static final int FIRST_HEATING_DAY = 288;

    private PlanHomes() {}

    static List<HeatProblem> of(long seed, int count, boolean otherSources) {
        var random = new Random(seed);
        var homes = new ArrayList<HeatProblem>();
        for (int i = 0; i < count; i++) homes.add(one(random, otherSources));
        return homes;
    }

    private static HeatProblem one(Random random, boolean otherSources) {
        var climate = random.nextBoolean() ? ShippedData.chicago() : ShippedData.denver();
        int day = (FIRST_HEATING_DAY + random.nextInt(HEATING_DAYS)) % 365;
        int dayOfPrices = random.nextInt(365);
        var outdoor = new double[DAY];
        var sun = new double[DAY];
        var gains = new double[DAY];
        var price = new double[DAY];
        for (int k = 0; k < DAY; k++) {
            var time = STEP.multipliedBy(k);
            var weather = climate.at(time.plusDays(day).plus(STEP.dividedBy(2)));
            outdoor[k] = weather.outdoorCelsius();
            sun[k] = WindowSun.SOUTH.wattsPerSquareMetre(climate.location(), weather, time.plusDays(day));
            gains[k] = 60 + 120 * random.nextDouble();
            price[k] = ShippedData.belgium2019().at(time.plusDays(dayOfPrices)).value();
        }
        double coldest = Arrays.stream(outdoor).min().orElseThrow();
        double loss = 25 + 45 * random.nextDouble();
        double insideOut = 0.3 + 0.4 * random.nextDouble();
        var room = RoomModel.ofTwo(
                loss * (8e3 + 8e3 * random.nextDouble()),
                loss * (5e4 + 20e4 * random.nextDouble()),
                loss * (4 + 3 * random.nextDouble()),
                loss * insideOut,
                loss * (1 - insideOut),
                0.2 + 0.8 * random.nextDouble(),
                0.3);
        // a quarter more than the coldest hour takes: heat can be moved in time
        double top = 1.25 * loss * (21 - Math.min(0, coldest));
        var device = new ComputeDevice(
                List.of(0.0, 0.3 * top, 0.6 * top, top),
                1,
                0.005,
                0.01,
                Duration.ofMinutes(4),
                Duration.ofMinutes(2),
                0,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ZERO);
        double pays = 0.7 * random.nextDouble() * Arrays.stream(price).average().orElseThrow();
        double[] efficiency = {0, 1, 0.95, 0.85};
        var revenue = new double[4][DAY];
        for (int l = 1; l < 4; l++) Arrays.fill(revenue[l], pays * efficiency[l] * device.watts(l) / 1000);
        double air = 19.5 + 3 * random.nextDouble();
        double mass = air - 0.6 - random.nextDouble();
        var low = new double[DAY];
        var high = new double[DAY];
        Arrays.fill(low, 20);
        Arrays.fill(high, 22);
        var problem = HeatProblem.of(room, new double[] {air, mass}, STEP, DAY)
                .weather(outdoor, sun, gains)
                .electricity(price)
                .comfort(low, high, Discomfort.QUADRATIC, 0.3)
                .device(device, DeviceState.RESTED, revenue);
        if (otherSources) {
            // Staffell's air-source fit at 40 °C supply
            var cop = new double[DAY];
            for (int k = 0; k < DAY; k++) {
                double lift = Math.max(15, 40 - outdoor[k]);
                cop[k] = 6.81 - 0.121 * lift + 0.00063 * lift * lift;
            }
            problem.source(HeatSource.heatPump(0.8 * top, cop)).boost(0, 0.4 * top);
        }
        return problem.build();
    }
}
