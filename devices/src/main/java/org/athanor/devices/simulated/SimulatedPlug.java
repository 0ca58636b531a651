package org.athanor.devices.simulated;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.athanor.units.Celsius;

/** A simulated plug with the load that it feeds. */
public interface SimulatedPlug extends Breakable, AutoCloseable {
    InetSocketAddress address();

    boolean on();

    /** Moves its countdown and its load on. */
    void advance(Duration step, Celsius ambient);

    @Override
    void close();
}
