package org.athanor.devices.opentherm;

import java.util.Optional;
import org.athanor.units.Celsius;

/**
 * What boiler and thermostat told each other last. A value that neither told is empty.
 *
 * @param fault whether the boiler reports one
 * @param heating whether it heats rooms now, not water for taps
 * @param modulation 0 to 1, between its least flame and its largest
 * @param leastShare its least flame as a share of its largest; empty where it does not say
 * @param setpoint that the thermostat aims at
 * @param room that the thermostat measures
 * @param flow of its heating water
 */
public record BoilerState(
        boolean fault,
        boolean heating,
        double modulation,
        Optional<Double> leastShare,
        Optional<Celsius> setpoint,
        Optional<Celsius> room,
        Optional<Celsius> flow) {
    /**
     * Heat that it gives to the rooms, as a share of its capacity: an estimate. A flame of which no modulation is told is taken
     * for the largest.
     */
    public double share() {
        if (!heating) return 0;
        double least = leastShare.orElse(0.0);
        double share = least + (1 - least) * modulation;
        return share == 0 ? 1 : share;
    }
}
