package org.athanor.simulation;

import java.time.Duration;
import org.athanor.devices.simulated.SimulatedLoad;
import org.athanor.devices.simulated.SimulatedPlug;
import org.athanor.units.Celsius;

/** Where a device gets its power, and how its heat reaches the room. */
public sealed interface Outlet {
    String id();

    SimulatedLoad load();

    /** Share of its heat that warms the air; the rest is radiated. About 0.95 for a blown miner, 0.6 for a panel. */
    double convectiveShare();

    void advance(Duration step, Celsius ambient);

    /** @param load the very load that {@code plug} switches */
    record Plugged(String id, SimulatedPlug plug, SimulatedLoad load, double convectiveShare) implements Outlet {
        @Override
        public void advance(Duration step, Celsius ambient) {
            plug.advance(step, ambient);
        }
    }

    /** Always on mains. */
    record Direct(String id, SimulatedLoad load, double convectiveShare) implements Outlet {
        @Override
        public void advance(Duration step, Celsius ambient) {
            load.advance(step, ambient, true);
        }
    }
}
