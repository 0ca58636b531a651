package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/**
 * A room's third, slow node. Its temperature is taken for a given course, that of the room held in its band. What a plan lets
 * flow there beyond that is not in the table any more, but it is not lost: it comes back within hours or days, and is credited
 * with what it will save then. Without that a heavy room would never be heated ahead of dear hours.
 */
final class Core {
    /** Where in the band the room is thought to be held. */
    private static final double SHARE_OF_BAND = 0.25;

    /** At the start of each step, °C; empty if there is no such node. */
    final double[] celsius;
    /** Currency per kelvin before each step, and at the end; all 0 if there is no such node. */
    private final double[] worth;

    private final double perAir;
    private final double perMass;
    private final double perWatt;

    Core(HeatProblem problem, RoomModel.Step step, Choices choices, StoredHeat stored) {
        worth = new double[problem.steps + 1];
        if (step.nodes() < 3) {
            celsius = new double[0];
            perAir = 0;
            perMass = 0;
            perWatt = 0;
            return;
        }
        celsius = new double[problem.steps];
        perAir = step.factor(2, 0);
        perMass = step.factor(2, 1);
        perWatt = step.inputFactor(2, RoomModel.Step.HEAT);
        price(problem, step, stored, hold(problem, step, choices));
    }

    boolean exists() {
        return celsius.length > 0;
    }

    /** Currency per kelvin of it before step {@code k}, or at the end. */
    double worth(int k) {
        return worth[k];
    }

    /** Currency that a kelvin of the air before step {@code k} leaves in it. */
    double creditPerAir(int k) {
        return worth[k + 1] * perAir;
    }

    double creditPerMass(int k) {
        return worth[k + 1] * perMass;
    }

    /** Currency that a watt during step {@code k} leaves in it. */
    double creditPerWatt(int k) {
        return worth[k + 1] * perWatt;
    }

    /** Fills in the course, and says in which steps heat is needed for it. */
    private boolean[] hold(HeatProblem problem, RoomModel.Step step, Choices choices) {
        var heated = new boolean[problem.steps];
        double[] now = problem.startCelsius.clone();
        var next = new double[now.length];
        double airPerWatt = step.inputFactor(0, RoomModel.Step.HEAT);
        for (int k = 0; k < problem.steps; k++) {
            celsius[k] = now[2];
            double target = problem.bandLow[k] + SHARE_OF_BAND * (problem.bandHigh[k] - problem.bandLow[k]);
            step.apply(now, inputs(problem, k, 0), next);
            double wanted = (target - next[0]) / airPerWatt;
            heated[k] = wanted > choices.leastHeat(k);
            double heat = Math.clamp(wanted, choices.leastHeat(k), choices.mostHeat(k));
            step.apply(now, inputs(problem, k, heat), next);
            var spent = now;
            now = next;
            next = spent;
        }
        return heated;
    }

    /**
     * Backwards: what a kelvin of mass and of core saves while heat holds the air, step by step, and what is left of it at the
     * end. In steps that need no heat it saves none.
     */
    private void price(HeatProblem problem, RoomModel.Step step, StoredHeat stored, boolean[] heated) {
        double airPerWatt = step.inputFactor(0, RoomModel.Step.HEAT);
        double massPerWatt = step.inputFactor(1, RoomModel.Step.HEAT);
        double[] saved = {step.factor(0, 1) / airPerWatt, step.factor(0, 2) / airPerWatt};
        double mass = stored.perMassKelvin();
        double core = stored.perCoreKelvin();
        worth[problem.steps] = core;
        for (int k = problem.steps - 1; k >= 0; k--) {
            double wattPrice = heated[k] ? problem.heatPrice(k) * problem.hours / 1000 : 0;
            var before = new double[2];
            for (int i = 0; i < 2; i++)
                before[i] = saved[i] * wattPrice
                        + mass * (step.factor(1, i + 1) - massPerWatt * saved[i])
                        + core * (step.factor(2, i + 1) - perWatt * saved[i]);
            mass = before[0];
            core = before[1];
            worth[k] = core;
        }
    }

    private static RoomModel.Inputs inputs(HeatProblem p, int k, double heat) {
        return new RoomModel.Inputs(p.outdoorCelsius[k], heat + p.givenHeatWatts[k], p.windowSun[k], p.gainWatts[k]);
    }
}
