package org.athanor.comfort;

import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Kelvins;

/**
 * What the governor thinks of the situation.
 *
 * @param interventions why commands differ from what comfort asked for; empty in normal operation
 * @param alarms what a person must look at
 * @param room the last trusted temperature of the room
 * @param heatAllowance heat that may still be released before the thermometer must move again
 * @param margin distance that is kept to the room's maximum
 * @param unprotected heaters that nothing would stop if they ignored their commands
 */
public record SafetyStatus(
        Thermometer thermometer,
        List<String> interventions,
        List<String> alarms,
        Optional<Celsius> room,
        Joules heatAllowance,
        Kelvins margin,
        List<String> unprotected) {
    public enum Thermometer {
        TRUSTED,
        /** It has not moved although a good part of the allowed heat was released: control makes it move. */
        UNMOVED,
        MISSING,
        IMPLAUSIBLE
    }

    public SafetyStatus {
        interventions = List.copyOf(interventions);
        alarms = List.copyOf(alarms);
        unprotected = List.copyOf(unprotected);
    }

    public boolean intervening() {
        return !interventions.isEmpty();
    }
}
