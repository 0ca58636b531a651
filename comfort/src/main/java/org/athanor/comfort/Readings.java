package org.athanor.comfort;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.athanor.units.Celsius;

/**
 * Everything that one step of control knows of the world.
 *
 * @param time for schedules only
 * @param monotonicNanos for everything that safety depends on: it never jumps with the wall clock
 */
public record Readings(
        Instant time,
        long monotonicNanos,
        Optional<Celsius> room,
        Optional<Celsius> secondRoom,
        Optional<Celsius> outdoor,
        Map<String, HeaterReading> heaters) {
    public Readings {
        heaters = Map.copyOf(heaters);
    }
}
