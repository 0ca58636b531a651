package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/**
 * How much the compute device could draw, and how little, while the room stays in its comfort band, and the least that it
 * must be paid for drawing a kWh.
 *
 * <p>Power and energy are of a device that averages between its levels; minimum times are left aside, caps and promised
 * levels are not. Where the band cannot be kept, the bound is what comes nearest.
 */
public final class FlexibilityEnvelope {
    private final double[] leastWatts;
    private final double[] mostWatts;
    private final double[] leastKwh;
    private final double[] mostKwh;
    private final double[] netCost;
    private final double[] ask;

    private FlexibilityEnvelope(int steps) {
        leastWatts = new double[steps];
        mostWatts = new double[steps];
        leastKwh = new double[steps];
        mostKwh = new double[steps];
        netCost = new double[steps];
        ask = new double[steps];
    }

    /** Of a plan that was made for this problem. */
    public static FlexibilityEnvelope of(HeatProblem problem, HeatPlan plan) {
        var envelope = new FlexibilityEnvelope(problem.steps);
        var least = new Course(problem, false);
        var most = new Course(problem, true);
        var here = new Course(problem, true);
        for (int k = 0; k < problem.steps; k++) {
            envelope.leastWatts[k] = here.watts(k, plan.celsius(k), false);
            envelope.mostWatts[k] = here.watts(k, plan.celsius(k), true);
            envelope.leastKwh[k] = least.energyAfter(k);
            envelope.mostKwh[k] = most.energyAfter(k);
            envelope.netCost[k] = problem.marginalPrice(k)
                    + problem.device.wearPerKwh()
                    - problem.device.heatShare() * plan.heatValuePerKwh(k);
            envelope.ask[k] = Math.max(envelope.netCost[k], bestRevenue(problem, k));
        }
        return envelope;
    }

    /** Currency per kWh that the device's own work earns at its best level. */
    private static double bestRevenue(HeatProblem p, int k) {
        double best = 0;
        for (int level = 1; level < p.device.levels(); level++)
            best = Math.max(best, p.revenuePerHour[level][k] * 1000 / p.device.watts(level));
        return best;
    }

    /** Least power in this step, from where the plan expects the room, that ends the step in the band, other sources helping. */
    public double leastWatts(int step) {
        return leastWatts[step];
    }

    /** Most power in this step, from where the plan expects the room, that ends the step in the band, other sources off. */
    public double mostWatts(int step) {
        return mostWatts[step];
    }

    /** Least energy from the start to the end of this step, in kWh. */
    public double leastKwh(int step) {
        return leastKwh[step];
    }

    /** Most energy from the start to the end of this step, in kWh. */
    public double mostKwh(int step) {
        return mostKwh[step];
    }

    /** c = p + a - h v of the next kWh, in currency per kWh: what computing costs here, heat credited. */
    public double netCostPerKwh(int step) {
        return netCost[step];
    }

    /** What other work must pay per kWh at least: its net cost, or more where the device's own work earns more. */
    public double askPerKwh(int step) {
        return ask[step];
    }

    /** The room with as much, or as little, of the device as the band allows. */
    private static final class Course {
        private final HeatProblem p;
        private final boolean most;
        private final RoomModel.Step step;
        private double[] celsius;
        private double[] next;
        private double kwh;

        Course(HeatProblem problem, boolean most) {
            p = problem;
            this.most = most;
            step = problem.modelStep;
            celsius = problem.startCelsius.clone();
            next = celsius.clone();
        }

        double watts(int k, double[] from, boolean upper) {
            double cap = Math.min(p.deviceCap[k], p.headroom(k));
            double highest = Math.min(p.device.watts(p.device.levels() - 1), cap);
            double lowest = Math.min(p.device.watts(p.minimumLevel[k]), highest);
            if (p.device.heatShare() == 0) return upper ? highest : lowest;
            double needed = needed(k, from, upper ? p.bandHigh[k] : p.bandLow[k]);
            if (!upper) needed -= otherHeat(k);
            return Math.clamp(needed / p.device.heatShare(), lowest, Math.max(lowest, highest));
        }

        /** Heat for the end of the step to be at this temperature. */
        private double needed(int k, double[] from, double air) {
            step.apply(from, inputs(k, 0), next);
            return (air - next[0]) / step.inputFactor(0, RoomModel.Step.HEAT);
        }

        /** What source and boost can give within the house's limit. */
        private double otherHeat(int k) {
            double boost = Math.min(p.boostWatts[p.boostWatts.length - 1], p.headroom(k));
            double left = p.headroom(k) - boost;
            double source = p.source.capacityWatts();
            double perHeat = p.source.electricityPerHeat(k);
            if (perHeat > 0) source = Math.min(source, left / perHeat);
            return boost + source;
        }

        double energyAfter(int k) {
            double watts = watts(k, celsius, most);
            double heat = watts * p.device.heatShare();
            if (!most) heat += Math.clamp(needed(k, celsius, p.bandLow[k]) - heat, 0, otherHeat(k));
            step.apply(celsius, inputs(k, heat), next);
            var spent = celsius;
            celsius = next;
            next = spent;
            kwh += watts * p.hours / 1000;
            return kwh;
        }

        private RoomModel.Inputs inputs(int k, double heat) {
            return new RoomModel.Inputs(
                    p.outdoorCelsius[k], heat + p.givenHeatWatts[k], p.windowSun[k], p.gainWatts[k]);
        }
    }
}
