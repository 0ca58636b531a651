package org.athanor.simulation;

/** What the outside and the people do to a home during one substep. Reused from substep to substep. */
final class Boundary {
    double outdoorCelsius;
    double windMetresPerSecond;
    /** Sun and internal gains by node. */
    final double[] watts;

    /** Sun that the windows let in or take up. */
    double solarWatts;

    /** Sun that walls and roof take up outside. */
    double shellSunWatts;

    double gainWatts;

    /** Whether anybody is there to open a window. */
    boolean peopleAtHome;

    /** Time that it is of. */
    long nanosSinceYearStart = Long.MIN_VALUE;

    Boundary(int nodes) {
        watts = new double[nodes];
    }
}
