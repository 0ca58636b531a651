package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/**
 * A room's step in the coordinates of the grid: the air, and the slow mode of air and mass. The slow mode's way does not
 * depend on the air, so that the place of a state in the next grid is found for each axis alone.
 *
 * <p>For x' = A x with the eigenvalues f (fast) and s (slow), the modes are scaled so that air = fast + slow and mass = F fast
 * + S slow. Then air' = f air + (s - f) slow, and slow' = s slow. The matrix of a row of heat capacities has two real
 * eigenvalues; those of a room of one node are its own and, for a mode that stays 0, none.
 */
final class ModalRoom {
    final double airPerAir;
    final double airPerSlow;
    final double slowPerSlow;
    final double airPerWatt;
    final double slowPerWatt;
    /** Of each step: what the air and the slow mode gain without our heat. */
    final double[] airDrift;

    final double[] slowDrift;
    private final double massPerFast;
    private final double massPerSlow;
    private final boolean oneNode;

    /** @param core course of a third node, of each step at its start; empty if there is none */
    ModalRoom(HeatProblem problem, RoomModel.Step step, double[] core) {
        oneNode = step.nodes() == 1;
        int steps = problem.steps;
        airDrift = new double[steps];
        slowDrift = new double[steps];
        if (oneNode) {
            massPerFast = 0;
            massPerSlow = 1;
            airPerAir = step.factor(0, 0);
            airPerSlow = 0;
            slowPerSlow = 0;
            airPerWatt = step.inputFactor(0, RoomModel.Step.HEAT);
            slowPerWatt = 0;
            for (int k = 0; k < steps; k++) airDrift[k] = drift(problem, step, 0, k);
            return;
        }
        double half = (step.factor(1, 1) - step.factor(0, 0)) / 2;
        double coupling = step.factor(0, 1) * step.factor(1, 0);
        double root = Math.sqrt(half * half + coupling);
        // half + root and half - root, each without taking near equals from one another
        double above = half >= 0 ? half + root : coupling / (root - half);
        double below = half >= 0 ? -coupling / (half + root) : half - root;
        massPerSlow = above / step.factor(0, 1);
        massPerFast = below / step.factor(0, 1);
        slowPerSlow = step.factor(0, 0) + above;
        airPerAir = step.factor(0, 0) + below;
        airPerSlow = slowPerSlow - airPerAir;
        double airHeat = step.inputFactor(0, RoomModel.Step.HEAT);
        airPerWatt = airHeat;
        slowPerWatt = slow(airHeat, step.inputFactor(1, RoomModel.Step.HEAT));
        for (int k = 0; k < steps; k++) {
            double air = drift(problem, step, 0, k);
            double mass = drift(problem, step, 1, k);
            if (core.length > 0) {
                air += step.factor(0, 2) * core[k];
                mass += step.factor(1, 2) * core[k];
            }
            airDrift[k] = air;
            slowDrift[k] = slow(air, mass);
        }
    }

    private static double drift(HeatProblem p, RoomModel.Step step, int node, int k) {
        return step.inputFactor(node, RoomModel.Step.OUTDOOR) * p.outdoorCelsius[k]
                + step.inputFactor(node, RoomModel.Step.SUN) * p.windowSun[k]
                + step.inputFactor(node, RoomModel.Step.GAIN) * p.gainWatts[k]
                + step.inputFactor(node, RoomModel.Step.HEAT) * p.givenHeatWatts[k];
    }

    double slow(double air, double mass) {
        return oneNode ? 0 : (mass - massPerFast * air) / (massPerSlow - massPerFast);
    }

    /** Of the grid's second axis: the mass, as far as there is one. */
    double slow(double[] celsius) {
        return oneNode ? 0 : slow(celsius[0], celsius[1]);
    }

    double mass(double air, double slow) {
        return massPerFast * (air - slow) + massPerSlow * slow;
    }

    double nextAir(int k, double air, double slow, double heatWatts) {
        return airPerAir * air + airPerSlow * slow + airDrift[k] + airPerWatt * heatWatts;
    }

    double nextSlow(int k, double slow, double heatWatts) {
        return slowPerSlow * slow + slowDrift[k] + slowPerWatt * heatWatts;
    }

    /** The heat that brings the air to this temperature at the end of a step. */
    double heatFor(int k, double air, double slow, double targetAir) {
        return (targetAir - nextAir(k, air, slow, 0)) / airPerWatt;
    }
}
