package org.athanor.comfort;

import java.time.Instant;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Kelvins;
import org.athanor.units.Watts;

/** Turns setpoint and temperatures into a demand for heat. A pure step. */
final class Thermostat {
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

    /** @param heating of the last step, for hysteresis
     * @param outdoor last known */
    record State(boolean heating, Optional<Celsius> outdoor) {
        static final State INITIAL = new State(false, Optional.empty());
    }

    /** @param room the last trusted temperature */
    record Input(
            Instant time,
            Optional<Celsius> room,
            Optional<Celsius> outdoor,
            Optional<SetpointOverride> override,
            Watts capacity) {}

    /** @param cap most that all heaters together may draw in these quiet hours */
    record Output(State state, Watts demand, Celsius setpoint, Optional<Watts> cap, String reason) {}

    Output step(State state, Input input) {
        var setpoint = setpoint(input);
        var outdoor = input.outdoor().or(state::outdoor);
        var cap = schedule.quietCap(input.time());
        if (input.room().isEmpty())
            return new Output(new State(false, outdoor), Watts.ZERO, setpoint, cap, "no room temperature is known yet");
        var room = input.room().get();
        double share = share(state, room, setpoint, outdoor);
        var wanted = input.capacity().times(share);
        var demand = cap.map(limit -> Watts.min(limit, wanted)).orElse(wanted);
        var reason = room + " in the room, " + difference(room, setpoint) + " its setpoint of " + setpoint
                + (demand.compareTo(wanted) < 0 ? ", capped at " + demand + " in quiet hours" : "");
        return new Output(new State(share > 0, outdoor), demand, setpoint, cap, reason);
    }

    private Celsius setpoint(Input input) {
        var wish = input.override()
                .filter(override -> override.holdsAt(input.time()))
                .map(SetpointOverride::setpoint)
                .orElseGet(() -> schedule.setpoint(input.time()));
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
                yield Math.clamp(perKelvin * below + feedForward, 0, 1);
            }
        };
    }

    private static String difference(Celsius room, Celsius setpoint) {
        double above = room.minus(setpoint).value();
        if (Math.abs(above) < 0.05) return "at";
        return new Kelvins(Math.abs(Math.round(above * 10) / 10.0)) + (above > 0 ? " above" : " below");
    }
}
