package org.athanor.conformance.broken.comfort;

import java.time.Instant;

final class ReadsAClock {
    private ReadsAClock() {}

    static Instant offend() {
        return Instant.now();
    }
}
