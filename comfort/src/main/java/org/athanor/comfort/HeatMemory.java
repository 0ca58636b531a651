package org.athanor.comfort;

import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * What safety must not forget when its program is restarted: a thermometer that does not move may be stuck, and the heat
 * released since it last moved counts on.
 *
 * @param room of the thermometer that control follows, empty before its first trusted reading
 * @param second of the one that frost protection falls back on
 */
public record HeatMemory(Optional<Shown> room, Optional<Shown> second) {
    /**
     * @param reading the last trusted one
     * @param released upper bound of the heat since it was first read, not negative
     */
    public record Shown(Celsius reading, Joules released) {
        public Shown {
            if (released.value() < 0) throw new IllegalArgumentException("released heat " + released + " is negative");
        }
    }
}
