package org.athanor.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.athanor.comfort.PrimarySource;
import org.athanor.edge.Lane.Outcome;
import org.athanor.edge.Lane.Pending;
import org.athanor.edge.PrimaryHeating.State;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * The room's other heating as a control loop reads and commands it, so that the cheaper heat comes first. It is held back only
 * while a plan wants none of its heat and the room is within its band; in all doubt its own thermostat keeps the room.
 */
final class PrimaryStation {
    /** A boiler or heat pump that was let go runs so long before it is held back again. */
    private static final Duration SHORTEST_RUN = Duration.ofMinutes(15);
    /** Thermostats round to their steps, of half or whole kelvins. */
    private static final double ROUNDING_KELVINS = 0.55;
    /** A plan's smallest heat that is meant. */
    private static final double LEAST_SHARE = 0.01;

    private final PrimaryHeating heating;
    private final Lane lane;
    private final Celsius frost;
    private OptionalLong letGoNanos = OptionalLong.empty();
    private Optional<Celsius> own = Optional.empty();
    private boolean heldBack;

    /** @param frost below which its thermostat is never set */
    PrimaryStation(PrimaryHeating heating, Duration bound, Celsius frost) {
        this.heating = heating;
        this.lane = new Lane(title(heating), bound);
        this.frost = frost;
    }

    private static String title(PrimaryHeating heating) {
        return heating.source().title();
    }

    String title() {
        return title(heating);
    }

    PrimarySource source() {
        return heating.source();
    }

    Pending<State> read() {
        return lane.start(heating::read);
    }

    /**
     * A command on its way.
     *
     * @param sentence what is changed and why
     */
    record Told(Pending<Boolean> pending, String sentence) {}

    /**
     * @param seen empty if it could not be read
     * @param room setpoint of the room
     * @param wanted heat by the plan; empty without one
     * @param belowBand whether the room is colder than its comfort band, so that those that heat instead do not carry the load
     * @return empty if nothing is to be changed
     */
    Optional<Told> command(Optional<State> seen, Celsius room, Optional<Watts> wanted, boolean belowBand, long nanos) {
        if (!source().commanded()) return Optional.empty();
        var setpoint = highest(room, frost);
        own = Optional.of(setpoint);
        boolean spared = !belowBand && unwanted(wanted);
        if (spared && !heldBack && letGoNanos.isPresent() && nanos - letGoNanos.getAsLong() < SHORTEST_RUN.toNanos())
            spared = false;
        if (!spared && (heldBack || letGoNanos.isEmpty())) letGoNanos = OptionalLong.of(nanos);
        var aim = spared ? lowest(setpoint, highest(heating.setback(), frost)) : setpoint;
        boolean changed = spared != heldBack;
        heldBack = spared;
        boolean obeys = seen.flatMap(State::setpoint)
                .filter(shown -> Math.abs(shown.value() - aim.value()) < ROUNDING_KELVINS)
                .isPresent();
        if (obeys && !changed) return Optional.empty();
        return Optional.of(new Told(
                lane.run(() -> heating.aim(aim)),
                "its thermostat is set to " + aim + ": " + why(spared, belowBand, wanted)));
    }

    /** As it was last told; {@code seen} is what was read before. */
    Snapshot.Primary view(Optional<State> seen) {
        return new Snapshot.Primary(
                title(),
                seen.map(State::heat),
                seen.map(State::on).orElse(true),
                seen.flatMap(State::setpoint),
                source().commanded(),
                heldBack);
    }

    private static String why(boolean spared, boolean belowBand, Optional<Watts> wanted) {
        if (spared) return "the plan wants none of its heat";
        if (belowBand) return "the room is below its band";
        return wanted.isPresent()
                ? "its heat is wanted, or it has run for a short while only"
                : "no plan holds it back";
    }

    private boolean unwanted(Optional<Watts> wanted) {
        return wanted.filter(
                        heat -> heat.value() < LEAST_SHARE * source().capacity().value())
                .isPresent();
    }

    private static Celsius highest(Celsius a, Celsius b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Celsius lowest(Celsius a, Celsius b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Its thermostat goes back to the room's setpoint; empty if it was not held back. Nothing that hangs keeps it from that. */
    Optional<Pending<Boolean>> letGo() {
        if (!heldBack || own.isEmpty()) return Optional.empty();
        var setpoint = own.get();
        return Optional.of(lane.off(() -> heating.giveBack(setpoint)));
    }

    /** What became of {@link #letGo}. */
    ControlLoop.Stopped stopped(Outcome<Boolean> outcome) {
        if (outcome.failure().isEmpty()) heldBack = false;
        return new ControlLoop.Stopped(
                title(),
                outcome.failure().isEmpty(),
                outcome.failure()
                        .map(why -> "stays at " + heating.setback() + ", which it was held back to: " + why)
                        .orElse("is back at " + own.orElseThrow()));
    }
}
