package org.athanor.devices.simulated;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** One lump of heat capacity in a room, and its books. Exact for constant power and ambient, whatever the step. */
final class ThermalBody {
    private static final double START_CELSIUS = 20;
    /** Steady rise of the surface above the room at rated power, as of a convector. */
    private static final double RATED_RISE_KELVIN = 60;

    private final double joulesPerKelvin;
    private final double wattsPerKelvin;
    double celsius = START_CELSIUS;
    double electricityJoules;
    double heatJoules;

    private ThermalBody(double joulesPerKelvin, double wattsPerKelvin) {
        if (!(joulesPerKelvin > 0) || !(wattsPerKelvin > 0))
            throw new IllegalArgumentException("not a thermal body: " + joulesPerKelvin + " J/K, " + wattsPerKelvin
                    + " W/K (both must be positive)");
        this.joulesPerKelvin = joulesPerKelvin;
        this.wattsPerKelvin = wattsPerKelvin;
    }

    static ThermalBody ofRise(double joulesPerKelvin, Watts rated) {
        return new ThermalBody(joulesPerKelvin, rated.value() / RATED_RISE_KELVIN);
    }

    void advance(Duration step, Celsius ambient, double watts) {
        double seconds = step.toNanos() / 1e9;
        double steady = ambient.value() + watts / wattsPerKelvin;
        double next = steady + (celsius - steady) * Math.exp(-seconds * wattsPerKelvin / joulesPerKelvin);
        double in = watts * seconds;
        heatJoules += in - joulesPerKelvin * (next - celsius);
        electricityJoules += in;
        celsius = next;
    }

    double storedJoules() {
        return joulesPerKelvin * (celsius - START_CELSIUS);
    }
}
