package org.athanor.comfort;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.athanor.comfort.model.RoomModel;
import org.athanor.units.Joules;

/**
 * What holding the setpoint would have taken of a room: a second run of it beside the real one, by the model that was learned, in
 * the same weather and with what people usually add. It never cools, and reaches a setpoint that jumps up at once. An estimate, as
 * good as the model.
 */
final class WantedHeat {
    private static final double TRIAL_WATTS = 1000;
    /** After a longer gap it begins again where the room is. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private double[] celsius = {};
    private Instant last = Instant.EPOCH;
    private Optional<Joules> joules = Optional.empty();

    /** Nothing is known of this step. */
    void skip() {
        celsius = new double[0];
        joules = Optional.empty();
    }

    /**
     * @param present temperatures of the model's nodes, where the run begins
     * @param inputs of the time since the last step, without our heat
     * @param setpoint °C
     */
    void step(Instant now, RoomModel room, double[] present, RoomModel.Inputs inputs, double setpoint) {
        var since = Duration.between(last, now);
        boolean begins = celsius.length != room.nodes() || since.compareTo(LONGEST) > 0 || !since.isPositive();
        last = now;
        if (begins) {
            celsius = present.clone();
            joules = Optional.empty();
            return;
        }
        var exact = room.discretise(since);
        double without = exact.apply(celsius, heated(inputs, 0))[0];
        double slope = (exact.apply(celsius, heated(inputs, TRIAL_WATTS))[0] - without) / TRIAL_WATTS;
        double watts = Math.max(0, (setpoint - without) / slope);
        celsius = exact.apply(celsius, heated(inputs, watts));
        joules = Optional.of(new Joules(watts * since.toNanos() / 1e9));
    }

    private static RoomModel.Inputs heated(RoomModel.Inputs inputs, double watts) {
        return new RoomModel.Inputs(
                inputs.outdoorCelsius(),
                inputs.heatWatts() + watts,
                inputs.solarWattsPerSquareMetre(),
                inputs.gainWatts());
    }

    /** Of the last step; empty while the room is not known. */
    Optional<Joules> ofLastStep() {
        return joules;
    }
}
