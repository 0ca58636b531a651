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
    private static final int ROW_HEADER = 16;
    private static final int REFERENCE = 4;

    private final GridSize grid;
    private final int airs;
    private final int slows;
    /** By step, mode and slow: a row along the air. Rows of their own, since only their loops are turned into vectors. */
    private float[][] values = {};
    /** By mode and slow: the value of a step, given the mode that follows it. */
    private float[][] onward = {};

    private boolean[] reached = {};
    private final float[] blended;
    private final int[] index;
    private final float[] weight;
    private final float[] stage;

    private HeatProblem problem;
    private ModalRoom room;
    private Core core;
    private Tube tube;
    private Choices choices;
    private Modes modes;
    private Penalties penalties;
    private int modeCount;
    /** Whether nothing but a source that modulates is there: then what it may aim at is told finely. */
    private boolean modulates;

    /** Where a source that modulates may lead the air: the places of the next grid, and the low end of the band. */
    private final double[] aims;

    /** By aim and slow: what the end of the step costs, and all that follows. */
    private final double[][] aimed;

    ValueTable(GridSize grid) {
        this.grid = grid;
        airs = grid.air();
        slows = grid.slow();
        blended = new float[airs];
        index = new int[airs];
        weight = new float[airs];
        stage = new float[airs];
        aims = new double[airs + 1];
        aimed = new double[airs + 1][slows];
    }

    long bytes() {
        long row = ROW_HEADER + 4L * airs;
        return (values.length + onward.length) * (row + REFERENCE) + 4 * row + reached.length;
    }

    void fill(
            HeatProblem problem,
            ModalRoom room,
            Core core,
            Tube tube,
            Choices choices,
            Modes modes,
            Penalties penalties,
            StoredHeat stored) {
        this.problem = problem;
        this.room = room;
        this.core = core;
        this.tube = tube;
        this.choices = choices;
        this.modes = modes;
        this.penalties = penalties;
        modeCount = modes.count();
        modulates = problem.source.modulates() && problem.device.levels() == 1;
        reserve();
        reach();
        end(stored);
        for (int k = problem.steps - 1; k > 0; k--) {
            for (int row = 0; row < modeCount * slows; row++) Arrays.fill(onward[row], UNREACHED);
            for (int c = choices.first(k); c < choices.end(k); c++) extend(k, c);
            if (modulates) modulate(k);
            choose(k);
            if (core.exists()) credit(k);
        }
    }

    private void reserve() {
        long rows = (problem.steps + 1L) * modeCount * slows;
        if (rows * airs > Integer.MAX_VALUE)
            throw new IllegalArgumentException("grid of the planner: " + grid + " with " + modeCount + " modes and "
                    + problem.steps + " steps takes " + rows * airs + " values (at most " + Integer.MAX_VALUE + ")");
        values = enlarged(values, (int) rows);
        onward = enlarged(onward, modeCount * slows);
        int marks = (problem.steps + 1) * modeCount;
        if (reached.length < marks) reached = new boolean[marks];
    }

    private float[][] enlarged(float[][] rows, int count) {
        if (rows.length >= count) return rows;
        var more = Arrays.copyOf(rows, count);
        for (int i = rows.length; i < count; i++) more[i] = new float[airs];
        return more;
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
        int first = last * modeCount * slows;
        for (int j = 0; j < slows; j++) {
            var row = values[first + j];
            for (int i = 0; i < airs; i++) {
                double air = tube.airLow[last] + i * tube.airStep[last];
                double slow = tube.slowLow[last] + j * tube.slowStep[last];
                row[i] = (float) -stored.worth(air, room.mass(air, slow));
            }
            for (int m = 1; m < modeCount; m++) System.arraycopy(row, 0, values[first + m * slows + j], 0, airs);
        }
    }

    /** Offers one choice of a step to every mode that may follow it. */
    private void extend(int k, int choice) {
        int level = choices.level(choice);
        double heat = choices.heatWatts(choice);
        double cost = choices.cost(choice)
                + penalties.promise(problem, k, level, choices.highest(k))
                - core.creditPerWatt(k) * heat;
        int after = (k + 1) * modeCount;
        int[] followers = modes.ofLevel(level);
        for (int j = 0; j < slows; j++) {
            double slow = tube.slowLow[k] + j * tube.slowStep[k];
            double place = (room.nextSlow(k, slow, heat) - tube.slowLow[k + 1]) / tube.slowStep[k + 1];
            int row = Math.clamp((int) place, 0, slows - 2);
            float share = (float) Math.clamp(place - row, 0, 1);
            double air = room.nextAir(k, tube.airLow[k], slow, heat);
            int count = choices.extra(choice) ? within(k, air) : airs;
            if (count == 0) continue;
            land(k, (float) air, (float) cost, (float) choices.profit(choice), count);
            for (int m : followers) {
                if (!reached[after + m]) continue;
                int from = (after + m) * slows + row;
                blend(values[from], values[from + 1], share);
                offer(onward[m * slows + j], count);
            }
        }
    }

    /** The first places of a row, those from where a step ends at temperatures to which one may sensibly heat. */
    private int within(int k, double firstAir) {
        double stride = room.airPerAir * tube.airStep[k];
        return Math.clamp((long) Math.floor((tube.heatedTo[k] - firstAir) / stride) + 1, 0, airs);
    }

    /** Where the places of a row land in the next grid, and what the step costs them. */
    private void land(int k, float first, float cost, float profit, int count) {
        float stride = (float) (room.airPerAir * tube.airStep[k]);
        float low = (float) tube.airLow[k + 1];
        float perStep = (float) (1 / tube.airStep[k + 1]);
        float bandLow = (float) problem.bandLow[k];
        float bandHigh = (float) problem.bandHigh[k];
        float hardLow = (float) tube.hardLow[k];
        float hardHigh = (float) tube.hardHigh[k];
        float discomfortPrice = (float) (problem.discomfortPrice * problem.hours);
        float overheat = (float) tube.overheat[k];
        boolean quadratic = problem.discomfort == HeatProblem.Discomfort.QUADRATIC;
        float linearPrice = quadratic ? 0 : discomfortPrice;
        float squarePrice = quadratic ? discomfortPrice : 0;
        float hardStep = (float) penalties.hardLimit();
        float hardPrice = (float) penalties.perHardKelvin();
        int last = airs - 1;
        for (int i = 0; i < count; i++) {
            float air = first + i * stride;
            float place = (air - low) * perStep;
            if (place < 0) place = 0;
            if (place > last) place = last;
            int at = (int) place;
            if (at == last) at--;
            index[i] = at;
            weight[i] = place - at;
            float price = cost;
            if (air < bandLow) price += (bandLow - air) * (linearPrice + squarePrice * (bandLow - air));
            if (air > bandHigh) price += (air - bandHigh) * (linearPrice + squarePrice * (air - bandHigh));
            if (air > overheat) price += profit;
            if (air < hardLow) price += hardStep + hardPrice * (hardLow - air);
            if (air > hardHigh) price += hardStep + hardPrice * (air - hardHigh);
            stage[i] = price;
        }
    }

    /**
     * Offers the heat of a source that modulates by where it leads the air: a place of the next grid, or the low end of the
     * band. Between those the value is a straight line, so that no other heat would be better. Which of them is best hardly
     * hangs on where the air is now, so it is sought once for each row and offered with its neighbours.
     */
    private void modulate(int k) {
        for (int t = 0; t <= airs; t++)
            aim(k, t, t < airs ? tube.airLow[k + 1] + t * tube.airStep[k + 1] : problem.bandLow[k]);
        double most = choices.mostSource(problem, k);
        for (int j = 0; j < slows; j++) {
            int best = bestAim(k, j);
            for (int t = Math.max(0, best - 1); t <= Math.min(airs - 1, best + 1); t++) offerAim(k, j, t, most);
            offerAim(k, j, airs, most);
        }
    }

    private void aim(int k, int t, double target) {
        double airPlace = (target - tube.airLow[k + 1]) / tube.airStep[k + 1];
        int at = Math.clamp((int) airPlace, 0, airs - 2);
        double between = Math.clamp(airPlace - at, 0, 1);
        double ending = problem.discomfortCost(k, target) + penalties.beyondHardLimit(tube.beyondHardLimits(k, target));
        int after = (k + 1) * modeCount * slows;
        for (int j = 0; j < slows; j++) aimed[t][j] = ending + between(values[after + j], at, between);
        aims[t] = target;
    }

    /** The place of the next grid that the middle of a row had best be led to, were there no limits to the heat. */
    private int bestAim(int k, int j) {
        double slow = tube.slowLow[k] + j * tube.slowStep[k];
        double air = tube.airLow[k] + (airs - 1) / 2.0 * tube.airStep[k];
        double unheated = room.nextAir(k, air, slow, 0);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t < airs && aims[t] <= tube.heatedTo[k]; t++) {
            double value = aimedCost(k, j, t, (aims[t] - unheated) / room.airPerWatt);
            if (value >= least) continue;
            least = value;
            best = t;
        }
        return best;
    }

    private void offerAim(int k, int j, int t, double most) {
        if (aims[t] > tube.heatedTo[k]) return;
        double slow = tube.slowLow[k] + j * tube.slowStep[k];
        double stride = room.airPerAir * tube.airStep[k];
        double lacking = aims[t] - room.nextAir(k, tube.airLow[k], slow, 0);
        int from = Math.clamp((long) Math.ceil((lacking - most * room.airPerWatt) / stride), 0, airs);
        int to = Math.clamp((long) Math.floor(lacking / stride) + 1, 0, airs);
        var row = onward[j];
        for (int i = from; i < to; i++) {
            float value = (float) aimedCost(k, j, t, (lacking - i * stride) / room.airPerWatt);
            if (value < row[i]) row[i] = value;
        }
    }

    private double aimedCost(int k, int j, int t, double heat) {
        double slow = tube.slowLow[k] + j * tube.slowStep[k];
        double place = (room.nextSlow(k, slow, heat) - tube.slowLow[k + 1]) / tube.slowStep[k + 1];
        int below = Math.clamp((int) place, 0, slows - 2);
        double share = Math.clamp(place - below, 0, 1);
        double cost = problem.sourceCost(k, heat);
        if (cost < 0 && tube.avoidablyAbove(k, aims[t])) cost = 0;
        var column = aimed[t];
        return cost - core.creditPerWatt(k) * heat + column[below] + share * (column[below + 1] - column[below]);
    }

    private void blend(float[] low, float[] high, float share) {
        var to = blended;
        for (int i = 0; i < airs; i++) to[i] = low[i] + share * (high[i] - low[i]);
    }

    private void offer(float[] to, int count) {
        var at = index;
        var between = weight;
        var cost = stage;
        var row = blended;
        for (int i = 0; i < count; i++) {
            int from = at[i];
            float low = row[from];
            float value = low + between[i] * (row[from + 1] - low) + cost[i];
            to[i] = value < to[i] ? value : to[i];
        }
    }

    /** Lets every mode take the best of the levels that it may choose. */
    private void choose(int k) {
        for (int m = 0; m < modeCount; m++) {
            if (!reached[k * modeCount + m]) continue;
            int to = (k * modeCount + m) * slows;
            long targets = modes.choices(m, choices.highest(k));
            boolean first = true;
            for (; targets != 0; targets &= targets - 1) {
                int target = Long.numberOfTrailingZeros(targets);
                float cost = (float) (choices.transition(k, modes.level(m), target)
                        + (modes.timersAllow(m, target) ? 0 : penalties.brokenTimer()));
                int from = modes.next(m, target) * slows;
                for (int j = 0; j < slows; j++) {
                    if (first) copy(values[to + j], onward[from + j], cost);
                    else least(values[to + j], onward[from + j], cost);
                }
                first = false;
            }
        }
    }

    /** Takes off what the heat of each place leaves in a third node during the step. */
    private void credit(int k) {
        for (int j = 0; j < slows; j++) {
            double slow = tube.slowLow[k] + j * tube.slowStep[k];
            for (int i = 0; i < airs; i++) {
                double air = tube.airLow[k] + i * tube.airStep[k];
                double left = core.creditPerAir(k) * air + core.creditPerMass(k) * room.mass(air, slow);
                for (int m = 0; m < modeCount; m++)
                    if (reached[k * modeCount + m]) values[(k * modeCount + m) * slows + j][i] -= (float) left;
            }
        }
    }

    private void copy(float[] to, float[] from, float cost) {
        for (int i = 0; i < airs; i++) to[i] = from[i] + cost;
    }

    private void least(float[] to, float[] from, float cost) {
        for (int i = 0; i < airs; i++) to[i] = Math.min(to[i], from[i] + cost);
    }

    /** The least cost from before step {@code k} on; {@code k} is 1 or more, the mode one that can be reached then. */
    double at(int k, int mode, double air, double slow) {
        double airPlace = (air - tube.airLow[k]) / tube.airStep[k];
        double slowPlace = (slow - tube.slowLow[k]) / tube.slowStep[k];
        int i = Math.clamp((int) airPlace, 0, airs - 2);
        int j = Math.clamp((int) slowPlace, 0, slows - 2);
        int row = (k * modeCount + mode) * slows + j;
        double share = Math.clamp(airPlace - i, 0, 1);
        double below = between(values[row], i, share);
        double above = between(values[row + 1], i, share);
        return below + Math.clamp(slowPlace - j, 0, 1) * (above - below);
    }

    private static double between(float[] row, int i, double share) {
        return row[i] + share * (row[i + 1] - row[i]);
    }
}
