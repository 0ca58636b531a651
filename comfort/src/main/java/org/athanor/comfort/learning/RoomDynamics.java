package org.athanor.comfort.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.athanor.comfort.model.RoomModel;

/**
 * Moves a room's temperatures on and says how each of them then hangs on every entry of the joint state before: the Taylor
 * series of the exact solution, differentiated term by term. Much faster than matrix exponentials by differences. Only a
 * workspace: it remembers nothing from call to call.
 */
final class RoomDynamics {
    /** Norm of the longest substep: longer ones take fewer terms altogether, but lose digits. */
    private static final double LONGEST_NORM = 2.5;

    /** What the terms left out may come to, as a share of the first. */
    private static final double LEFT_OUT = 1e-6;

    private final Shape shape;
    private final int nodes;
    private final int size;

    private final double[] capacity;
    private final double[] link;
    private final double[] loss;
    private double aperture;
    /** W/K that the air's loss gains with the logit of the share of it that goes through leaks. */
    private double leakSlope;

    private double sunShare;
    private double heatShare;

    private final double[] rate;
    private final double[] nextRate;
    /** Derivatives of the temperatures, row by row, {@link #size} each; and of the series' terms. */
    final double[] sensitivity;

    private double[] term;
    private double[] nextTerm;

    RoomDynamics(Shape shape) {
        this.shape = shape;
        nodes = shape.nodes();
        size = shape.size();
        capacity = new double[nodes];
        link = new double[nodes]; // the last one stays 0: nothing is behind
        loss = new double[nodes];
        rate = new double[nodes];
        nextRate = new double[nodes];
        sensitivity = new double[nodes * size];
        term = new double[nodes * size];
        nextTerm = new double[nodes * size];
    }

    private void read(double[] state, double draught) {
        for (int i = 0; i < nodes; i++) {
            capacity[i] = Math.exp(state[shape.capacity(i)]);
            loss[i] = Math.exp(state[shape.loss(i)]);
            if (i < nodes - 1) link[i] = Math.exp(state[shape.link(i)]);
        }
        double share = Beliefs.share(state[shape.leakShare()]);
        double excess = draught - 1;
        leakSlope = loss[0] * share * (1 - share) * excess;
        loss[0] *= 1 + share * excess;
        aperture = Math.exp(state[shape.aperture()]);
        sunShare = nodes == 1 ? 1 : Beliefs.share(state[shape.sunShare()]);
        heatShare = nodes == 1 ? 1 : Beliefs.share(state[shape.heatShare()]);
    }

    /** The room of these parameters in such a {@link Draught}. */
    RoomModel model(double[] state, double draught) {
        read(state, draught);
        List<RoomModel.Layer> layers = new ArrayList<>();
        for (int i = 1; i < nodes; i++) layers.add(new RoomModel.Layer(capacity[i], link[i - 1], loss[i]));
        return new RoomModel(capacity[0], loss[0], aperture, sunShare, heatShare, layers);
    }

    /**
     * Moves the temperatures in {@code state} on and leaves their derivatives in {@link #sensitivity}.
     *
     * @param expectedGain W beside the usual and the unmodelled one
     */
    void advance(double[] state, double seconds, Drive drive, double expectedGain) {
        read(state, Draught.of(drive.outdoor(), drive.wind()));
        double allHeat = drive.heat() + expectedGain + state[shape.usualGain()] + state[shape.gain()];
        double norm = norm();
        int substeps = (int) Math.max(1, Math.ceil(seconds * norm / LONGEST_NORM));
        double step = seconds / substeps;
        int terms = terms(norm * step);
        Arrays.fill(sensitivity, 0);
        for (int i = 0; i < nodes; i++) sensitivity[i * size + i] = 1;
        for (int i = 0; i < substeps; i++) substep(state, step, terms, drive.outdoor(), allHeat, drive.sun());
    }

    private static int terms(double norm) {
        int terms = 1;
        for (double term = 1; term > LEFT_OUT; terms++) term *= norm / terms;
        return terms;
    }

    private double norm() {
        double norm = 0;
        for (int i = 0; i < nodes; i++) {
            double links = link[i] + (i > 0 ? link[i - 1] : 0);
            norm = Math.max(norm, (2 * links + loss[i]) / capacity[i]);
        }
        return norm;
    }

    private void substep(double[] state, double step, int terms, double outdoor, double allHeat, double sun) {
        double admitted = aperture * sun;
        flow(state, rate);
        for (int i = 0; i < nodes; i++) rate[i] += loss[i] / capacity[i] * outdoor;
        rate[0] += (heatShare * allHeat + sunShare * admitted) / capacity[0];
        if (nodes > 1) rate[1] += ((1 - heatShare) * allHeat + (1 - sunShare) * admitted) / capacity[1];

        flowOfColumns(sensitivity, term);
        sources(allHeat, admitted);
        changeOfFlow(state, term, outdoor);
        for (int i = 0; i < nodes; i++) {
            term[i * size + shape.capacity(i)] -= rate[i];
            rate[i] *= step;
            state[i] += rate[i];
        }
        addTerm(step);

        for (int k = 2; k <= terms; k++) {
            double factor = step / k;
            flow(rate, nextRate);
            flowOfColumns(term, nextTerm);
            changeOfFlow(rate, nextTerm, 0);
            for (int i = 0; i < nodes; i++) {
                nextTerm[i * size + shape.capacity(i)] -= nextRate[i];
                rate[i] = nextRate[i] * factor;
                state[i] += rate[i];
            }
            var spare = term;
            term = nextTerm;
            nextTerm = spare;
            addTerm(factor);
        }
    }

    private void addTerm(double factor) {
        for (int i = 0; i < term.length; i++) {
            term[i] *= factor;
            sensitivity[i] += term[i];
        }
    }

    /** What the links and losses alone do to these temperatures, outdoors at 0. */
    private void flow(double[] celsius, double[] change) {
        for (int i = 0; i < nodes; i++) {
            double watts = -loss[i] * celsius[i];
            if (i > 0) watts += link[i - 1] * (celsius[i - 1] - celsius[i]);
            if (i < nodes - 1) watts += link[i] * (celsius[i + 1] - celsius[i]);
            change[i] = watts / capacity[i];
        }
    }

    private void flowOfColumns(double[] from, double[] to) {
        for (int i = 0; i < nodes; i++) {
            double inner = i > 0 ? link[i - 1] / capacity[i] : 0;
            double outer = link[i] / capacity[i];
            double own = -(inner + outer + loss[i] / capacity[i]);
            int row = i * size;
            int innerRow = i > 0 ? row - size : row;
            int outerRow = i < nodes - 1 ? row + size : row;
            for (int z = 0; z < size; z++)
                to[row + z] = inner * from[innerRow + z] + own * from[row + z] + outer * from[outerRow + z];
        }
    }

    /** How the flow out of these temperatures changes with the logarithms of links and losses. */
    private void changeOfFlow(double[] celsius, double[] columns, double outdoor) {
        columns[shape.leakShare()] += leakSlope / capacity[0] * (outdoor - celsius[0]);
        for (int i = 0; i < nodes; i++) {
            columns[i * size + shape.loss(i)] += loss[i] / capacity[i] * (outdoor - celsius[i]);
            if (i == nodes - 1) continue;
            double watts = link[i] * (celsius[i + 1] - celsius[i]);
            columns[i * size + shape.link(i)] += watts / capacity[i];
            columns[(i + 1) * size + shape.link(i)] -= watts / capacity[i + 1];
        }
    }

    private void sources(double allHeat, double admitted) {
        term[shape.gain()] += heatShare / capacity[0];
        term[shape.usualGain()] += heatShare / capacity[0];
        term[shape.aperture()] += sunShare * admitted / capacity[0];
        if (nodes == 1) return;
        double sunSlope = sunShare * (1 - sunShare) * admitted;
        double heatSlope = heatShare * (1 - heatShare) * allHeat;
        term[shape.sunShare()] += sunSlope / capacity[0];
        term[shape.heatShare()] += heatSlope / capacity[0];
        term[size + shape.gain()] += (1 - heatShare) / capacity[1];
        term[size + shape.usualGain()] += (1 - heatShare) / capacity[1];
        term[size + shape.aperture()] += (1 - sunShare) * admitted / capacity[1];
        term[size + shape.sunShare()] -= sunSlope / capacity[1];
        term[size + shape.heatShare()] -= heatSlope / capacity[1];
    }
}
