package org.athanor.conformance.broken.edge;

import org.athanor.conformance.broken.simulation.World;

final class KnowsTheSimulation {
    private KnowsTheSimulation() {}

    static void offend() {
        World.use();
    }
}
