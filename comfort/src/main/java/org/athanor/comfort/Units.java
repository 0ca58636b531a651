package org.athanor.comfort;

import java.time.Duration;

/** Primitive seconds for the arithmetic inside. */
final class Units {
    private Units() {}

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
