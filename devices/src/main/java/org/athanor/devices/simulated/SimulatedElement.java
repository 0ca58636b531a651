package org.athanor.devices.simulated;

import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** A resistive element. */
public final class SimulatedElement implements SimulatedLoad {
    private final ThermalBody body;
    private final double ratedWatts;
    private double watts;

    public SimulatedElement(Watts rated, double joulesPerKelvin) {
        ratedWatts = rated.value();
        body = ThermalBody.ofRise(joulesPerKelvin, rated);
    }

    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        watts = mains ? ratedWatts : 0;
        body.advance(step, ambient, watts);
    }

    @Override
    public synchronized Watts power() {
        return new Watts(watts);
    }

    @Override
    public synchronized Joules electricity() {
        return new Joules(body.electricityJoules);
    }

    @Override
    public synchronized Joules heat() {
        return new Joules(body.heatJoules);
    }

    @Override
    public synchronized Joules stored() {
        return new Joules(body.storedJoules());
    }

    /** Of its surface. */
    public synchronized Celsius temperature() {
        return new Celsius(body.celsius);
    }
}
