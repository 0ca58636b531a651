package org.athanor.devices.catalogue;

import java.util.Optional;

/**
 * One level at which a device can run.
 *
 * @param watts at the wall
 * @param terahashes TH/s of SHA-256; 0 for machines that cannot mine bitcoin
 * @param decibels dB(A) at one metre; empty where nobody states it
 */
public record DeviceLevel(String name, Figure watts, Figure terahashes, Optional<Figure> decibels) {
    public DeviceLevel {
        if (!(watts.value() > 0)) throw new IllegalArgumentException(name + ": " + watts + " W");
        if (!(terahashes.value() >= 0)) throw new IllegalArgumentException(name + ": " + terahashes + " TH/s");
    }

    /** J/TH of the level as a whole; infinite for machines that do not mine. */
    public double joulesPerTerahash() {
        return watts.value() / terahashes.value();
    }
}
