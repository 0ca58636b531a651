package org.athanor.devices.shelly;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Heater;
import org.athanor.devices.HeaterState;
import org.athanor.devices.HeaterState.Phase;
import org.athanor.devices.HeaterState.PowerSource;
import org.athanor.devices.Plug;
import org.athanor.devices.PowerLevel;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * A heating element that only its plug controls: off, or its rated power.
 *
 * <p>{@code setLevel(1)} also renews the plug's countdown, so a controller that holds the level by repeating it each
 * cycle is one whose death switches the element off.
 */
public final class ResistiveElement implements Heater {
    /** Of the rated power: an element that draws less while its plug is on is broken, or its own cut-out is open. */
    private static final double ALIVE = 0.1;

    private final String id;
    private final Plug plug;
    private final Watts rated;
    private final Duration countdown;
    private final Capabilities capabilities;

    /**
     * @param storedHeat upper bound of the heat that it still releases after it was cut
     * @param countdown of the plug, started anew with each {@code setLevel(1)}
     * @throws IllegalArgumentException if the element draws more than the plug may carry for hours
     */
    public ResistiveElement(String id, Plug plug, Watts rated, Joules storedHeat, Duration countdown) {
        this.id = id;
        this.plug = plug;
        this.rated = rated;
        this.countdown = countdown;
        this.capabilities = capabilities(rated, storedHeat, !plug.countsDown());
        plug.requireCarries("element " + id, capabilities.maximumPower());
    }

    /** Of any element of this kind, whichever plug with a countdown it hangs on. */
    public static Capabilities capabilities(Watts rated, Joules storedHeat) {
        return capabilities(rated, storedHeat, false);
    }

    /** @param stays on when nobody renews its plug's countdown: there is none */
    private static Capabilities capabilities(Watts rated, Joules storedHeat, boolean stays) {
        return new Capabilities(
                "resistive element",
                List.of(new PowerLevel("off", Watts.ZERO), new PowerLevel("on", rated)),
                // mains may be 10 % above its nominal voltage, and a resistor's power goes with the square
                rated.times(1.21),
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ZERO,
                false,
                stays,
                true,
                storedHeat,
                Optional.empty(),
                Optional.empty(),
                "metered by its plug");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public HeaterState read() {
        var state = plug.read();
        boolean dead = state.on() && state.power().compareTo(rated.times(ALIVE)) < 0;
        return new HeaterState(
                OptionalInt.of(state.on() ? 1 : 0),
                dead ? Phase.FAULT : state.on() ? Phase.WORKING : Phase.OFF,
                Optional.of(state.power()),
                PowerSource.METERED,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                dead
                        ? Optional.of("draws " + state.power() + " of " + rated
                                + " while its plug is on: broken, or its thermal cut-out is open")
                        : Optional.empty());
    }

    @Override
    public void setLevel(int level) {
        capabilities.level(level);
        if (level == 0) plug.off();
        else plug.on(countdown);
    }

    @Override
    public void close() {
        plug.close();
    }
}
