package org.athanor.devices;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * What a heater said of itself when it was read. A value that it does not know is empty, never zero.
 *
 * @param level as read back from the device; empty when it is in a state that is none of its levels
 * @param fault in words, when the device reports one
 */
public record HeaterState(
        OptionalInt level,
        Phase phase,
        Optional<Watts> power,
        PowerSource source,
        Optional<Celsius> chip,
        Optional<Celsius> inlet,
        OptionalInt fanRpm,
        Optional<Hashrate> hashrate,
        Optional<String> fault) {
    /** Where the device is on its way between off and steady heating. */
    public enum Phase {
        OFF,
        STARTING,
        WORKING,
        STOPPING,
        FAULT
    }

    /** How the watts are known, the best first. */
    public enum PowerSource {
        METERED,
        REPORTED,
        DECLARED
    }
}
