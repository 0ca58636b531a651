package org.athanor.comfort;

import java.time.Instant;
import java.util.Optional;
import org.athanor.units.Celsius;

/** The user's wish, which goes before the schedule until {@code until}, or for good. */
public record SetpointOverride(Celsius setpoint, Optional<Instant> until) {
    boolean holdsAt(Instant time) {
        return until.map(time::isBefore).orElse(true);
    }
}
