package org.athanor.devices.simulated;

import java.net.InetSocketAddress;

/** A simulated machine that computes, as a load on mains and as a device in the network. */
public interface SimulatedHeater extends SimulatedLoad, Breakable, AutoCloseable {
    InetSocketAddress address();

    @Override
    void close();
}
