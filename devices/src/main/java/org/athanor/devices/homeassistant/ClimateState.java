package org.athanor.devices.homeassistant;

import java.util.Optional;
import org.athanor.units.Celsius;

/**
 * What a thermostat of Home Assistant says of itself. A value that it does not know is empty.
 *
 * @param mode as Home Assistant names it: off, heat, auto, heat_cool …
 * @param current what it measures
 * @param setpoint what it aims at; empty too where it has a lower and an upper one
 */
public record ClimateState(String mode, Optional<Celsius> current, Optional<Celsius> setpoint, Action action) {
    /** What it does now, from {@code hvac_action}. */
    public enum Action {
        OFF,
        IDLE,
        HEATING,
        COOLING,
        OTHER,
        /** It does not say. */
        UNKNOWN
    }
}
