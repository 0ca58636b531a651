package org.athanor.conformance.broken.devices;

import org.athanor.conformance.broken.stratum.Job;

final class KnowsMining {
    private KnowsMining() {}

    static void offend() {
        Job.use();
    }
}
