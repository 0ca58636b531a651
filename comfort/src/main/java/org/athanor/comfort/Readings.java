package org.athanor.comfort;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * Everything that one step of control knows of the world.
 *
 * @param time for schedules only
 * @param monotonicNanos for everything that safety depends on: it never jumps with the wall clock
 * @param primaryHeat given to the room now by the heating that it has anyway
 * @param circuits what the heaters of this room may draw now on each named circuit, after those of the other rooms; a circuit that is
 *     not named carries nothing
 * @param elsewhere whether the heat of those that compute goes to the home's other sink now, by the word of what sends it there
 * @param withheld why heaters must not heat now, by their ids, for a reason that no reading shows
 */
public record Readings(
        Instant time,
        long monotonicNanos,
        Optional<Celsius> room,
        Optional<Celsius> secondRoom,
        Optional<Celsius> outdoor,
        Map<String, HeaterReading> heaters,
        Optional<Watts> primaryHeat,
        Map<String, Watts> circuits,
        boolean elsewhere,
        Map<String, String> withheld) {
    public Readings {
        withheld = Map.copyOf(withheld);
        circuits = Map.copyOf(circuits);
        heaters = Map.copyOf(heaters);
    }

    /** With no other heating, or one that is not measured. */
    public Readings(
            Instant time,
            long monotonicNanos,
            Optional<Celsius> room,
            Optional<Celsius> secondRoom,
            Optional<Celsius> outdoor,
            Map<String, HeaterReading> heaters) {
        this(time, monotonicNanos, room, secondRoom, outdoor, heaters, Optional.empty(), Map.of(), false, Map.of());
    }

    public Readings withPrimaryHeat(Watts heat) {
        return new Readings(
                time,
                monotonicNanos,
                room,
                secondRoom,
                outdoor,
                heaters,
                Optional.of(heat),
                circuits,
                elsewhere,
                withheld);
    }

    public Readings withHeatElsewhere(boolean away) {
        return new Readings(
                time, monotonicNanos, room, secondRoom, outdoor, heaters, primaryHeat, circuits, away, withheld);
    }

    public Readings withCircuits(Map<String, Watts> watts) {
        return new Readings(
                time, monotonicNanos, room, secondRoom, outdoor, heaters, primaryHeat, watts, elsewhere, withheld);
    }

    public Readings withholding(Map<String, String> reasons) {
        return new Readings(
                time, monotonicNanos, room, secondRoom, outdoor, heaters, primaryHeat, circuits, elsewhere, reasons);
    }
}
