package org.athanor.comfort.learning;

/**
 * How much heat a home loses, by the age of its shell: common U-values and air changes, which a home may miss by half. The
 * learner takes them with that doubt.
 */
public enum Insulation {
    /** Before the first rules: bare walls, old double glazing, draughts. */
    POOR(1.2, 2.8, 0.8),
    /** Some insulation in walls and roof, double glazing. */
    AVERAGE(0.5, 1.8, 0.5),
    /** Built or renewed in the last years; air changes less what a heat recovery saves. */
    GOOD(0.2, 1.1, 0.3);

    /** W/(m² K) of opaque parts towards the outdoors. */
    final double opaque;

    /** W/(m² K) of windows. */
    final double window;

    /** 1/h with outdoor air. */
    final double airChanges;

    Insulation(double opaque, double window, double airChanges) {
        this.opaque = opaque;
        this.window = window;
        this.airChanges = airChanges;
    }
}
