package org.athanor.comfort;

import java.time.Duration;
import java.util.List;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * What the governor enforces, and the declared data of the room from which it derives its margins.
 *
 * @param airCapacityJoulesPerKelvin heat that warms the air (and what follows it at once) by 1 K: a low estimate is the safe one
 * @param otherGains most that sun, people and cooking add to the room: a high estimate is the safe one
 * @param circuitLimit most that all heaters together may draw by their nameplates
 * @param step longest time between two steps of control
 * @param sensorLag time constant of the thermometer
 * @param sensorError most by which a settled thermometer is wrong, its rounding included
 * @param plugCountdown after this time without renewal a plug switches off by itself
 * @param startGrace time that a device may stay silent after its plug was switched on
 * @param medium that the thermometer is in
 */
public record SafetyLimits(
        Celsius roomMaximum,
        Celsius frostMinimum,
        double airCapacityJoulesPerKelvin,
        Watts otherGains,
        Watts circuitLimit,
        Duration step,
        Duration sensorLag,
        Kelvins sensorError,
        Duration plugCountdown,
        Duration startGrace,
        Medium medium) {
    /** Of a room. */
    public SafetyLimits(
            Celsius roomMaximum,
            Celsius frostMinimum,
            double airCapacityJoulesPerKelvin,
            Watts otherGains,
            Watts circuitLimit,
            Duration step,
            Duration sensorLag,
            Kelvins sensorError,
            Duration plugCountdown,
            Duration startGrace) {
        this(
                roomMaximum,
                frostMinimum,
                airCapacityJoulesPerKelvin,
                otherGains,
                circuitLimit,
                step,
                sensorLag,
                sensorError,
                plugCountdown,
                startGrace,
                Medium.AIR);
    }

    /** Planned stop this far below the temperature at which plugs are cut. */
    static final double SOFT_KELVINS = 0.2;

    /** A setpoint keeps this distance to the planned stop, so that control has room to swing. */
    private static final double SWING_KELVINS = 0.5;

    public SafetyLimits {
        if (frostMinimum.compareTo(roomMaximum) >= 0)
            throw new IllegalArgumentException(
                    "frost minimum " + frostMinimum + " is not below the " + medium.noun + "'s maximum " + roomMaximum);
        if (!(airCapacityJoulesPerKelvin > 0) || Double.isInfinite(airCapacityJoulesPerKelvin))
            throw new IllegalArgumentException("air capacity " + airCapacityJoulesPerKelvin + " J/K (above 0)");
        if (otherGains.value() < 0) throw new IllegalArgumentException("other gains " + otherGains + " are negative");
        if (circuitLimit.value() <= 0)
            throw new IllegalArgumentException("circuit limit " + circuitLimit + " (above 0)");
        if (sensorError.value() < 0) throw new IllegalArgumentException("sensor error " + sensorError + " is negative");
        if (!step.isPositive()) throw new IllegalArgumentException("control step " + step + " (above 0)");
        if (sensorLag.isNegative() || startGrace.isNegative())
            throw new IllegalArgumentException(
                    "sensor lag " + sensorLag + ", start grace " + startGrace + " (not negative)");
        if (plugCountdown.compareTo(step) <= 0)
            throw new IllegalArgumentException("plug countdown " + plugCountdown
                    + " is not longer than the control step " + step + ", so it would run out between two renewals");
    }

    /**
     * How far below the maximum the plugs must be cut: what everything at full power adds from the last reading below
     * until power is certainly gone (the thermometer's lag, one step, one countdown for a plug that no longer answers).
     */
    public Kelvins margin(List<HeaterSpec> heaters) {
        double watts = otherGains.value()
                + heaters.stream()
                        .mapToDouble(heater -> heater.maximumPower().value())
                        .sum();
        double seconds = Units.seconds(step) + Units.seconds(sensorLag) + Units.seconds(plugCountdown);
        return new Kelvins(watts / airCapacityJoulesPerKelvin * seconds + sensorError.value());
    }

    /** The highest setpoint that control can hold without being stopped by the governor. */
    public Celsius highestSetpoint(List<HeaterSpec> heaters) {
        return new Celsius(roomMaximum.value() - margin(heaters).value() - SOFT_KELVINS - SWING_KELVINS);
    }
}
