package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/**
 * Finds the cheapest course of heat and work for a room by dynamic programming over the air's temperature, the slow mode of
 * air and mass, and the device's level with its timers. A third node of the room is taken for a given course, that of the
 * room held in its band; heat that flows there is credited with what it will save when it comes back.
 *
 * <p>The course itself is found forwards on the exact model, looking one step ahead into the table, so that the grid's
 * errors move decisions but not figures. Holds its working memory: make one per thread and use it again. Equal problems give
 * equal plans.
 *
 * <pre>{@code
 * var problem = HeatProblem.of(room, celsius, Duration.ofMinutes(15), 96)
 *         .weather(outdoorCelsius, windowSun, gainWatts)
 *         .electricity(pricePerKwh)
 *         .comfort(low, high, HeatProblem.Discomfort.QUADRATIC, 0.3)
 *         .device(device, DeviceState.RESTED, revenuePerHour)
 *         .source(HeatSource.heatPump(4000, cop))
 *         .build();
 * var plan = planner.plan(problem);
 * int now = plan.level(0);
 * double ask = FlexibilityEnvelope.of(problem, plan).askPerKwh(0);
 * }</pre>
 */
public final class Planner {
    /** docs/performance.md tells what it costs and what it loses. */
    public static final GridSize DEFAULT_GRID = new GridSize(25, 9);

    /** Between these multiples of a peak that nothing limits and the peak already reached a cheaper one is sought. */
    private static final double[] PEAK_SHARES = {0, 0.25, 0.5, 0.75};

    /** In how many steps a part of a source that modulates is refined, and each of them again. */
    private static final int REFINEMENT = 8;

    private static final int ROUNDS_OF_REFINEMENT = 3;

    /** Half of the heat over which the slope of the value is taken, as kelvins of the air: at least; half a step of the lowest level. */
    private static final double SLOPE_KELVINS = 0.25;

    private final Choices choices = new Choices();
    private final Tube tube = new Tube();
    private final GridSize grid;
    private final ValueTable table;

    public Planner() {
        this(DEFAULT_GRID);
    }

    public Planner(GridSize grid) {
        this.grid = grid;
        table = new ValueTable(grid);
    }

    /** Bytes of the largest tables so far. */
    public long workingBytes() {
        return table.bytes();
    }

    public HeatPlan plan(HeatProblem problem) {
        var task = new Task(problem);
        var free = task.within(Double.POSITIVE_INFINITY);
        if (free.cost().demandCharge() == 0) return free;
        double peak = problem.reachedWatts + free.cost().demandCharge() / problem.demandPrice * 1000;
        var best = free;
        for (double share : PEAK_SHARES) {
            var plan = task.within(problem.reachedWatts + share * (peak - problem.reachedWatts));
            if (better(plan, best)) best = plan;
        }
        return best;
    }

    private static boolean better(HeatPlan a, HeatPlan b) {
        var mine = a.breaches();
        var its = b.breaches();
        if (mine.timers() != its.timers()) return mine.timers() < its.timers();
        if (hard(a) != hard(b)) return hard(a) < hard(b);
        if (mine.missedLevels() != its.missedLevels()) return mine.missedLevels() < its.missedLevels();
        return a.cost().total() < b.cost().total();
    }

    private static double hard(HeatPlan plan) {
        return plan.outsideKelvinHours().hard();
    }

    /**
     * What a given course of action would lead to, with all heat in the room: levels of the device and watts of the others, by step. Limits are not
     * enforced, but breaches are counted.
     *
     * @throws IllegalArgumentException for levels that the device does not have, or other numbers of steps than the problem's
     */
    public static HeatPlan rehearse(HeatProblem problem, int[] levels, double[] sourceWatts, double[] boostWatts) {
        if (levels.length != problem.steps)
            throw new IllegalArgumentException(
                    "course of action: level has " + levels.length + " steps (" + problem.steps + ")");
        Require.notNegative("course of action: heat of the source in W", sourceWatts, problem.steps);
        Require.notNegative("course of action: boost in W", boostWatts, problem.steps);
        for (int k = 0; k < levels.length; k++)
            if (levels[k] < 0 || levels[k] >= problem.device.levels())
                throw new IllegalArgumentException("course of action: level of step " + k + " is " + levels[k]
                        + " (0 to " + (problem.device.levels() - 1) + ")");
        var modes = new Modes(problem.device, problem.deviceState, problem.step);
        var rehearsal = new Rehearsal(problem, modes, new StoredHeat(problem));
        for (int k = 0; k < problem.steps; k++) rehearsal.step(levels[k], sourceWatts[k], boostWatts[k], false);
        return rehearsal.plan();
    }

    /** One problem, under one limit of the peak after the other. */
    private final class Task {
        private final HeatProblem problem;
        private final RoomModel.Step step;
        private final Modes modes;
        private final StoredHeat stored;
        private final double[] next;
        private ModalRoom room;
        private Core core;
        private Penalties penalties;

        Task(HeatProblem problem) {
            this.problem = problem;
            step = problem.modelStep;
            modes = new Modes(problem.device, problem.deviceState, problem.step);
            stored = new StoredHeat(problem);
            next = new double[problem.room.nodes()];
        }

        HeatPlan within(double peakWatts) {
            choices.fill(problem, peakWatts);
            penalties = Penalties.of(problem, choices);
            core = new Core(problem, step, choices, stored);
            room = new ModalRoom(problem, step, core.celsius);
            tube.lay(problem, room, choices, grid);
            table.fill(problem, room, core, tube, choices, modes, penalties, stored);
            var rehearsal = new Rehearsal(problem, modes, stored);
            for (int k = 0; k < problem.steps; k++) {
                rehearsal.heatValue(heatValue(k, rehearsal));
                int choice = best(k, rehearsal.mode(), rehearsal.celsius());
                double source = refined(k, rehearsal.mode(), rehearsal.celsius(), choice);
                rehearsal.step(choices.level(choice), source, choices.boostWatts(choice), choices.elsewhere(choice));
            }
            return rehearsal.plan();
        }

        private double heatValue(int k, Rehearsal rehearsal) {
            double quantum = choices.leastPositiveHeat(k) * problem.hours * 3600;
            double joules = Math.max(SLOPE_KELVINS * problem.room.airCapacity(), quantum / 2);
            return (least(k, rehearsal, -joules) - least(k, rehearsal, joules)) / (2 * joules) * 3.6e6;
        }

        private double least(int k, Rehearsal rehearsal, double joules) {
            var celsius = rehearsal.celsius().clone();
            var model = problem.room;
            boolean alone = model.layers().isEmpty();
            double toAir = alone ? 1 : model.heatToAir();
            celsius[0] += joules * toAir / model.airCapacity();
            if (!alone)
                celsius[1] += joules * (1 - toAir) / model.layers().getFirst().capacity();
            return value(k, rehearsal.mode(), celsius, best(k, rehearsal.mode(), celsius));
        }

        private int best(int k, int mode, double[] celsius) {
            long targets = modes.choices(mode, choices.highest(k));
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int c = choices.first(k); c < choices.end(k); c++) {
                if ((targets >> choices.level(c) & 1) == 0) continue;
                double value = value(k, mode, celsius, c);
                if (value >= least) continue;
                least = value;
                best = c;
            }
            if (best < 0) throw new AssertionError("no choice in step " + k + " has a finite value");
            return best;
        }

        /** Heat of a source that modulates, between the parts in which the table was made. */
        private double refined(int k, int mode, double[] celsius, int choice) {
            double best = choices.sourceWatts(choice);
            if (!problem.source.modulates() || choices.elsewhere(choice)) return best;
            double least = value(k, mode, celsius, choice);
            double width = problem.source.watts(1);
            for (int round = 0; round < ROUNDS_OF_REFINEMENT; round++) {
                width /= REFINEMENT;
                double around = best;
                for (int n = -REFINEMENT + 1; n < REFINEMENT; n++) {
                    double watts = around + width * n;
                    if (n == 0 || !choices.vary(problem, k, choice, watts)) continue;
                    double value = value(k, mode, celsius, choices.end(k));
                    if (value >= least) continue;
                    least = value;
                    best = watts;
                }
            }
            return best;
        }

        /** Of a choice, by the exact model for this step and by the table for those that follow. */
        private double value(int k, int mode, double[] celsius, int choice) {
            var p = problem;
            int level = choices.level(choice);
            double heat = choices.heatWatts(choice) + p.givenHeatWatts[k];
            double outdoor = p.outdoorCelsius[k];
            double sun = p.windowSun[k];
            double gain = p.gainWatts[k];
            for (int i = 0; i < next.length; i++) {
                double sum = step.inputFactor(i, RoomModel.Step.OUTDOOR) * outdoor
                        + step.inputFactor(i, RoomModel.Step.HEAT) * heat
                        + step.inputFactor(i, RoomModel.Step.SUN) * sun
                        + step.inputFactor(i, RoomModel.Step.GAIN) * gain;
                for (int j = 0; j < next.length; j++) sum += step.factor(i, j) * celsius[j];
                next[i] = sum;
            }
            int after = modes.next(mode, level);
            double onward = k + 1 == p.steps
                    ? -stored.worth(next[0], next.length > 1 ? next[1] : 0)
                    : table.at(k + 1, after, next[0], room.slow(next));
            if (core.exists()) onward -= core.worth(k + 1) * next[2];
            return choices.cost(choice)
                    + choices.transition(k, modes.level(mode), level)
                    + penalties.promise(p, k, level, choices.highest(k))
                    + p.discomfortCost(k, next[0])
                    + (tube.avoidablyAbove(k, next[0]) ? choices.profit(choice) : 0)
                    + penalties.beyondHardLimit(tube.beyondHardLimits(k, next[0]))
                    + onward;
        }
    }
}
