package org.athanor.conformance.broken.devices;

import java.time.InstantSource;

final class TakesTheSystemsClock {
    private TakesTheSystemsClock() {}

    static InstantSource offend() {
        return InstantSource.system();
    }
}
