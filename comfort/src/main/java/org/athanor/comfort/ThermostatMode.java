package org.athanor.comfort;

import org.athanor.units.Kelvins;

/** How a deviation from the setpoint becomes a demand for heat. */
public sealed interface ThermostatMode {
    /** Everything on below setpoint - half, everything off above setpoint + half. */
    record Hysteresis(Kelvins half) implements ThermostatMode {
        public Hysteresis {
            if (half.value() <= 0) throw new IllegalArgumentException("hysteresis " + half + " (above 0 K)");
        }
    }

    /**
     * Time-proportional with an outdoor term, as in Versatile Thermostat: the share of all heaters' power is
     * perKelvin x (setpoint - room) + perOutdoorKelvin x (setpoint - outdoor), between 0 and 1.
     *
     * @param perOutdoorKelvin best the room's loss in W/K divided by the heaters' power in W
     */
    record Tpi(double perKelvin, double perOutdoorKelvin) implements ThermostatMode {
        public Tpi {
            if (!(perKelvin > 0) || !(perOutdoorKelvin >= 0) || Double.isInfinite(perKelvin + perOutdoorKelvin))
                throw new IllegalArgumentException("proportional thermostat: " + perKelvin + " per K (above 0), "
                        + perOutdoorKelvin + " per outdoor K (not negative)");
        }
    }
}
