package org.athanor.simulation;

import org.athanor.units.Joules;

/**
 * Where a home's heat came from and went to since its start. The flows are integrated beside the temperatures, and
 * {@code storedChange} is read from the temperatures alone, so that {@link #relativeError} checks one against the other.
 *
 * @param heater heat that devices released into the room
 * @param solar sun that the windows let in or take up
 * @param gains occupants and appliances
 * @param transmission lost through walls, roof and windows, less the sun that walls and roof take up outside: most of it
 *     leaves again at once, and counted as a gain it would make every error look small
 * @param airExchange lost with infiltration and ventilation
 */
public record EnergyBalance(
        Joules heater, Joules solar, Joules gains, Joules transmission, Joules airExchange, Joules storedChange) {
    /** In minus out minus stored: zero but for errors. */
    public Joules residual() {
        return heater.plus(solar)
                .plus(gains)
                .minus(transmission)
                .minus(airExchange)
                .minus(storedChange);
    }

    /** Sum of all flows by amount: what an error is measured against. */
    public Joules throughput() {
        return new Joules(Math.abs(heater.value())
                + Math.abs(solar.value())
                + Math.abs(gains.value())
                + Math.abs(transmission.value())
                + Math.abs(airExchange.value()));
    }

    public double relativeError() {
        return Math.abs(residual().value()) / Math.max(1, throughput().value());
    }
}
