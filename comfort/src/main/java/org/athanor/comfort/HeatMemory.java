package org.athanor.comfort;

import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * What safety must not forget when its program is restarted: a thermometer that does not move may be stuck, and the heat
 * released since it last moved counts on.
 *
 * @param reading the last trusted one
 * @param released upper bound of the heat since it was first read, not negative
 */
public record HeatMemory(Celsius reading, Joules released) {
    public HeatMemory {
        if (released.value() < 0) throw new IllegalArgumentException("released heat " + released + " is negative");
    }
}
