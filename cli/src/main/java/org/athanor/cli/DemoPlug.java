package org.athanor.cli;

import java.time.Duration;
import java.util.Optional;
import org.athanor.devices.Plug;
import org.athanor.devices.PlugState;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.simulation.Outlet;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/** A simulated plug that is reached without a socket, with a countdown of its own in the home's time: for homes that live fast. */
final class DemoPlug implements Plug {
    private final String id;
    private final SimulatedLoad load;
    private final Watts rating;
    private Duration left = Duration.ZERO;

    DemoPlug(String id, SimulatedLoad load, Watts rating) {
        this.id = id;
        this.load = load;
        this.rating = rating;
    }

    /** The load behind the plug, for the home's world. */
    Outlet.Direct outlet(String name, double convectiveShare) {
        return new Outlet.Direct(name, new Behind(), convectiveShare);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Watts continuousRating() {
        return rating;
    }

    @Override
    public synchronized PlugState read() {
        boolean on = left.isPositive();
        return new PlugState(
                on, on ? load.power() : Watts.ZERO, load.electricity(), on ? Optional.of(left) : Optional.empty());
    }

    @Override
    public synchronized void on(Duration countdown) {
        left = countdown;
    }

    @Override
    public synchronized void off() {
        left = Duration.ZERO;
    }

    @Override
    public void close() {} // holds nothing

    /** As the load draws by its plug: a countdown that ends inside a step ends it there. */
    private final class Behind implements SimulatedLoad {
        @Override
        public void advance(Duration step, Celsius ambient, boolean mains) {
            synchronized (DemoPlug.this) {
                var on = left.compareTo(step) < 0 ? left : step;
                if (on.isPositive()) load.advance(on, ambient, mains);
                if (on.compareTo(step) < 0) load.advance(step.minus(on), ambient, false);
                left = left.minus(on);
            }
        }

        @Override
        public Watts power() {
            return load.power();
        }

        @Override
        public Joules electricity() {
            return load.electricity();
        }

        @Override
        public Joules heat() {
            return load.heat();
        }

        @Override
        public Joules stored() {
            return load.stored();
        }
    }
}
