package org.athanor.devices.simulated;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** Something that turns electricity into heat, some of it later. Its books always close. */
public interface SimulatedLoad {
    /**
     * Advances its own physics. A step of zero only tells it whether it has mains.
     *
     * @param ambient of the room during the step
     * @param mains whether it has electricity during the step
     */
    void advance(Duration step, Celsius ambient, boolean mains);

    /** Drawn now. */
    Watts power();

    /** Drawn since the start. */
    Joules electricity();

    /** Released to the room since the start. */
    Joules heat();

    /** Held now, relative to its state at the start: electricity - heat. Negative when it has cooled below that state. */
    Joules stored();
}
