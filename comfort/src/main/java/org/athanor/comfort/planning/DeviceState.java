package org.athanor.comfort.planning;

import java.time.Duration;

/**
 * What the compute device does when the plan begins.
 *
 * @param atLevel for how long it has been at this level
 * @param sinceSwitched for how long it has been on, or off
 */
public record DeviceState(int level, Duration atLevel, Duration sinceSwitched) {
    /** Off for long enough to do anything. */
    public static final DeviceState RESTED = new DeviceState(0, Duration.ofDays(1), Duration.ofDays(1));

    public DeviceState {
        if (level < 0) throw new IllegalArgumentException("state of the device: level " + level + " (not negative)");
        if (atLevel.isNegative() || sinceSwitched.isNegative())
            throw new IllegalArgumentException("state of the device: " + atLevel + " at its level, " + sinceSwitched
                    + " since it was switched (neither negative)");
    }
}
