package org.athanor.edge;

import java.util.Optional;
import org.athanor.comfort.PrimarySource;
import org.athanor.devices.DeviceException;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * The heating that a room has anyway, with a thermostat of its own. It is measured and, where its owner consented, held back
 * while others heat. One thing at a time is asked of it.
 */
public interface PrimaryHeating extends AutoCloseable {
    /** What it is, and whether it may be commanded. */
    PrimarySource source();

    /** What its thermostat aims at while it is held back: what it keeps by itself if this program dies then. */
    Celsius setback();

    /** @throws DeviceException if what it gives cannot be known */
    State read();

    /**
     * Sets what its thermostat aims at, and returns once that is read back.
     *
     * @throws IllegalStateException if its owner has not consented
     * @throws DeviceException if it does not obey
     */
    void aim(Celsius setpoint);

    /**
     * Leaves the thermostat to itself again, when this program stops. Failures as those of {@link #aim}.
     *
     * @param own setpoint of the room
     */
    default void giveBack(Celsius own) {
        aim(own);
    }

    @Override
    void close();

    /**
     * @param heat given to the room now
     * @param on whether it would heat if its setpoint were high enough: somebody may have switched it off
     * @param setpoint that its thermostat aims at, where it says so
     */
    record State(Watts heat, boolean on, Optional<Celsius> setpoint) {}
}
