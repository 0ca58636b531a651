package org.athanor.devices.simulated;

import java.time.Duration;
import java.util.function.Supplier;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** The thermal side of the computer that runs this program: its watts come from the driver, its heat goes to the room. */
public final class SimulatedCpu implements SimulatedLoad {
    /** About a kilogram of aluminium and copper, 10 K warmer than the room at 25 W. */
    private static final double JOULES_PER_KELVIN = 800;

    private static final Watts SIZED_FOR = new Watts(150);

    private final Supplier<Watts> source;
    private final ThermalBody body = ThermalBody.ofRise(JOULES_PER_KELVIN, SIZED_FOR);
    private double watts;

    public SimulatedCpu(Supplier<Watts> power) {
        source = power;
    }

    /** The watts are asked once, at the start of a step, and count for the whole of it. */
    @Override
    public synchronized void advance(Duration step, Celsius ambient, boolean mains) {
        watts = mains ? source.get().value() : 0;
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
}
