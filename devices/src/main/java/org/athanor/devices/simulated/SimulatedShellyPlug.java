package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** A simulated Shelly plug that switches the mains of its load. It starts switched off. */
public final class SimulatedShellyPlug implements AutoCloseable {
    /** What can be wrong with it; its countdown, being in hardware, still works. */
    public enum Fault {
        UNREACHABLE,
        IGNORES_COMMANDS
    }

    /** @param listen port 0 takes a free one */
    public SimulatedShellyPlug(InetSocketAddress listen, SimulatedLoad load, Watts rating) {
        throw new UnsupportedOperationException("not built yet");
    }

    public InetSocketAddress address() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Runs the countdown and the load; a countdown that ends inside the step splits it there. */
    public void advance(Duration step, Celsius ambient) {
        throw new UnsupportedOperationException("not built yet");
    }

    public void inject(Fault... faults) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Mends everything that was injected. */
    public void clear() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void close() {}
}
