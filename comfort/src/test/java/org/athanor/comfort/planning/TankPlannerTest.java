package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.athanor.comfort.model.HotWaterTank;
import org.athanor.comfort.model.HydronicBuffer;
import org.junit.jupiter.api.Test;

class TankPlannerTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final int STEPS = 96;
    private static final HotWaterTank TANK = new HotWaterTank(200, 10, 1.6, 3, 0);
    private static final ComputeDevice DEVICE = ComputeDevice.plain(List.of(0.0, 600.0, 1200.0))
            .withMinimumTimes(Duration.ofMinutes(60), Duration.ofMinutes(30), Duration.ofMinutes(30));

    private final TankPlanner planner = new TankPlanner();

    private static double[] constant(double value) {
        var values = new double[STEPS];
        Arrays.fill(values, value);
        return values;
    }

    private static double[][] revenue(double perKwh) {
        var revenue = new double[DEVICE.levels()][STEPS];
        for (int level = 1; level < DEVICE.levels(); level++)
            Arrays.fill(revenue[level], perKwh * DEVICE.watts(level) / 1000);
        return revenue;
    }

    /** Cheap from 12:00 to 15:00, dear from 17:00 to 21:00, beginning at midnight. */
    private static double[] prices() {
        var prices = constant(0.28);
        Arrays.fill(prices, 48, 60, 0.10);
        Arrays.fill(prices, 68, 84, 0.50);
        return prices;
    }

    private static double[] draws() {
        var draws = constant(0);
        Arrays.fill(draws, 26, 32, 1500); // a morning
        Arrays.fill(draws, 76, 82, 900); // an evening
        return draws;
    }

    private static TankProblem.Builder household(double celsius) {
        return TankProblem.of(TANK, celsius, QUARTER, STEPS)
                .surroundings(constant(18), draws())
                .comfort(constant(48), 70)
                .electricity(prices());
    }

    private static TankProblem.Builder withDevice(double celsius, double deviceCelsius) {
        return household(celsius).device(DEVICE, DeviceState.RESTED, revenue(0.08), deviceCelsius);
    }

    @Test
    void drawsAreServedFromCheapHours() {
        var plan = planner.plan(withDevice(52, 66).build()).plan();
        for (int k = 0; k <= STEPS; k++)
            assertTrue(plan.airCelsius(k) > 47.5, "step " + k + ": " + plan.airCelsius(k) + " °C");
        double cheap = 0;
        double dear = 0;
        for (int k = 48; k < 60; k++) cheap += plan.electricWatts(k);
        for (int k = 68; k < 84; k++) dear += plan.electricWatts(k);
        assertTrue(cheap > 10 * 1200, "W in cheap steps: " + cheap);
        assertEquals(0, dear, "W in dear steps");
        assertTrue(plan.airCelsius(68) > 55, "stored before the dear hours: " + plan.airCelsius(68) + " °C");
    }

    @Test
    void aReserveKeepsMoreInStore() {
        var plain = planner.plan(withDevice(52, 66).build()).plan();
        var reserved = planner.plan(withDevice(52, 66).reserve(constant(800), 2).build())
                .plan();
        double least = Double.POSITIVE_INFINITY;
        double leastPlain = Double.POSITIVE_INFINITY;
        for (int k = 4; k <= STEPS; k++) {
            least = Math.min(least, reserved.airCelsius(k));
            leastPlain = Math.min(leastPlain, plain.airCelsius(k));
        }
        // 2 x 800 W x sqrt(2 h x 1 h) in 230 Wh/K is 9.8 K
        assertTrue(least > leastPlain + 7, least + " instead of " + leastPlain);
    }

    @Test
    void legionellaIsPlacedInTheCheapestHours() {
        var made = planner.plan(
                withDevice(52, 68).disinfection(60, Duration.ofHours(1), 90).build());
        var planned = assertInstanceOf(Disinfection.Planned.class, made.disinfection());
        assertTrue(planned.from() >= 48 && planned.until() <= 68, planned.toString());
        assertTrue(planned.extraCost() > 0 && planned.extraCost() < 0.6, planned.toString());
        for (int k = planned.from(); k <= planned.until(); k++)
            assertTrue(
                    made.plan().airCelsius(k) >= 60,
                    "step " + k + ": " + made.plan().airCelsius(k));
    }

    @Test
    void itIsDoneBeforeItIsDueAlsoWhereThatIsDearer() {
        var made = planner.plan(
                withDevice(52, 68).disinfection(60, Duration.ofHours(1), 30).build());
        var planned = assertInstanceOf(Disinfection.Planned.class, made.disinfection());
        assertTrue(planned.until() <= 30, planned.toString());
    }

    @Test
    void whatIsOverdueIsDoneAsSoonAsItCanBe() {
        var made = planner.plan(
                withDevice(52, 68).disinfection(60, Duration.ofMinutes(30), -10).build());
        var planned = assertInstanceOf(Disinfection.Planned.class, made.disinfection());
        // 9.5 K of 200 l by 1.2 kW take 1.8 h
        assertTrue(planned.from() <= 12, planned.toString());
        var later = planner.plan(
                withDevice(52, 68).disinfection(60, Duration.ofMinutes(30), 500).build());
        assertEquals(new Disinfection.NotDue(500), later.disinfection());
        assertEquals(
                new Disinfection.NotWanted(),
                planner.plan(withDevice(52, 68).build()).disinfection());
    }

    /** Plans are made anew each quarter of an hour, and one that heats as late as it can would be put off for ever. */
    @Test
    void whatIsOverdueIsNotPutOffByEachNewPlan() {
        double celsius = 49;
        int quarters = 0;
        while (celsius < 60) {
            assertTrue(++quarters <= 8, "still at " + celsius + " °C");
            var made = planner.plan(household(celsius)
                    .electricity(constant(0.3))
                    .boost(80, 0, 2000)
                    .disinfection(60, Duration.ofMinutes(15), -1)
                    .build());
            var planned = assertInstanceOf(Disinfection.Planned.class, made.disinfection());
            assertTrue(planned.extraCost() > 0 && planned.extraCost() < 1.5, planned.toString());
            celsius += made.plan().boostWatts(0) * 900 / (200 * 4186.0);
        }
    }

    @Test
    void aSourceThatIsNotHotEnoughCannotDisinfect() {
        var made = planner.plan(
                withDevice(50, 55).disinfection(60, Duration.ofHours(1), 50).build());
        assertEquals(
                new Disinfection.Refused("the hottest source gives water of 55.0 °C, and disinfection takes 62.5"),
                made.disinfection());
        for (int k = 0; k <= STEPS; k++) assertTrue(made.plan().airCelsius(k) <= 54.01, "step " + k);
    }

    @Test
    void whatNeverGetsHotCannotBeDisinfected() {
        var above = new HotWaterTank(200, 10, 1.6, 3, 4);
        var made = planner.plan(TankProblem.of(above, 52, QUARTER, STEPS)
                .boost(80, 0, 2000)
                .disinfection(60, Duration.ofHours(1), 50)
                .build());
        assertEquals(
                new Disinfection.Refused("the heat goes into layer 4 of 0 to 9, and what is below never gets hot"),
                made.disinfection());
        var cool = planner.plan(household(52)
                .comfort(constant(48), 58)
                .boost(80, 0, 2000)
                .disinfection(60, Duration.ofHours(1), 50)
                .build());
        assertEquals(
                new Disinfection.Refused("the tank may not be hotter than 58.0 °C, and disinfection takes 62.5"),
                cool.disinfection());
        var bare = planner.plan(
                household(52).disinfection(60, Duration.ofHours(1), 50).build());
        assertEquals(new Disinfection.Refused("there is no source of heat"), bare.disinfection());
        var weak = planner.plan(household(30)
                .boost(80, 0, 100)
                .disinfection(60, Duration.ofHours(1), 50)
                .build());
        assertEquals(
                new Disinfection.Refused("the sources cannot bring the tank to 60.0 °C within the plan"),
                weak.disinfection());
    }

    /** The device brings the tank to 54 °C, the element does the rest, and the device rests while the tank is hotter than its water. */
    @Test
    void theElementDisinfectsWhereTheDeviceCannot() {
        var made = planner.plan(withDevice(50, 55)
                .boost(80, 0, 2000)
                .disinfection(60, Duration.ofHours(1), 90)
                .build());
        assertInstanceOf(Disinfection.Planned.class, made.disinfection());
        boolean device = false;
        boolean element = false;
        for (int k = 0; k < STEPS; k++) {
            device |= made.plan().level(k) > 0;
            element |= made.plan().boostWatts(k) > 0;
            if (made.plan().level(k) > 0)
                assertTrue(
                        made.plan().airCelsius(k + 1) <= 54.6,
                        "step " + k + ": " + made.plan().airCelsius(k + 1));
        }
        assertTrue(device && element);
    }

    @Test
    void aBufferFollowsTheFlowTemperatureThatItsFloorNeeds() {
        var buffer = new HydronicBuffer(300, 2, 3);
        var floor = new HydronicBuffer.Emitters(400, 600, 38);
        var wanted = constant(900);
        Arrays.fill(wanted, 20, 30, 2000);
        var flow = new double[STEPS];
        for (int k = 0; k < STEPS; k++) flow[k] = floor.flowCelsiusFor(wanted[k], 20);
        var plan = planner.plan(TankProblem.of(buffer, 32, QUARTER, STEPS)
                        .surroundings(constant(18), wanted)
                        .comfort(flow, 45)
                        .electricity(prices())
                        .device(DEVICE, DeviceState.RESTED, revenue(0.05), 50)
                        .boost(60, 0, 1500)
                        .build())
                .plan();
        for (int k = 0; k < STEPS; k++) {
            assertTrue(plan.airCelsius(k + 1) >= flow[k] - 0.4, "step " + k + ": " + plan.airCelsius(k + 1));
            assertTrue(plan.airCelsius(k + 1) <= 45);
        }
        var refused = planner.plan(TankProblem.of(buffer, 32, QUARTER, STEPS)
                .boost(90, 0, 3000)
                .disinfection(60, QUARTER, 20)
                .build());
        assertEquals(new Disinfection.Refused("it is a buffer of heating water"), refused.disinfection());
    }

    @Property(tries = 60)
    void energyClosesLimitsHoldAndTimersAreKept(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        var random = new Random(seed);
        var tank = new HotWaterTank(80 + random.nextInt(300), 10, 0.8 + 2 * random.nextDouble(), 3, 0);
        double maximum = 62 + random.nextInt(14);
        double deviceCelsius = 50 + random.nextInt(26);
        double start = 46 + random.nextDouble() * (Math.min(maximum, deviceCelsius) - 49);
        var draws = constant(0);
        for (int k = 0; k < STEPS; k++) if (random.nextInt(5) == 0) draws[k] = 2500 * random.nextDouble();
        var prices = constant(0);
        for (int k = 0; k < STEPS; k++) prices[k] = 0.2 + 0.2 * random.nextGaussian();
        var builder = TankProblem.of(tank, start, QUARTER, STEPS)
                .surroundings(constant(15 + random.nextInt(8)), draws)
                .comfort(constant(45), maximum)
                .electricity(prices)
                .device(DEVICE, DeviceState.RESTED, revenue(0.3 * random.nextDouble()), deviceCelsius)
                .boost(85, 0, 1000, 3000);
        if (random.nextBoolean()) builder.disinfection(60, Duration.ofMinutes(45), random.nextInt(120) - 10);
        var problem = builder.build();
        var made = planner.plan(problem);
        var plan = made.plan();

        double capacity = tank.litres() * HotWaterTank.WATER;
        for (int k = 0; k < STEPS; k++) {
            double heat = DEVICE.watts(plan.level(k)) + plan.boostWatts(k);
            double steady = problem.ambientCelsius[k] + (heat - draws[k]) / tank.lossWattsPerKelvin();
            double constant = capacity / tank.lossWattsPerKelvin();
            double forgotten = -Math.expm1(-900 / constant);
            double mean = steady + (plan.airCelsius(k) - steady) * forgotten * constant / 900;
            double lost = tank.lossWattsPerKelvin() * (mean - problem.ambientCelsius[k]);
            assertEquals(
                    (heat - draws[k] - lost) * 900,
                    capacity * (plan.airCelsius(k + 1) - plan.airCelsius(k)),
                    1,
                    "energy of step " + k);
            assertTrue(plan.airCelsius(k + 1) <= maximum, "step " + k + ": " + plan.airCelsius(k + 1));
            if (plan.level(k) > 0)
                assertTrue(plan.airCelsius(k + 1) <= deviceCelsius, "step " + k + ": " + plan.airCelsius(k + 1));
        }
        assertEquals(0, plan.breaches().timers());
        timersAreKept(plan);
        // 4.2 kW are more than any of these draws
        double bound = 45 - 0.6 - 2500 * 900 / capacity;
        for (int k = 1; k <= STEPS; k++)
            assertTrue(plan.airCelsius(k) >= bound, "step " + k + ": " + plan.airCelsius(k) + " °C");
        if (made.disinfection() instanceof Disinfection.Planned(int from, int until, double _))
            for (int k = from; k <= until; k++) assertTrue(plan.airCelsius(k) >= 60);
    }

    private static void timersAreKept(HeatPlan plan) {
        int since = 0;
        for (int k = 1; k < STEPS; k++) {
            if ((plan.level(k) > 0) == (plan.level(k - 1) > 0)) continue;
            if (plan.level(k) == 0) assertTrue(k - since >= 4, "on for " + (k - since) + " steps");
            else if (since > 0) assertTrue(k - since >= 2, "off for " + (k - since) + " steps");
            since = k;
        }
    }

    @Test
    void equalProblemsHaveEqualPlans() {
        var problem =
                withDevice(52, 68).disinfection(60, Duration.ofHours(1), 90).build();
        var one = planner.plan(problem);
        var other = new TankPlanner().plan(problem);
        assertEquals(one.disinfection(), other.disinfection());
        assertEquals(one.plan().cost(), other.plan().cost());
    }

    @Test
    void impossibleProblemsAreRefused() {
        var wrong = assertThrows(
                IllegalArgumentException.class,
                () -> household(50).comfort(constant(60), 60).build());
        assertEquals(
                "tank problem: usable temperature of step 0 is 60.0 °C (below the highest, 60.0)", wrong.getMessage());
        assertThrows(IllegalArgumentException.class, () -> TankProblem.of(TANK, Double.NaN, QUARTER, STEPS));
        assertThrows(IllegalArgumentException.class, () -> household(50).surroundings(constant(18), constant(-1)));
        assertThrows(IllegalArgumentException.class, () -> household(50).disinfection(60, Duration.ofHours(-1), 5));
    }
}
