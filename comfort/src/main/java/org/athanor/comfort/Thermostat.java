package org.athanor.comfort;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/**
 * Turns setpoint and temperatures into a demand for heat. A pure step.
 *
 * <p>Proportional control alone settles where its error makes up for what the outdoor term does not know: sun, people, a
 * loss that was declared wrong. A slow integral learns that share of the capacity, so that the room settles at its setpoint.
 */
final class Thermostat {
    /** Slower than a room's own hours, so that it never fights the proportional part. */
    private static final double INTEGRAL_SECONDS = 2 * 3600;

    /** Of the capacity, either way: what is left to learn beside the two declared coefficients. */
    private static final double MOST_LEARNED = 0.4;

    /** Errors larger than this come from a changed setpoint or an open window; nothing is learned from them. */
    private static final double LEARNING_KELVINS = 0.6;

    /** A step after a pause counts as one of this length. */
    private static final double LONGEST_STEP_SECONDS = 300;

    private final Schedule schedule;
    private final ComfortBand band;
    private final ThermostatMode mode;
    private final Celsius lowest;
    private final Celsius highest;

    /** @param lowest to {@code highest}: setpoints outside are moved to the nearer end */
    Thermostat(Schedule schedule, ComfortBand band, ThermostatMode mode, Celsius lowest, Celsius highest) {
        if (lowest.compareTo(highest) > 0)
            throw new IllegalArgumentException("no setpoint is possible between " + lowest + " and " + highest);
        this.schedule = schedule;
        this.band = band;
        this.mode = mode;
        this.lowest = lowest;
        this.highest = highest;
    }

    /**
     * @param heating of the last step, for hysteresis
     * @param outdoor last known
     * @param learned share of the capacity that the integral adds
     */
    record State(boolean heating, Optional<Celsius> outdoor, double learned) {
        static final State INITIAL = new State(false, Optional.empty(), 0);
    }

    /**
     * @param seconds since the last step
     * @param room the last trusted temperature
     */
    record Input(
            Instant time,
            double seconds,
            Optional<Celsius> room,
            Optional<Celsius> outdoor,
            Optional<SetpointOverride> override,
            Watts capacity) {}

    /**
     * @param cap most that all heaters together may draw in these quiet hours
     * @param limited says of a setpoint that the limits do not allow that they do not
     * @param reason with what is limited in it
     */
    record Output(
            State state,
            Watts demand,
            Celsius setpoint,
            Optional<Watts> cap,
            UnaryOperator<Sentence> limited,
            Sentence reason) {
        Output {
            reason = limited.apply(reason);
        }

        Output replaced(PlannedDemand plan) {
            var watts = cap.map(limit -> Watts.min(limit, plan.watts())).orElse(plan.watts());
            return new Output(state, watts, setpoint, cap, limited, plan.why());
        }
    }

    Output step(State state, Input input) {
        var wish = wish(input);
        var setpoint = within(wish);
        UnaryOperator<Sentence> limited = setpoint.equals(wish)
                ? UnaryOperator.identity()
                : cause -> new Sentence(
                        Saying.LIMITED, Map.of("cause", cause, "wish", wish, "lowest", lowest, "highest", highest));
        var outdoor = input.outdoor().or(state::outdoor);
        var cap = schedule.quietCap(input.time());
        if (input.room().isEmpty())
            return new Output(
                    new State(false, outdoor, state.learned()),
                    Watts.ZERO,
                    setpoint,
                    cap,
                    limited,
                    Sentence.of(Saying.NO_ROOM));
        var room = input.room().get();
        double share = share(state, room, setpoint, outdoor);
        var wanted = input.capacity().times(share);
        var demand = cap.map(limit -> Watts.min(limit, wanted)).orElse(wanted);
        var cause = compared(room, setpoint);
        var reason = demand.compareTo(wanted) < 0
                ? new Sentence(Saying.QUIET, Map.of("cause", cause, "cap", demand))
                : cause;
        return new Output(
                new State(share > 0, outdoor, learned(state, input, setpoint, share)),
                demand,
                setpoint,
                cap,
                limited,
                reason);
    }

    private Celsius wish(Input input) {
        return input.override()
                .filter(override -> override.holdsAt(input.time()))
                .map(SetpointOverride::setpoint)
                .orElseGet(() -> schedule.setpoint(input.time()));
    }

    private Celsius within(Celsius wish) {
        if (wish.compareTo(lowest) < 0) return lowest;
        return wish.compareTo(highest) > 0 ? highest : wish;
    }

    private double share(State state, Celsius room, Celsius setpoint, Optional<Celsius> outdoor) {
        double below = setpoint.minus(room).value();
        return switch (mode) {
            case ThermostatMode.Hysteresis(var half) -> {
                boolean on = state.heating() ? below > -half.value() : below > half.value();
                yield on ? 1 : 0;
            }
            case ThermostatMode.Tpi(var perKelvin, var perOutdoorKelvin) -> {
                // the outdoor term alone must not heat a room that is already above its band
                if (-below > band.above().value()) yield 0;
                double feedForward = outdoor.map(
                                out -> perOutdoorKelvin * setpoint.minus(out).value())
                        .orElse(0.0);
                yield Math.clamp(perKelvin * below + feedForward + state.learned(), 0, 1);
            }
        };
    }

    /** The integral stands still while the demand is at one of its ends and would be driven further beyond it. */
    private double learned(State state, Input input, Celsius setpoint, double share) {
        if (!(mode instanceof ThermostatMode.Tpi(var perKelvin, var _))) return 0;
        double below = setpoint.minus(input.room().orElseThrow()).value();
        boolean atTheEnd = (share <= 0 && below < 0) || (share >= 1 && below > 0);
        if (atTheEnd || Math.abs(below) > LEARNING_KELVINS) return state.learned();
        double seconds = Math.min(input.seconds(), LONGEST_STEP_SECONDS);
        return Math.clamp(
                state.learned() + perKelvin * below * seconds / INTEGRAL_SECONDS, -MOST_LEARNED, MOST_LEARNED);
    }

    private static Sentence compared(Celsius room, Celsius setpoint) {
        double above = room.minus(setpoint).value();
        if (Math.abs(above) < 0.05) return new Sentence(Saying.ROOM_AT, Map.of("room", room, "setpoint", setpoint));
        var difference = new Kelvins(Math.abs(Math.round(above * 10) / 10.0));
        return new Sentence(
                above > 0 ? Saying.ROOM_ABOVE : Saying.ROOM_BELOW,
                Map.of("room", room, "difference", difference, "setpoint", setpoint));
    }
}
