package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.athanor.comfort.model.RoomModel;
import org.athanor.comfort.planning.HeatProblem.Discomfort;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int DAY = 96;
    private static final RoomModel FLAT = RoomModel.wellInsulatedFlat();
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final double[] MILD = {20.3, 18.2};
    private static final ComputeDevice HEATER = ComputeDevice.plain(List.of(0.0, 400.0, 800.0, 1200.0));

    private final Planner planner = new Planner();

    private static HeatProblem.Builder cold(double[] prices) {
        return HeatProblem.of(FLAT, MILD, QUARTER, DAY)
                .weather(constant(0), constant(0), constant(100))
                .comfort(constant(20), constant(22), Discomfort.QUADRATIC, 1)
                .electricity(prices);
    }

    private static double[] constant(double value) {
        return Require.constant(value, DAY);
    }

    private static double[] peak(int from, int to, double low, double high) {
        return IntStream.range(0, DAY)
                .mapToDouble(k -> k >= from && k < to ? high : low)
                .toArray();
    }

    private static double[][] earning(ComputeDevice device, double perKwh) {
        var revenue = new double[device.levels()][DAY];
        for (int l = 0; l < device.levels(); l++) Arrays.fill(revenue[l], perKwh * device.watts(l) / 1000);
        return revenue;
    }

    private static double energy(HeatPlan plan, int from, int to) {
        return IntStream.range(from, to).mapToDouble(plan::electricWatts).sum() / 4000;
    }

    @Test
    void holdsTheRoomInItsBandAtTheLowEnd() {
        var plan = planner.plan(cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        for (int k = 8; k <= DAY; k++) assertEquals(20.4, plan.airCelsius(k), 0.9, "before step " + k);
        // what the flat loses at 20 °C beyond people's 100 W
        assertEquals((36 * 20.2 - 100) * 24 / 1000, energy(plan, 0, DAY), 1.5);
        assertTrue(plan.cost().discomfort() < 0.05, plan.cost().toString());
    }

    @Test
    void heatsBeforeAPriceIsHighAndCoastsThroughIt() {
        var plan = planner.plan(cold(peak(48, 60, 0.15, 0.6))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        double before = energy(plan, 36, 48);
        double during = energy(plan, 48, 60);
        // without heat before it, three hours take 3 x 0.62 kWh
        assertTrue(during < 1.1 && before > 2.2, before + " kWh before, " + during + " kWh during the peak");
        assertTrue(plan.airCelsius(48) > 20.8, plan.airCelsius(48) + " °C when it begins");
        assertTrue(IntStream.rangeClosed(49, 60).allMatch(k -> plan.airCelsius(k) > 19.5));
    }

    /** A warm day: nobody wants heat, and work pays more than electricity costs from eight on. */
    private static HeatProblem.Builder warm() {
        return HeatProblem.of(FLAT, new double[] {23, 23}, QUARTER, DAY)
                .weather(constant(24), constant(100), constant(100))
                .comfort(constant(20), constant(22), Discomfort.QUADRATIC, 1)
                .electricity(peak(0, 32, 0.1, 0.3)) // 0.3 until eight
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0.2));
    }

    @Test
    void heatThatNobodyWantsGoesElsewhereWhereTheWorkPaysForItself() {
        var shut = planner.plan(warm().build());
        var open = planner.plan(warm().elsewhere(constant(0)).build());
        assertEquals(0, energy(shut, 0, DAY), "without a way out the machine rests");
        for (int k = 0; k < DAY; k++) {
            boolean pays = k >= 32;
            assertEquals(pays, open.level(k) > 0, "step " + k + " at level " + open.level(k));
            assertEquals(pays, open.elsewhere(k), "step " + k);
            assertEquals(shut.airCelsius(k), open.airCelsius(k), 1e-9, "before step " + k);
        }
        assertEquals(16 * 1.2 * (0.2 - 0.1), open.cost().revenue() - open.cost().electricity(), 1e-6);
    }

    @Test
    void aChillerTakesHeatForWhatItsColdSaves() {
        double worth = 0.15;
        var plan = planner.plan(warm().elsewhere(constant(worth)).build());
        // 0.2 of work and 0.15 of cold for 0.3 of electricity
        for (int k = 0; k < DAY; k++) assertTrue(plan.elsewhere(k), "step " + k + " at level " + plan.level(k));
        assertEquals(24 * 1.2 * (0.2 + worth), plan.cost().revenue(), 1e-6);
    }

    /** Comfort is of no account: a cold day, and a quarter of an hour in which electricity costs a little more than the work pays. */
    private HeatPlan pausing(ComputeDevice device) {
        return planner.plan(HeatProblem.of(FLAT, MILD, QUARTER, DAY)
                .weather(constant(-20), constant(0), constant(0))
                .comfort(constant(5), constant(30), Discomfort.QUADRATIC, 1)
                .electricity(peak(40, 41, 0.2, 0.55))
                .device(device, DeviceState.RESTED, earning(device, 0.5))
                .build());
    }

    @Test
    void workIsNotPausedForLessThanItsPauseCosts() {
        var device = ComputeDevice.plain(List.of(0.0, 1200.0));
        var free = pausing(device);
        var dear = pausing(device.withStartSettle(Duration.ofMinutes(2)));
        assertEquals(0, free.level(40), "1.2 kW x 1/4 h x 0.05 are saved");
        assertEquals(1, dear.level(40), "1.2 kW x 1/30 h x 0.5 would be lost");
        for (int k : new int[] {10, 39, 41, 80}) {
            assertEquals(1, free.level(k), "step " + k);
            assertEquals(1, dear.level(k), "step " + k);
        }
    }

    @Test
    void aRoomThatWantsHeatGetsIt() {
        var problem = cold(constant(0.3)).device(HEATER, DeviceState.RESTED, earning(HEATER, 0.2));
        var plan = planner.plan(problem.elsewhere(constant(0)).build());
        var alone = planner.plan(cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0.2))
                .build());
        assertEquals(alone.cost(), plan.cost());
        for (int k = 0; k < DAY; k++) assertFalse(plan.elsewhere(k), "step " + k);
    }

    @Test
    void leavesTheHeatToTheHeatPumpWhenWorkPaysLessThanTheDifference() {
        double price = 0.3;
        double cop = 3;
        double breakEven = price * (1 - 1 / cop);
        for (double revenue : new double[] {0.8 * breakEven, 1.2 * breakEven}) {
            var plan = planner.plan(cold(constant(price))
                    .device(HEATER, DeviceState.RESTED, earning(HEATER, revenue))
                    .source(HeatSource.heatPump(2000, cop))
                    .build());
            double pumped =
                    IntStream.range(0, DAY).mapToDouble(plan::sourceWatts).sum();
            double computed = IntStream.range(0, DAY)
                    .mapToDouble(k -> HEATER.watts(plan.level(k)))
                    .sum();
            if (revenue < breakEven) assertTrue(computed < 0.02 * pumped, computed + " beside " + pumped);
            else assertTrue(pumped < 0.1 * computed, pumped + " beside " + computed);
        }
    }

    @Test
    void aKilowattHourOfHeatIsWorthWhatTheOtherSourceWouldCharge() {
        var resistive = planner.plan(cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        assertEquals(0.3, mean(resistive), 0.03);
        var pumped = planner.plan(cold(constant(0.3))
                .source(HeatSource.heatPump(2000, 3).inParts(12))
                .build());
        assertEquals(0.1, mean(pumped), 0.01);
        var gas = planner.plan(cold(constant(0.3))
                .source(HeatSource.boiler(3000, 0.85, 0.06).inParts(12))
                .build());
        assertEquals(0.06 / 0.85, mean(gas), 0.007);
        var summer = planner.plan(cold(constant(0.3))
                .weather(constant(26), constant(100), constant(100))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        assertTrue(summer.heatValuePerKwh(0) <= 0.001, summer.heatValuePerKwh(0) + " per kWh in summer");
    }

    private static double mean(HeatPlan plan) {
        return IntStream.range(4, DAY / 2)
                .mapToDouble(plan::heatValuePerKwh)
                .average()
                .orElseThrow();
    }

    @Test
    void anEmptyRoomIsNoBargainAtTheEnd() {
        var plan = planner.plan(cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        assertTrue(plan.airCelsius(DAY) > 19.8, plan.airCelsius(DAY) + " °C at the end");
        assertTrue(plan.celsius(DAY)[1] > MILD[1] - 0.1, plan.celsius(DAY)[1] + " °C of the mass at the end");
    }

    @Test
    void booksWhatAStepCosts() {
        var device = new ComputeDevice(
                List.of(0.0, 1000.0),
                1,
                0.02,
                0.05,
                Duration.ofMinutes(30),
                Duration.ZERO,
                0.25,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO);
        var problem = HeatProblem.of(FLAT, MILD, QUARTER, 4)
                .electricity(new double[] {0.2, 0.4, 0.4, 0.4})
                .ownSolar(new double[] {900, 0, 0, 0}, new double[] {0.1, 0.1, 0.1, 0.1})
                .house(new double[] {300, 300, 0, 0}, new double[] {5000, 5000, 5000, 5000})
                .demandCharge(2, 1000)
                .device(device, DeviceState.RESTED, new double[][] {new double[4], {0.4, 0.4, 0.4, 0.4}})
                .replacementPrice(0)
                .build();
        var plan = Planner.rehearse(problem, new int[] {1, 1, 1, 0}, new double[4], new double[4]);
        // 600 W of the first step are own, the rest of it and the next two are bought
        assertEquals(0.25 * (0.6 * 0.1 + 0.4 * 0.2 + 0.4 + 0.4), plan.cost().electricity(), 1e-12);
        assertEquals(0.25 * 0.4 * (0.25 + 0.25 + 1), plan.cost().revenue(), 1e-12);
        assertEquals(0.05 + 0.75 * 0.02, plan.cost().wear(), 1e-12);
        assertEquals(0.3 * 2, plan.cost().demandCharge(), 1e-12);
        assertEquals(0, plan.cost().storedHeatGain(), 1e-12);
    }

    @Test
    void aDemandChargeIsAvoidedByHeatingEvenly() {
        var free = cold(peak(40, 60, 0.1, 0.4)).device(HEATER, DeviceState.RESTED, earning(HEATER, 0));
        var even = cold(peak(40, 60, 0.1, 0.4))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .demandCharge(5, 800);
        double before = IntStream.range(0, DAY)
                .mapToDouble(planner.plan(free.build())::electricWatts)
                .max()
                .orElseThrow();
        var plan = planner.plan(even.build());
        assertEquals(1200, before);
        assertTrue(IntStream.range(0, DAY).allMatch(k -> plan.electricWatts(k) <= 800));
        assertEquals(0, plan.cost().demandCharge());
    }

    @Test
    void negativePricesAreTakenUpToTheTopOfTheBand() {
        var plan = planner.plan(cold(peak(30, 38, 0.25, -0.1)).boost(0, 1000).build());
        assertTrue(energy(plan, 30, 38) > 1.2, energy(plan, 30, 38) + " kWh");
        assertTrue(plan.airCelsius(38) > 21.3, plan.airCelsius(38) + " °C");
    }

    @Test
    void theEnvelopeHoldsThePlanAndTheAskIsTheNetCostOrTheOwnWork() {
        var problem = cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0.1))
                .build();
        var plan = planner.plan(problem);
        var envelope = FlexibilityEnvelope.of(problem, plan);
        double used = 0;
        for (int k = 0; k < DAY; k++) {
            used += plan.electricWatts(k) / 4000;
            assertTrue(envelope.leastKwh(k) <= envelope.mostKwh(k));
            assertTrue(envelope.leastWatts(k) <= envelope.mostWatts(k));
            assertTrue(used < envelope.mostKwh(k) + 0.3 && used > envelope.leastKwh(k) - 0.6, "step " + k);
            double net = 0.3 - plan.heatValuePerKwh(k);
            assertEquals(net, envelope.netCostPerKwh(k), 1e-12);
            assertEquals(Math.max(net, 0.1), envelope.askPerKwh(k), 1e-12);
        }
        // at 20 and at 22 °C throughout, in the steady state
        assertEquals((36 * 20 - 100) * 24 / 1000.0, envelope.leastKwh(DAY - 1), 2);
        assertTrue(envelope.mostKwh(DAY - 1) - envelope.leastKwh(DAY - 1) > 2);
    }

    @Test
    void ownSolarIsUsedBeforeItIsGivenAway() {
        var solar = peak(40, 56, 0, 1500);
        var sunny = cold(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .ownSolar(solar, constant(0.05));
        var dull = cold(constant(0.3)).device(HEATER, DeviceState.RESTED, earning(HEATER, 0));
        double with = energy(planner.plan(sunny.build()), 40, 56);
        double without = energy(planner.plan(dull.build()), 40, 56);
        assertTrue(with > 1.3 * without, without + " kWh, with own solar " + with);
    }

    @Test
    void aStartThatCostsIsMadeSeldom() {
        var free = ComputeDevice.plain(List.of(0.0, 1200.0));
        var dear = new ComputeDevice(
                free.levelWatts(),
                1,
                0,
                0.1,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                0,
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                Duration.ZERO);
        int often = starts(planner.plan(cold(constant(0.3))
                .device(free, DeviceState.RESTED, earning(free, 0.1))
                .build()));
        int seldom = starts(planner.plan(cold(constant(0.3))
                .device(dear, DeviceState.RESTED, earning(dear, 0.1))
                .build()));
        assertTrue(seldom < 0.6 * often, often + " starts, then " + seldom);
    }

    private static int starts(HeatPlan plan) {
        return (int) IntStream.range(1, DAY)
                .filter(k -> plan.level(k) > 0 && plan.level(k - 1) == 0)
                .count();
    }

    /** The same day in finer steps, and as the first of two. */
    @Test
    void theStepAndTheHorizonHardlyMatter() {
        double expected = costOfFirstDay(Duration.ofMinutes(15), 96);
        assertEquals(expected, costOfFirstDay(Duration.ofMinutes(5), 288), 0.03 * expected);
        assertEquals(expected, costOfFirstDay(Duration.ofMinutes(15), 192), 0.05 * expected);
    }

    private double costOfFirstDay(Duration step, int steps) {
        int day = (int) Duration.ofDays(1).dividedBy(step);
        var prices = IntStream.range(0, steps)
                .mapToDouble(k -> 0.3 - 0.1 * Math.sin(2 * Math.PI * k / day))
                .toArray();
        var device = HEATER.withMinimumTimes(Duration.ofMinutes(60), Duration.ofMinutes(60), Duration.ofMinutes(15));
        var plan = planner.plan(HeatProblem.of(FLAT, MILD, step, steps)
                .weather(Require.constant(0, steps), new double[steps], Require.constant(100, steps))
                .comfort(Require.constant(20, steps), Require.constant(22, steps), Discomfort.QUADRATIC, 1)
                .electricity(prices)
                .device(device, DeviceState.RESTED, new double[4][steps])
                .build());
        return IntStream.range(0, day)
                .mapToDouble(k -> plan.electricWatts(k) * prices[k] * step.toMinutes() / 60000)
                .sum();
    }

    @Test
    void aColdRoomIsHeatedAsFastAsComfortIsWorth() {
        var plan = planner.plan(HeatProblem.of(FLAT, new double[] {14, 13}, QUARTER, DAY)
                .weather(constant(0), constant(0), constant(100))
                .comfort(constant(20), constant(22), Discomfort.LINEAR, 0.5)
                .electricity(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .boost(0, 2000)
                .build());
        assertTrue(plan.electricWatts(0) >= 2000, plan.electricWatts(0) + " W at first");
        assertTrue(plan.airCelsius(8) > 19, plan.airCelsius(8) + " °C after two hours");
        assertTrue(plan.heatValuePerKwh(0) > 0.3, plan.heatValuePerKwh(0) + " per kWh");
    }

    @Test
    void theRoomIsWarmWhenTheDayBegins() {
        // a night at 17 °C, the day from 06:00 on at 20 °C: warm when it begins, not long before
        double[] low = peak(24, 88, 17, 20);
        var plan = planner.plan(HeatProblem.of(FLAT, new double[] {18, 17}, QUARTER, DAY)
                .weather(constant(0), constant(0), constant(100))
                .comfort(low, constant(22), Discomfort.QUADRATIC, 1)
                .electricity(constant(0.3))
                .device(HEATER, DeviceState.RESTED, earning(HEATER, 0))
                .build());
        assertTrue(plan.airCelsius(12) < 19, plan.airCelsius(12) + " °C at three");
        assertTrue(plan.airCelsius(25) > 19.4, plan.airCelsius(25) + " °C after six");
    }

    @Test
    void aHeatPumpThatModulatesHoldsTheRoomSteady() {
        var modulating = HeatSource.heatPump(2500, 3);
        var plan = planner.plan(cold(constant(0.3)).source(modulating).build());
        var stepped =
                planner.plan(cold(constant(0.3)).source(modulating.inParts(4)).build());
        assertTrue(
                plan.cost().total() < stepped.cost().total(),
                stepped.cost().total() + " in parts, " + plan.cost().total() + " when it modulates");
        for (int k = 8; k < DAY - 4; k++) assertEquals(20, plan.airCelsius(k), 0.35, "before step " + k);
    }

    @Test
    void holdsTheLowEndToAHundredthWithASourceThatModulates() {
        var plan = planner.plan(
                cold(constant(0.3)).source(HeatSource.resistive(2000)).build());
        for (int k = 8; k <= DAY - 8; k++) assertEquals(20, plan.airCelsius(k), 0.02, "before step " + k);
    }

    @Test
    void aSourceThatModulatesIsPlannedAsWellAsOnAFineGrid() {
        var fine = new Planner(new GridSize(121, 31));
        for (long seed = 0; seed < 6; seed++) {
            var prices = new RandomProblems(seed, DAY).prices;
            var problem = cold(prices).source(HeatSource.resistive(2000)).build();
            double loss = planner.plan(problem).cost().total()
                    - fine.plan(problem).cost().total();
            assertTrue(loss < 0.003, loss + " a day lost with prices " + seed);
        }
    }

    /** Three nodes whose core takes up heat within hours: most of the room's capacity. */
    private static final RoomModel HEAVY = new RoomModel(
            1.4e6, 60, 3, 0.1, 0.75, List.of(new RoomModel.Layer(1.9e7, 1100, 5), new RoomModel.Layer(4.2e7, 900, 24)));

    @Test
    void heatsAHeavyRoomAheadOfDearHoursThoughItsCoreTakesUpMuchOfIt() {
        var plan = planner.plan(HeatProblem.of(HEAVY, new double[] {20.2, 19.8, 19.5}, QUARTER, DAY)
                .weather(constant(-5), constant(0), constant(200))
                .comfort(constant(20), constant(23), Discomfort.LINEAR, 1)
                .electricity(peak(32, 48, 0.25, 0.32))
                .source(HeatSource.resistive(6000))
                .build());
        double before = energy(plan, 16, 32);
        double during = energy(plan, 32, 48);
        assertTrue(before > 1.5 * during, before + " kWh in the four hours before, " + during + " in the dear ones");
        for (int k = 1; k <= DAY; k++) assertTrue(plan.airCelsius(k) > 19.9, plan.airCelsius(k) + " before step " + k);
    }
}
