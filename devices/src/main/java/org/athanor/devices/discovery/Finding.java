package org.athanor.devices.discovery;

import java.net.InetSocketAddress;
import org.athanor.devices.drivers.HeaterKind;

/** What answered at an address. */
public sealed interface Finding {
    InetSocketAddress address();

    /** @param model as it calls itself */
    record Miner(InetSocketAddress address, HeaterKind kind, String model) implements Finding {}

    /** @param kind shelly or tasmota */
    record SmartPlug(InetSocketAddress address, String kind, String model) implements Finding {}

    /** @param kind shelly or tasmota */
    record Sensor(InetSocketAddress address, String kind, String model) implements Finding {}

    /** Something listens there. {@code why} it was not recognised, in words. */
    record Unknown(InetSocketAddress address, String why) implements Finding {}
}
