package org.athanor.devices.whatsminer;

import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.DeviceException;
import org.athanor.devices.PoolSetting;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/** What the driver needs of a Whatsminer, in either of its protocols. Each call fails with a {@link DeviceException}. */
interface WhatsminerApi {
    double MOST_WATTS = 100_000;
    double MOST_TERAHASHES = 1e5;
    double LEAST_CELSIUS = -60;
    double MOST_CELSIUS = 250;
    double MOST_RPM = 100_000;

    /**
     * @param off whether it was told to stop mining
     * @param stable whether it has come to its power since mining began
     * @param errors as the firmware numbers them, empty when there are none
     */
    record Reading(
            boolean off,
            int limitWatts,
            boolean stable,
            Optional<Watts> power,
            Optional<Celsius> chip,
            Optional<Celsius> inlet,
            OptionalInt fanRpm,
            Optional<Hashrate> hashrate,
            String errors) {}

    Reading read();

    Optional<PoolSetting> pool();

    void powerOff();

    void powerOn();

    /** Kept by the firmware; mining restarts. */
    void powerLimit(int watts);

    /** Until mining restarts. */
    void powerPercent(int percent);
}
