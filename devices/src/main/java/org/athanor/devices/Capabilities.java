package org.athanor.devices;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * What a controller must know of a heater before it commands it: devices differ in just these points.
 *
 * @param levels ascending by power; the first is off
 * @param maximumPower upper bound by its nameplate, at any level and in any state
 * @param settle time from a change of level until power and temperatures are steady
 * @param changeRestartsHashing whether a change of level interrupts what the device computes
 * @param survivesController whether the last level stays when the controller is gone, so that only a plug's countdown or
 *     a timer of the firmware ends the heating
 * @param softStop whether level 0 can be reached by command; otherwise {@code setLevel(0)} selects the lowest level that
 *     heats and only a plug stops the device
 * @param storedHeat upper bound of the heat, above room temperature, that it still releases after it was cut
 * @param powerSource a sentence: whether watts are metered, reported by the device or declared
 */
public record Capabilities(
        String model,
        List<PowerLevel> levels,
        Watts maximumPower,
        Duration settle,
        Duration minimumOn,
        Duration minimumOff,
        boolean changeRestartsHashing,
        boolean survivesController,
        boolean softStop,
        Joules storedHeat,
        Optional<Celsius> chipMaximum,
        Optional<Celsius> inletMaximum,
        String powerSource) {
    public Capabilities {
        levels = List.copyOf(levels);
        if (levels.size() < 2)
            throw new IllegalArgumentException(model + ": needs level 0 (off) and one that heats, has " + levels);
    }

    /** @throws IllegalArgumentException if there is no such level */
    public PowerLevel level(int level) {
        if (level < 0 || level >= levels.size())
            throw new IllegalArgumentException(
                    model + " has no level " + level + " (0 to " + (levels.size() - 1) + " are accepted)");
        return levels.get(level);
    }
}
