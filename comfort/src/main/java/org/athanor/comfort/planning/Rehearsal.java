package org.athanor.comfort.planning;

import java.time.Duration;
import org.athanor.comfort.model.RoomModel;

/** Lives a course of action on the room's exact model and keeps the books of it, step by step. */
final class Rehearsal {
    private final HeatProblem problem;
    private final RoomModel.Step step;
    private final StoredHeat stored;
    private final double[][] celsius;
    private final int[] level;
    private final double[] sourceWatts;
    private final double[] boostWatts;
    private final double[] electricWatts;
    private final double[] ownWatts;
    private final boolean[] elsewhere;
    private final double[] heatValue;
    private final Modes modes;
    private int mode;
    private int done;
    /** Steps that the device still settles. */
    private double settling;

    private double electricity;
    private double fuel;
    private double revenue;
    private double wear;
    private double discomfort;
    private int brokenTimers;
    private int missedLevels;
    private double hardKelvinHours;
    private double kelvinHoursBelow;
    private double kelvinHoursAbove;

    Rehearsal(HeatProblem problem, Modes modes, StoredHeat stored) {
        this.problem = problem;
        step = problem.modelStep;
        this.stored = stored;
        this.modes = modes;
        mode = modes.start();
        int steps = problem.steps;
        celsius = new double[steps + 1][problem.room.nodes()];
        celsius[0] = problem.startCelsius.clone();
        level = new int[steps];
        sourceWatts = new double[steps];
        boostWatts = new double[steps];
        electricWatts = new double[steps];
        ownWatts = new double[steps];
        elsewhere = new boolean[steps];
        heatValue = new double[steps];
    }

    int mode() {
        return mode;
    }

    double[] celsius() {
        return celsius[done];
    }

    void heatValue(double perKwh) {
        heatValue[done] = perKwh;
    }

    /** @param away whether the device's heat goes to the other sink */
    void step(int target, double source, double boost, boolean away) {
        int k = done;
        var p = problem;
        int before = modes.level(mode);
        double watts = p.device.watts(target);
        double electric = watts + source * p.source.electricityPerHeat(k) + boost;
        double heat = (away ? 0 : watts * p.device.heatShare()) + source + boost;
        electricity += p.electricityCost(k, electric);
        fuel += source * p.source.fuelPricePerHeatKwh() * p.hours / 1000;
        wear += watts * p.device.wearPerKwh() * p.hours / 1000;
        if (target != before) {
            settling = target == 0 ? 0 : settleSteps(before == 0);
            if (before == 0) wear += p.device.startCost();
        }
        if (target > 0) {
            double lost = Math.min(1, settling) * (1 - p.device.settlingEarns());
            revenue += p.revenue(k, target) * (1 - lost);
        }
        if (away) revenue += p.worthElsewhere(k, target);
        settling = Math.max(0, settling - 1);
        if (!modes.timersAllow(mode, target)) brokenTimers++;
        int within = p.device.levelWithin(Math.min(p.headroom(k), p.deviceCap[k]));
        if (target < Math.min(p.minimumLevel[k], within)) missedLevels++;
        step.apply(
                celsius[k],
                new RoomModel.Inputs(p.outdoorCelsius[k], heat + p.givenHeatWatts[k], p.windowSun[k], p.gainWatts[k]),
                celsius[k + 1]);
        double air = celsius[k + 1][0];
        discomfort += p.discomfortCost(k, air);
        kelvinHoursBelow += Math.max(0, p.bandLow[k] - air) * p.hours;
        kelvinHoursAbove += Math.max(0, air - p.bandHigh[k]) * p.hours;
        hardKelvinHours += Math.max(0, Math.max(p.hardLow - air, air - p.hardHigh)) * p.hours;
        level[k] = target;
        sourceWatts[k] = source;
        boostWatts[k] = boost;
        electricWatts[k] = electric;
        ownWatts[k] = watts + boost;
        elsewhere[k] = away;
        mode = modes.next(mode, target);
        done++;
    }

    private double settleSteps(boolean start) {
        Duration settle = start ? problem.device.startSettle() : problem.device.changeSettle();
        return settle.toNanos() / (double) problem.step.toNanos();
    }

    HeatPlan plan() {
        double gain = stored.worth(celsius[done]) - stored.worth(celsius[0]);
        double peak = DemandPeak.watts(problem, electricWatts);
        double charge = Math.max(0, peak - problem.reachedWatts) / 1000 * problem.demandPrice;
        return new HeatPlan(
                level,
                sourceWatts,
                boostWatts,
                electricWatts,
                ownWatts,
                elsewhere,
                celsius,
                heatValue,
                new PlanCost(electricity, fuel, revenue, wear, discomfort, charge, gain),
                new HeatPlan.Outside(kelvinHoursBelow, kelvinHoursAbove, hardKelvinHours),
                new HeatPlan.Breaches(brokenTimers, missedLevels));
    }
}
