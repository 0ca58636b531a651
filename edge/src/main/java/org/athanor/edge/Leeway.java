package org.athanor.edge;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.athanor.comfort.HeaterSpec;
import org.athanor.comfort.Readings;
import org.athanor.comfort.model.RoomModel;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;

/**
 * How far a room still goes before its heaters can do the opposite of what they are told now: for as long as one that stops must
 * rest and then needs to heat again, or one that starts must go on. By the room as learned, and never by less than what its
 * thermometer has just shown. One thread at a time.
 */
final class Leeway {
    /** Over less, a thermometer of tenths of a kelvin shows steps and no slope. */
    private static final Duration SLOPE = Duration.ofMinutes(10);

    private static final double STEP_SECONDS = 60;
    /** What a thermometer of tenths of a kelvin may hide. */
    private static final double READING_KELVINS = 0.1;

    private record Seen(long nanos, double celsius) {}

    private final double restSeconds;
    private final double runSeconds;
    private final double dwellSeconds;
    private final double lowestWatts;
    private final Deque<Seen> seen = new ArrayDeque<>();

    /** @param settle the longest time in which one of them comes to heat after a start */
    Leeway(List<HeaterSpec> heaters, Duration settle) {
        double off = 0;
        double on = 0;
        double dwell = 0;
        double least = 0;
        for (var heater : heaters) {
            off = Math.max(off, seconds(heater.minimumOff()));
            on = Math.max(on, seconds(heater.minimumOn()));
            dwell = Math.max(dwell, seconds(heater.minimumDwell()));
            least += heater.watts(1).value();
        }
        restSeconds = off + seconds(settle) + STEP_SECONDS;
        runSeconds = on + STEP_SECONDS;
        dwellSeconds = Math.min(on, dwell) + STEP_SECONDS;
        lowestWatts = least;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** Once in each control step. */
    void see(Readings readings) {
        long now = readings.monotonicNanos();
        if (readings.room().isEmpty()) seen.clear();
        else seen.addLast(new Seen(now, readings.room().get().value()));
        while (!seen.isEmpty() && now - seen.getFirst().nanos() > SLOPE.toNanos()) seen.removeFirst();
    }

    /** K/s, upwards; 0 while there is no telling. */
    private double slope() {
        if (seen.isEmpty()) return 0;
        double seconds = (seen.getLast().nanos() - seen.getFirst().nanos()) / 1e9;
        return seconds < seconds(SLOPE) / 2
                ? 0
                : (seen.getLast().celsius() - seen.getFirst().celsius()) / seconds;
    }

    /** @param lessWatts of what the heaters give now, from now on */
    Kelvins fall(Optional<RoomModel> known, double lessWatts, Celsius room, Optional<Celsius> outdoor) {
        double loss = known.isPresent() && outdoor.isPresent()
                ? Math.max(0, room.value() - outdoor.get().value())
                        * known.get().lossWattsPerKelvin()
                        / capacity(known.get())
                : 0;
        double rate = Math.max(loss, -slope());
        return new Kelvins(READING_KELVINS + rate * restSeconds + lessWatts * perWatt(known, restSeconds));
    }

    /**
     * Of heaters that go down to their lowest level as soon as they may, and off when they may.
     *
     * @param watts that they are to give from now on
     * @param given what they give now, W
     */
    Kelvins rise(Optional<RoomModel> known, double watts, double given) {
        double high = (watts - given) * perWatt(known, dwellSeconds);
        double low = (Math.min(watts, lowestWatts) - given) * perWatt(known, runSeconds);
        return new Kelvins(READING_KELVINS + Math.max(0, slope()) * dwellSeconds + Math.max(0, Math.max(high, low)));
    }

    private static double capacity(RoomModel model) {
        return model.airCapacity()
                + model.layers().stream().mapToDouble(RoomModel.Layer::capacity).sum();
    }

    /** K per W by which the air differs after so long, while the layers behind it still stand as they were. */
    private static double perWatt(Optional<RoomModel> known, double seconds) {
        if (known.isEmpty()) return 0;
        var model = known.get();
        double away = model.airToOutdoor()
                + (model.layers().isEmpty() ? 0 : model.layers().getFirst().toInner());
        return away > 0
                ? model.heatToAir() / away * -Math.expm1(-seconds * away / model.airCapacity())
                : model.heatToAir() * seconds / model.airCapacity();
    }
}
