package org.athanor.devices;

import org.athanor.units.Celsius;

/** A temperature sensor. */
public interface Thermometer extends AutoCloseable {
    String id();

    /** @throws DeviceException if there is no plausible reading */
    Celsius read();

    @Override
    void close();
}
