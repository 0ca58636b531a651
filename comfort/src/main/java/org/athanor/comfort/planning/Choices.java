package org.athanor.comfort.planning;

/**
 * What can be done in each step, timers aside: the device's levels within its caps, each with heat from the other sources in
 * order of their price, so that a dearer one only helps when the cheaper one is at its capacity.
 */
final class Choices {
    private int most;
    private int steps;
    private int[] count = {};
    /** The highest level within the caps, of each step. */
    private int[] highest = {};

    private int[] level = {};
    private double[] heatWatts = {};
    private double[] sourceWatts = {};
    private double[] boostWatts = {};
    private boolean[] elsewhere = {};
    private double[] cost = {};
    /** W that our devices may draw together, of each step. */
    private double[] headroom = {};

    /** By step and level: revenue that a start, or a change, loses while settling. */
    private double[] startLoss = {};

    private double[] changeLoss = {};
    private int levels;
    private double startCost;
    private double largestCost;

    /** @param peakWatts that may be drawn from the grid by the home; infinite for no limit but the house's */
    void fill(HeatProblem problem, double peakWatts) {
        steps = problem.steps;
        levels = problem.device.levels();
        startCost = problem.device.startCost();
        int sinks = problem.elsewhere.length > 0 ? 1 : 0;
        most = levels * (problem.source.parts() + problem.boostWatts.length + sinks) + 1;
        reserve();
        largestCost = 0;
        for (int k = 0; k < steps; k++) {
            double peakRoom = peakWatts + problem.solarWatts[k] - problem.otherWatts[k];
            fill(problem, k, Math.max(0, Math.min(problem.headroom(k), peakRoom)));
        }
    }

    private void reserve() {
        if (count.length < steps) {
            count = new int[steps];
            highest = new int[steps];
            headroom = new double[steps];
        }
        if (startLoss.length < steps * levels) {
            startLoss = new double[steps * levels];
            changeLoss = new double[steps * levels];
        }
        int size = steps * most;
        if (level.length >= size) return;
        level = new int[size];
        heatWatts = new double[size];
        sourceWatts = new double[size];
        boostWatts = new double[size];
        elsewhere = new boolean[size];
        cost = new double[size];
    }

    private void fill(HeatProblem p, int k, double room) {
        count[k] = 0;
        headroom[k] = room;
        highest[k] = p.device.levelWithin(Math.min(room, p.deviceCap[k]));
        double largest = 0;
        for (int l = 0; l <= highest[k]; l++) {
            startLoss[k * levels + l] = l == 0 ? 0 : p.lostSettling(k, l, true);
            changeLoss[k * levels + l] = l == 0 ? 0 : p.lostSettling(k, l, false);
            boolean sourceFirst = p.source.pricePerHeatKwh(k, p.marginalPrice(k)) <= p.marginalPrice(k);
            int parts = p.source.parts();
            int boosts = p.boostWatts.length - 1;
            for (int n = 0; n <= parts + boosts; n++) {
                int part = sourceFirst ? Math.min(n, parts) : Math.max(0, n - boosts);
                int boost = sourceFirst ? Math.max(0, n - parts) : Math.min(n, boosts);
                double source = part == 0 ? 0 : p.source.watts(part);
                if (n == 0 || fits(p, k, l, source, p.boostWatts[boost], room))
                    add(p, k, l, source, p.boostWatts[boost]);
            }
            if (l > 0 && p.elsewhere.length > 0) addElsewhere(p, k, l);
        }
        for (int c = 0; c < count[k]; c++) largest = Math.max(largest, Math.abs(cost[k * most + c]));
        largestCost += largest;
    }

    private static boolean fits(HeatProblem p, int k, int l, double source, double boost, double room) {
        return p.device.watts(l) + source * p.source.electricityPerHeat(k) + boost <= room;
    }

    private void add(HeatProblem p, int k, int l, double source, double boost) {
        int at = k * most + count[k]++;
        level[at] = l;
        heatWatts[at] = p.device.watts(l) * p.device.heatShare() + source + boost;
        sourceWatts[at] = source;
        boostWatts[at] = boost;
        elsewhere[at] = false;
        cost[at] = cost(p, k, l, source, boost);
    }

    private void addElsewhere(HeatProblem p, int k, int l) {
        add(p, k, l, 0, 0);
        int at = k * most + count[k] - 1;
        elsewhere[at] = true;
        heatWatts[at] = 0;
        cost[at] -= p.worthElsewhere(k, l);
    }

    /** Currency of the step without discomfort, starts and settling. */
    private static double cost(HeatProblem p, int k, int l, double source, double boost) {
        double electric = p.device.watts(l) + source * p.source.electricityPerHeat(k) + boost;
        return p.electricityCost(k, electric)
                + source * p.source.fuelPricePerHeatKwh() * p.hours / 1000
                + p.device.watts(l) * p.device.wearPerKwh() * p.hours / 1000
                - (l == 0 ? 0 : p.revenue(k, l));
    }

    /**
     * Whether a choice's heat source may give this much instead; then that is a choice of its own, in the place behind the
     * step's last one, until the next is varied.
     */
    boolean vary(HeatProblem p, int k, int choice, double source) {
        if (source < 0 || source > p.source.capacityWatts()) return false;
        if (!fits(p, k, level[choice], source, boostWatts[choice], headroom[k])) return false;
        add(p, k, level[choice], source, boostWatts[choice]);
        count[k]--;
        return true;
    }

    /** W of heat that the source may give beside a device that is off. */
    double mostSource(HeatProblem p, int k) {
        double perHeat = p.source.electricityPerHeat(k);
        return perHeat > 0 ? Math.min(p.source.capacityWatts(), headroom[k] / perHeat) : p.source.capacityWatts();
    }

    int first(int k) {
        return k * most;
    }

    int end(int k) {
        return k * most + count[k];
    }

    int highest(int k) {
        return highest[k];
    }

    int level(int choice) {
        return level[choice];
    }

    /** Whether heat of other sources is added to the level's own: never needed by a warm room. */
    boolean extra(int choice) {
        return sourceWatts[choice] + boostWatts[choice] > 0;
    }

    /** Whether the device's heat goes to the other sink. */
    boolean elsewhere(int choice) {
        return elsewhere[choice];
    }

    double heatWatts(int choice) {
        return heatWatts[choice];
    }

    double sourceWatts(int choice) {
        return sourceWatts[choice];
    }

    double boostWatts(int choice) {
        return boostWatts[choice];
    }

    double cost(int choice) {
        return cost[choice];
    }

    /**
     * Currency that a choice earns beyond what it costs. The planner does not count it in steps that end above the comfort
     * band, so that no revenue and no negative price heats a room out of it; what heats another sink does not.
     */
    double profit(int choice) {
        return elsewhere[choice] ? 0 : Math.max(0, -cost[choice]);
    }

    /** Currency for going from one level to another at this step. */
    double transition(int k, int from, int to) {
        if (from == to || to == 0) return 0;
        return from == 0 ? startCost + startLoss[k * levels + to] : changeLoss[k * levels + to];
    }

    double leastHeat(int k) {
        double least = Double.POSITIVE_INFINITY;
        for (int c = first(k); c < end(k); c++) least = Math.min(least, heatWatts[c]);
        return least;
    }

    /** The smallest of its heats that is above 0; 0 if there is none. */
    double leastPositiveHeat(int k) {
        double least = Double.POSITIVE_INFINITY;
        for (int c = first(k); c < end(k); c++) if (heatWatts[c] > 0) least = Math.min(least, heatWatts[c]);
        return least == Double.POSITIVE_INFINITY ? 0 : least;
    }

    double mostHeat(int k) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = first(k); c < end(k); c++) most = Math.max(most, heatWatts[c]);
        return most;
    }

    /** No plan's costs of running exceed this, in either direction. */
    double largestCost() {
        return largestCost + steps * startCost;
    }
}
