package org.athanor.simulation;

/** What the outside and the people do to a home during one substep. Reused from substep to substep. */
final class Boundary {
    double outdoorCelsius;
    double windMetresPerSecond;
    /** Sun and internal gains by node. */
    final double[] watts;

    double solarWatts;
    double gainWatts;

    Boundary(int nodes) {
        watts = new double[nodes];
    }
}
