package org.athanor.conformance.broken.simulation;

import org.athanor.conformance.broken.stratum.Job;

final class KnowsStratum {
    private KnowsStratum() {}

    static void offend() {
        Job.use();
    }
}
