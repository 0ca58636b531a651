package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.athanor.units.Celsius;

/** A simulated Shelly thermometer. */
public final class SimulatedShellyThermometer implements AutoCloseable {
    /** What can be wrong with it. */
    public enum Fault {
        UNREACHABLE,
        /** The probe is gone: it answers null and an error. */
        LOST,
        /** Repeats the reading of the moment at which it was injected. */
        STUCK,
        /** Reads 5 K too low, the dangerous direction. */
        LYING
    }

    /** @param listen port 0 takes a free one */
    public SimulatedShellyThermometer(InetSocketAddress listen, Supplier<Celsius> temperature) {
        throw new UnsupportedOperationException("not built yet");
    }

    public InetSocketAddress address() {
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
