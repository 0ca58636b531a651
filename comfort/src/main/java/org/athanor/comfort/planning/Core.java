package org.athanor.comfort.planning;

import org.athanor.comfort.model.RoomModel;

/** The course of a room's third, slow node: it hardly feels what a day's plan does, so one course serves all plans. */
final class Core {
    /** Where in the band the room is thought to be held. */
    private static final double SHARE_OF_BAND = 0.25;

    private Core() {}

    /** Its temperature at the start of each step while the room is held in its band; empty if there is no such node. */
    static double[] course(HeatProblem problem, RoomModel.Step step, Choices choices) {
        if (step.nodes() < 3) return new double[0];
        var course = new double[problem.steps];
        double[] celsius = problem.startCelsius.clone();
        var next = new double[celsius.length];
        double airPerWatt = step.inputFactor(0, RoomModel.Step.HEAT);
        for (int k = 0; k < problem.steps; k++) {
            course[k] = celsius[2];
            double target = problem.bandLow[k] + SHARE_OF_BAND * (problem.bandHigh[k] - problem.bandLow[k]);
            step.apply(celsius, inputs(problem, k, 0), next);
            double heat = Math.clamp((target - next[0]) / airPerWatt, choices.leastHeat(k), choices.mostHeat(k));
            step.apply(celsius, inputs(problem, k, heat), next);
            var spent = celsius;
            celsius = next;
            next = spent;
        }
        return course;
    }

    private static RoomModel.Inputs inputs(HeatProblem p, int k, double heat) {
        return new RoomModel.Inputs(p.outdoorCelsius[k], heat + p.givenHeatWatts[k], p.windowSun[k], p.gainWatts[k]);
    }
}
