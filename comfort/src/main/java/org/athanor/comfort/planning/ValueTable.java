package org.athanor.comfort.planning;

import java.util.Arrays;

/**
 * The least cost from each step on, for each mode of the device and each place of the grid: backward induction (Bellman,
 * 1957) with linear interpolation between places. Discomfort is not interpolated but computed where a step really ends,
 * since its kinks are what a coarse grid blurs.
 *
 * <p>Two things make it fast. What a level and some other heat lead to is computed once for all modes that lead there. And
 * the place along the slow axis depends on the row alone, so that rows are blended as wholes; only the blended row is looked
 * up place by place.
 */
final class ValueTable {
    private static final float UNREACHED = 1e30f;

    private final GridSize grid;
    private final int airs;
    private final int slows;
    private final int places;
    /** By step, mode, slow and air. */
    private float[] values = {};
    /** By mode, slow and air: the value of a step, given the mode that follows it. */
    private float[] onward = {};

    private boolean[] reached = {};
    private final float[] blended;
    private final int[] index;
    private final float[] weight;
    private final float[] stage;

    private HeatProblem problem;
    private ModalRoom room;
    private Tube tube;
    private Choices choices;
    private Modes modes;
    private Penalties penalties;
    private int modeCount;

    ValueTable(GridSize grid) {
        this.grid = grid;
        airs = grid.air();
        slows = grid.slow();
        places = grid.places();
        blended = new float[airs];
        index = new int[airs];
        weight = new float[airs];
        stage = new float[airs];
    }

    long bytes() {
        return 4L * (values.length + onward.length + blended.length + index.length + weight.length + stage.length)
                + reached.length;
    }

    void fill(
            HeatProblem problem,
            ModalRoom room,
            Tube tube,
            Choices choices,
            Modes modes,
            Penalties penalties,
            StoredHeat stored) {
        this.problem = problem;
        this.room = room;
        this.tube = tube;
        this.choices = choices;
        this.modes = modes;
        this.penalties = penalties;
        modeCount = modes.count();
        reserve();
        reach();
        end(stored);
        for (int k = problem.steps - 1; k > 0; k--) {
            Arrays.fill(onward, 0, modeCount * places, UNREACHED);
            for (int c = choices.first(k); c < choices.end(k); c++) extend(k, c);
            choose(k);
        }
    }

    private void reserve() {
        long size = (problem.steps + 1L) * modeCount * places;
        if (size > Integer.MAX_VALUE - 8)
            throw new IllegalArgumentException("grid of the planner: " + grid + " with " + modeCount + " modes and "
                    + problem.steps + " steps do not fit in memory (" + size + " values)");
        if (values.length < size) values = new float[(int) size];
        if (onward.length < modeCount * places) onward = new float[modeCount * places];
        int marks = (problem.steps + 1) * modeCount;
        if (reached.length < marks) reached = new boolean[marks];
    }

    /** Modes that can be reached from the present one: the first steps need few. */
    private void reach() {
        Arrays.fill(reached, 0, (problem.steps + 1) * modeCount, false);
        reached[modes.start()] = true;
        for (int k = 0; k < problem.steps; k++)
            for (int m = 0; m < modeCount; m++) {
                if (!reached[k * modeCount + m]) continue;
                long targets = modes.choices(m, choices.highest(k));
                for (; targets != 0; targets &= targets - 1)
                    reached[(k + 1) * modeCount + modes.next(m, Long.numberOfTrailingZeros(targets))] = true;
            }
    }

    private void end(StoredHeat stored) {
        int last = problem.steps;
        int first = last * modeCount * places;
        for (int j = 0; j < slows; j++)
            for (int i = 0; i < airs; i++) {
                double air = tube.airLow[last] + i * tube.airStep[last];
                double slow = tube.slowLow[last] + j * tube.slowStep[last];
                values[first + j * airs + i] = (float) -stored.worth(air, room.mass(air, slow));
            }
        for (int m = 1; m < modeCount; m++) System.arraycopy(values, first, values, first + m * places, places);
    }

    /** Offers one choice of a step to every mode that may follow it. */
    private void extend(int k, int choice) {
        int level = choices.level(choice);
        double heat = choices.heatWatts(choice);
        double cost = choices.cost(choice) + penalties.promise(problem, k, level, choices.highest(k));
        int after = (k + 1) * modeCount;
        for (int j = 0; j < slows; j++) {
            double slow = tube.slowLow[k] + j * tube.slowStep[k];
            double place = (room.nextSlow(k, slow, heat) - tube.slowLow[k + 1]) / tube.slowStep[k + 1];
            int row = Math.clamp((int) place, 0, slows - 2);
            float share = (float) Math.clamp(place - row, 0, 1);
            land(k, (float) room.nextAir(k, tube.airLow[k], slow, heat), (float) cost);
            for (int m = 0; m < modeCount; m++) {
                if (modes.level(m) != level || !reached[after + m]) continue;
                blend(((after + m) * slows + row) * airs, share);
                offer((m * slows + j) * airs);
            }
        }
    }

    /** Where the places of a row land in the next grid, and what the step costs them. */
    private void land(int k, float first, float cost) {
        float stride = (float) (room.airPerAir * tube.airStep[k]);
        float low = (float) tube.airLow[k + 1];
        float perStep = (float) (1 / tube.airStep[k + 1]);
        float bandLow = (float) problem.bandLow[k];
        float bandHigh = (float) problem.bandHigh[k];
        float hardLow = (float) tube.hardLow[k];
        float hardHigh = (float) tube.hardHigh[k];
        float price = (float) (problem.discomfortPrice * problem.hours);
        float overheatPrice = (float) (problem.overheatPrice * problem.hours);
        float overheat = (float) tube.overheat[k];
        boolean quadratic = problem.discomfort == HeatProblem.Discomfort.QUADRATIC;
        float linearPrice = quadratic ? 0 : price;
        float squarePrice = quadratic ? price : 0;
        float hardStep = (float) penalties.hardLimit();
        float hardPrice = (float) penalties.perHardKelvin();
        int last = airs - 2;
        for (int i = 0; i < airs; i++) {
            float air = first + i * stride;
            float place = (air - low) * perStep;
            int at = Math.max(0, Math.min(last, (int) place));
            index[i] = at;
            weight[i] = Math.max(0, Math.min(1, place - at));
            float outside = Math.max(0, Math.max(bandLow - air, air - bandHigh));
            float beyond = Math.max(0, Math.max(hardLow - air, air - hardHigh));
            stage[i] = cost
                    + outside * (linearPrice + squarePrice * outside)
                    + overheatPrice * Math.max(0, air - overheat)
                    + (beyond > 0 ? hardStep + hardPrice * beyond : 0);
        }
    }

    private void blend(int row, float share) {
        for (int i = 0; i < airs; i++) {
            float here = values[row + i];
            blended[i] = here + share * (values[row + airs + i] - here);
        }
    }

    private void offer(int at) {
        for (int i = 0; i < airs; i++) {
            int from = index[i];
            float low = blended[from];
            float value = low + weight[i] * (blended[from + 1] - low) + stage[i];
            if (value < onward[at + i]) onward[at + i] = value;
        }
    }

    /** Lets every mode take the best of the levels that it may choose. */
    private void choose(int k) {
        for (int m = 0; m < modeCount; m++) {
            if (!reached[k * modeCount + m]) continue;
            int to = (k * modeCount + m) * places;
            int highest = choices.highest(k);
            long targets = modes.choices(m, highest);
            boolean first = true;
            for (; targets != 0; targets &= targets - 1) {
                int target = Long.numberOfTrailingZeros(targets);
                float cost = (float) (choices.transition(k, modes.level(m), target)
                        + (modes.timersAllow(m, target) ? 0 : penalties.brokenTimer()));
                int from = modes.next(m, target) * places;
                if (first) copy(to, from, cost);
                else least(to, from, cost);
                first = false;
            }
        }
    }

    private void copy(int to, int from, float cost) {
        for (int i = 0; i < places; i++) values[to + i] = onward[from + i] + cost;
    }

    private void least(int to, int from, float cost) {
        for (int i = 0; i < places; i++) values[to + i] = Math.min(values[to + i], onward[from + i] + cost);
    }

    /** The least cost from before step {@code k} on; {@code k} is 1 or more, the mode one that can be reached then. */
    double at(int k, int mode, double air, double slow) {
        double airPlace = (air - tube.airLow[k]) / tube.airStep[k];
        double slowPlace = (slow - tube.slowLow[k]) / tube.slowStep[k];
        int i = Math.clamp((int) airPlace, 0, airs - 2);
        int j = Math.clamp((int) slowPlace, 0, slows - 2);
        int base = ((k * modeCount + mode) * slows + j) * airs + i;
        double share = Math.clamp(airPlace - i, 0, 1);
        double below = values[base] + share * (values[base + 1] - values[base]);
        double above = values[base + airs] + share * (values[base + airs + 1] - values[base + airs]);
        return below + Math.clamp(slowPlace - j, 0, 1) * (above - below);
    }
}
