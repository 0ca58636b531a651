package org.athanor.comfort;

import java.util.Map;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * The outcome of one step.
 *
 * @param commands one for every heater of the configuration
 * @param demand heat that the thermostat asked for
 * @param setpoint the one in force, after override and limits
 * @param lacking by named circuit, nameplates of heaters that would heat now if there were room for them
 * @param sentence that tells the user what happens and why
 */
public record ControlStep(
        ControlState state,
        Map<String, HeaterCommand> commands,
        Watts demand,
        Celsius setpoint,
        SafetyStatus safety,
        Map<String, Watts> lacking,
        Sentence sentence) {
    public ControlStep {
        commands = Map.copyOf(commands);
        lacking = Map.copyOf(lacking);
    }

    /** The sentence in English. */
    public String explanation() {
        return sentence.english();
    }
}
