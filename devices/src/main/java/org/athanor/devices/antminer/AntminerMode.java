package org.athanor.devices.antminer;

import org.athanor.units.Watts;

/**
 * A work mode of the stock firmware that heats.
 *
 * @param value by which the firmware's settings know it
 * @param watts as its owner declares it: this firmware reports none
 */
public record AntminerMode(String name, int value, Watts watts) {
    /** In which the firmware stops its boards. */
    static final int SLEEP = 1;

    /** @throws IllegalArgumentException for the value of sleep, or watts that are not positive */
    public AntminerMode {
        if (value == SLEEP)
            throw new IllegalArgumentException("mode " + name + ": " + SLEEP + " is sleep, which is off");
        if (watts.value() <= 0)
            throw new IllegalArgumentException("mode " + name + ": " + watts + " (must be positive)");
    }

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return Long.toString(Math.round(watts.value()));
    }

    public static AntminerMode normal(Watts watts) {
        return new AntminerMode("normal", 0, watts);
    }

    /**
     * Only some models have it. Its value is unverified: libraries for this firmware say 3, others 2; a device that does not take
     * it reads back in another mode.
     */
    public static AntminerMode lowPower(Watts watts) {
        return new AntminerMode("low power", 3, watts);
    }
}
