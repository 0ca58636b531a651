package org.athanor.devices.simulated;

import java.net.InetSocketAddress;

/** A simulated machine that computes, as a load on mains and as a device in the network. */
public interface SimulatedHeater extends SimulatedLoad, Breakable, AutoCloseable {
    InetSocketAddress address();

    /** How often its hash boards were powered to tune or to hash, also where that came to nothing. */
    int starts();

    @Override
    void close();
}
