package org.athanor.comfort.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.athanor.comfort.model.RoomModel;

/** What must hold for every home, price and weather. */
class PlannerPropertiesTest {
    private static final int DAY = 96;
    private static final long SEEDS = 1L << 40;

    private final Planner planner = new Planner();

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void plansKeepTimersCapsAndPromises(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var random = new Random(seed);
        var state = new DeviceState(
                random.nextInt(4), Duration.ofMinutes(random.nextInt(50)), Duration.ofMinutes(50 + random.nextInt(50)));
        var given = new RandomProblems(seed, DAY);
        given.withDevice(given.device, state, 0);
        int promised = random.nextInt(DAY - 12);
        int promisedLevel = 1 + random.nextInt(2);
        var minimum = new int[DAY];
        Arrays.fill(minimum, promised, promised + 8, promisedLevel);
        var quiet = given.constant(Double.POSITIVE_INFINITY);
        int night = 8 + random.nextInt(DAY - 24);
        Arrays.fill(quiet, night, night + 16, random.nextBoolean() ? 300 : 700);
        var other = IntStream.range(0, DAY)
                .mapToDouble(k -> 200 + 1500 * random.nextDouble())
                .toArray();
        var problem = given.problem
                .minimumLevels(minimum)
                .deviceCap(quiet)
                .house(other, given.constant(2600))
                .boost(0, 500, 1000)
                .build();
        var plan = planner.plan(problem);

        int level = state.level();
        double onOff = state.sinceSwitched().toMinutes();
        double atLevel = state.atLevel().toMinutes();
        for (int k = 0; k < DAY; k++) {
            int chosen = plan.level(k);
            var where = "step " + k + " from level " + level + " to " + chosen;
            double cap = Math.min(quiet[k], 2600 - other[k]);
            boolean forced = given.device.watts(level) > cap;
            if (chosen != level && !forced) {
                if (chosen == 0 || level == 0) assertTrue(onOff >= 60, where + " after " + onOff + " min");
                else assertTrue(atLevel >= 30, where + " after " + atLevel + " min");
            }
            if (chosen != level) atLevel = 0;
            if ((chosen == 0) != (level == 0)) onOff = 0;
            atLevel += 15;
            onOff += 15;
            level = chosen;
            assertTrue(given.device.watts(chosen) <= quiet[k], where);
            assertTrue(plan.electricWatts(k) + other[k] <= 2600 + 1e-9, where);
        }
        // a cap that falls while a timer runs may break one, but only at once or where the cap is foreseen to be worse
        assertTrue(plan.breaches().timers() <= 1, plan.breaches().toString());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void promisedWorkRunsWhereNothingForbidsIt(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var random = new Random(seed);
        var given = new RandomProblems(seed, DAY).withDevice();
        var minimum = new int[DAY];
        int from = 4 + random.nextInt(DAY - 20);
        Arrays.fill(minimum, from, from + 10, 1 + random.nextInt(3));
        var plan = planner.plan(
                given.problem.minimumLevels(minimum).hardLimits(-50, 80).build());
        for (int k = 0; k < DAY; k++) assertTrue(plan.level(k) >= minimum[k], "step " + k + " at " + plan.level(k));
        assertEquals(0, plan.breaches().missedLevels());
    }

    /** Where the room held at the low end of its band would keep them, so does the plan, whatever work pays and was promised. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void hardLimitsAreKeptWheneverThatIsPossible(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var given = new RandomProblems(seed, DAY);
        given.withDevice(given.device, DeviceState.RESTED, 3);
        var promised = new int[DAY];
        Arrays.fill(promised, 20, 80, 3);
        var problem = given.problem.hardLimits(17, 23.5).minimumLevels(promised).build();
        if (warmestWhenHeldLow(problem) > 23.5) return;
        var plan = planner.plan(problem);
        for (int k = 0; k <= DAY; k++)
            assertTrue(plan.airCelsius(k) <= 23.5 + 1e-9, "step " + k + ": " + plan.airCelsius(k) + " °C");
    }

    private static double warmestWhenHeldLow(HeatProblem p) {
        double[] celsius = p.startCelsius;
        double warmest = celsius[0];
        for (int k = 0; k < p.steps; k++) {
            var unheated = new RoomModel.Inputs(p.outdoorCelsius[k], 0, p.windowSun[k], p.gainWatts[k]);
            double missing = p.bandLow[k] - p.modelStep.apply(celsius, unheated)[0];
            double heat = Math.clamp(missing / p.modelStep.inputFactor(0, RoomModel.Step.HEAT), 0, 900);
            var heated = new RoomModel.Inputs(p.outdoorCelsius[k], heat, p.windowSun[k], p.gainWatts[k]);
            celsius = p.modelStep.apply(celsius, heated);
            warmest = Math.max(warmest, celsius[0]);
        }
        return warmest;
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void moreRevenueDoesNotPushTheRoomOutOfItsBand(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var plain = new RandomProblems(seed, DAY).withDevice();
        var rich = new RandomProblems(seed, DAY);
        rich.withDevice(rich.device, DeviceState.RESTED, 0.1);
        var before = planner.plan(plain.problem.build());
        var after = planner.plan(rich.problem.build());
        // heat that more work will make later is worth less now: the room may ride an end of the band a little
        // differently
        double tolerance = 0.3 + 0.1 * before.cost().discomfort();
        assertTrue(
                after.cost().discomfort() <= before.cost().discomfort() + tolerance,
                before.outsideKelvinHours() + ", then " + after.outsideKelvinHours());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void workThatPaysAFortuneDoesNotHeatTheRoomOutOfItsBand(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var given = new RandomProblems(seed, DAY);
        given.withDevice(given.device, DeviceState.RESTED, 5);
        given.problem.weather(given.constant(-5), given.constant(0), given.constant(0));
        var plan = planner.plan(given.problem.build());
        for (int k = 8; k <= DAY; k++)
            assertTrue(plan.airCelsius(k) <= 22.1, plan.airCelsius(k) + " °C before step " + k);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void anotherSinkNeverMakesThingsWorse(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        double worth = 0.2 * new Random(seed).nextDouble();
        var plain = new RandomProblems(seed, DAY).withDevice();
        var ducted = new RandomProblems(seed, DAY).withDevice();
        ducted.problem.elsewhere(ducted.constant(worth));
        var without = planner.plan(plain.problem.build());
        var with = planner.plan(ducted.problem.build());
        // of 12,000 random problems 357 were dearer with the sink, two by more than 3 % and one of them by 9 %, both
        // where no plan was comfortable
        double tolerance =
                0.15 * (1 + without.cost().electricity() + without.cost().discomfort());
        assertTrue(with.cost().total() <= without.cost().total() + tolerance, without.cost() + ", then " + with.cost());
        for (int k = 0; k < DAY; k++) assertTrue(with.level(k) > 0 || !with.elsewhere(k), "step " + k);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void dearerElectricityIsNotUsedMore(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        double more = 0.1;
        var cheap = new RandomProblems(seed, DAY).withDevice();
        var dear = new RandomProblems(seed, DAY).withDevice();
        var raised = Arrays.stream(dear.prices).map(p -> p + more).toArray();
        cheap.problem.replacementPrice(0.25).boost(0, 800);
        dear.problem.replacementPrice(0.25).boost(0, 800).electricity(raised);
        var one = planner.plan(cheap.problem.build());
        var two = planner.plan(dear.problem.build());
        // plans that cost up to e more than the best may turn the order around by e / more; e is the grid's tolerance
        double tolerance = GRID_TOLERANCE * (1 + one.cost().electricity()) / more;
        assertTrue(energy(two) <= energy(one) + tolerance, energy(one) + " kWh, then " + energy(two));
    }

    /** Of the electricity bill and a unit of currency: by how much plans of the default grid may cost more than the best. */
    private static final double GRID_TOLERANCE = 0.02;

    private static double energy(HeatPlan plan) {
        return IntStream.range(0, plan.steps()).mapToDouble(plan::electricWatts).sum() / 4000;
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void theCurrencyDoesNotMatter(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        double rate = 1024;
        var plain = new RandomProblems(seed, DAY);
        var foreign = new RandomProblems(seed, DAY);
        var revenue = new double[4][DAY];
        for (int l = 1; l < 4; l++) Arrays.fill(revenue[l], plain.revenuePerKwh[l] * plain.device.watts(l) / 1000);
        var revenueThere = Arrays.stream(revenue)
                .map(row -> Arrays.stream(row).map(v -> v * rate).toArray())
                .toArray(double[][]::new);
        plain.problem.device(plain.device, DeviceState.RESTED, revenue);
        foreign.problem
                .device(plain.device, DeviceState.RESTED, revenueThere)
                .electricity(Arrays.stream(plain.prices).map(v -> v * rate).toArray())
                .comfort(plain.constant(20), plain.constant(22), HeatProblem.Discomfort.QUADRATIC, 0.5 * rate);
        var here = planner.plan(plain.problem.build());
        var there = planner.plan(foreign.problem.build());
        for (int k = 0; k < DAY; k++) assertEquals(here.level(k), there.level(k), "step " + k);
        assertEquals(here.cost().total() * rate, there.cost().total(), 1e-6);
        assertEquals(here.heatValuePerKwh(0) * rate, there.heatValuePerKwh(0), 1e-6);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void equalProblemsGiveEqualPlansWhateverWasPlannedBefore(@ForAll @LongRange(min = 0, max = SEEDS) long seed) {
        var problem =
                new RandomProblems(seed, DAY).withDevice().problem.boost(0, 900).build();
        var fresh = new Planner().plan(problem);
        planner.plan(new RandomProblems(seed + 1, 40 + (int) (seed % 60))
                .withDevice()
                .problem
                .build());
        var again = planner.plan(problem);
        assertEquals(fresh.cost(), again.cost());
        for (int k = 0; k < DAY; k++) assertEquals(fresh.level(k), again.level(k));
    }
}
