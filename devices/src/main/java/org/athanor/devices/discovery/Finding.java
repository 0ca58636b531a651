package org.athanor.devices.discovery;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.athanor.devices.axeos.AxeOsModel;
import org.athanor.devices.drivers.HeaterKind;

/** What answered at an address. */
public sealed interface Finding {
    InetSocketAddress address();

    /**
     * @param model as it calls itself
     * @param axeOs which of the models of AxeOS it is, where its reply leaves one alone
     */
    record Miner(InetSocketAddress address, HeaterKind kind, String model, Optional<AxeOsModel> axeOs)
            implements Finding {
        /** Of a kind without models. */
        public Miner(InetSocketAddress address, HeaterKind kind, String model) {
            this(address, kind, model, Optional.empty());
        }
    }

    /** @param kind shelly or tasmota */
    record SmartPlug(InetSocketAddress address, String kind, String model) implements Finding {}

    /** @param kind shelly or tasmota */
    record Sensor(InetSocketAddress address, String kind, String model) implements Finding {}

    /** Something listens there. {@code why} it was not recognised, in words. */
    record Unknown(InetSocketAddress address, String why) implements Finding {}
}
