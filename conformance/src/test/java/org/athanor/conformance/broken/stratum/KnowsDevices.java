package org.athanor.conformance.broken.stratum;

import org.athanor.conformance.broken.devices.Driver;

final class KnowsDevices {
    private KnowsDevices() {}

    static void offend() {
        Driver.use();
    }
}
