package org.athanor.comfort;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * What was read of one heater in this step.
 *
 * @param level the level that the device says it has; empty when it could not be read
 * @param reported power that the device itself claims
 * @param metered power that its plug measured
 * @param plugOn empty when there is no plug or it could not be read
 */
public record HeaterReading(
        OptionalInt level,
        Optional<Watts> reported,
        Optional<Watts> metered,
        Optional<Boolean> plugOn,
        Optional<Celsius> chip,
        Optional<Celsius> inlet,
        Optional<String> fault) {
    /** Neither the device nor its plug answered. */
    public static HeaterReading unreachable(String why) {
        return new HeaterReading(
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(why));
    }
}
