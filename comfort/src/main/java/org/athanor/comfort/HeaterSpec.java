package org.athanor.comfort;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;
import org.athanor.units.Watts;

/**
 * What the controller must know of a heater.
 *
 * @param levels electrical power of each level, ascending; the first is off and must be 0 W
 * @param maximumPower upper bound of what it can ever draw (nameplate): the only figure that safety relies on
 * @param minimumDwell shortest time between two changes of level while it stays on
 * @param storedHeat upper bound of the heat that it still gives off after its power is cut
 * @param plug whether a switchable plug with a countdown of its own feeds it. Without one nothing can stop a heater that ignores its commands
 * @param softStop whether a command can take it to level 0; off is its plug otherwise, where it has one
 * @param preference heaters with lower numbers are used first
 * @param circuit name of the fuse that it shares with heaters of other rooms; {@link #OWN_CIRCUIT} for the room's own
 * @param sinkMaximum what it heats must be cooler than this, as its own water or air gets no hotter; empty where that is of no account
 * @param earnsAfter time after a start in which it draws its power but its work earns nothing yet: what a pause costs
 */
public record HeaterSpec(
        String id,
        List<Watts> levels,
        Watts maximumPower,
        Duration minimumOn,
        Duration minimumOff,
        Duration minimumDwell,
        Joules storedHeat,
        Optional<Celsius> chipMaximum,
        Optional<Celsius> inletMaximum,
        boolean plug,
        boolean softStop,
        int preference,
        String circuit,
        Optional<Celsius> sinkMaximum,
        Duration earnsAfter) {
    /** The circuit that no other room has heaters on. */
    public static final String OWN_CIRCUIT = "";

    /** On the room's own circuit, with a level 0 that a command reaches. */
    public HeaterSpec(
            String id,
            List<Watts> levels,
            Watts maximumPower,
            Duration minimumOn,
            Duration minimumOff,
            Duration minimumDwell,
            Joules storedHeat,
            Optional<Celsius> chipMaximum,
            Optional<Celsius> inletMaximum,
            boolean plug,
            int preference) {
        this(
                id,
                levels,
                maximumPower,
                minimumOn,
                minimumOff,
                minimumDwell,
                storedHeat,
                chipMaximum,
                inletMaximum,
                plug,
                true,
                preference,
                OWN_CIRCUIT,
                Optional.empty(),
                Duration.ZERO);
    }

    /** The same on a fuse that other rooms' heaters share. */
    public HeaterSpec onCircuit(String name) {
        return new HeaterSpec(
                id,
                levels,
                maximumPower,
                minimumOn,
                minimumOff,
                minimumDwell,
                storedHeat,
                chipMaximum,
                inletMaximum,
                plug,
                softStop,
                preference,
                name,
                sinkMaximum,
                earnsAfter);
    }

    /** The same in a loop of liquid that gets no hotter than this. */
    public HeaterSpec heatingUpTo(Celsius maximum) {
        return new HeaterSpec(
                id,
                levels,
                maximumPower,
                minimumOn,
                minimumOff,
                minimumDwell,
                storedHeat,
                chipMaximum,
                inletMaximum,
                plug,
                softStop,
                preference,
                circuit,
                Optional.of(maximum),
                earnsAfter);
    }

    /** The same where no command reaches level 0: told it, the device does its least. */
    public HeaterSpec withoutSoftStop() {
        return new HeaterSpec(
                id,
                levels,
                maximumPower,
                minimumOn,
                minimumOff,
                minimumDwell,
                storedHeat,
                chipMaximum,
                inletMaximum,
                plug,
                false,
                preference,
                circuit,
                sinkMaximum,
                earnsAfter);
    }

    /** The same with work that earns nothing for so long after a start. */
    public HeaterSpec earningAfter(Duration time) {
        return new HeaterSpec(
                id,
                levels,
                maximumPower,
                minimumOn,
                minimumOff,
                minimumDwell,
                storedHeat,
                chipMaximum,
                inletMaximum,
                plug,
                softStop,
                preference,
                circuit,
                sinkMaximum,
                time);
    }

    public HeaterSpec {
        levels = List.copyOf(levels);
        if (levels.size() < 2 || levels.getFirst().value() != 0)
            throw new IllegalArgumentException(
                    "heater " + id + ": levels " + levels + " (off as 0 W, then one or more)");
        for (int i = 1; i < levels.size(); i++)
            if (levels.get(i).compareTo(levels.get(i - 1)) <= 0)
                throw new IllegalArgumentException("heater " + id + ": levels " + levels + " do not ascend");
        if (maximumPower.compareTo(levels.getLast()) < 0)
            throw new IllegalArgumentException("heater " + id + ": maximum power " + maximumPower
                    + " is below its highest level " + levels.getLast());
        if (minimumOn.isNegative() || minimumOff.isNegative() || minimumDwell.isNegative())
            throw new IllegalArgumentException("heater " + id + ": a minimum time is negative");
        if (earnsAfter.isNegative())
            throw new IllegalArgumentException("heater " + id + ": earns after " + earnsAfter + " (not negative)");
        if (storedHeat.value() < 0)
            throw new IllegalArgumentException("heater " + id + ": stored heat " + storedHeat + " is negative");
    }

    public Watts watts(int level) {
        return levels.get(level);
    }

    public int topLevel() {
        return levels.size() - 1;
    }

    /**
     * A plain element has no other switch than its plug: plug on means heating. A device with chips has its own levels and
     * its plug stays on while it rests, if it can.
     */
    public boolean switchedByPlug() {
        return plug && levels.size() == 2 && chipMaximum.isEmpty();
    }

    /** Whether its plug is off while it rests: it has no other switch, or none that a command reaches. */
    public boolean restsUnpowered() {
        return plug && (switchedByPlug() || !softStop);
    }
}
