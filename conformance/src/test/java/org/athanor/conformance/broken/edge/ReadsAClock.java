package org.athanor.conformance.broken.edge;

import java.time.Instant;

final class ReadsAClock {
    private ReadsAClock() {}

    static Instant offend() {
        return Instant.now();
    }
}
