package org.athanor.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.athanor.comfort.HeaterSpec;
import org.athanor.devices.Capabilities;
import org.athanor.devices.Heater;
import org.athanor.devices.Heater.RunsOut;
import org.athanor.devices.Plug;
import org.athanor.devices.PoolSetting;
import org.athanor.devices.PowerLevel;

/**
 * A heater with what belongs to it. {@code spec}, {@code heater} and the levels of both must agree.
 *
 * @param name for people
 * @param plug that feeds it; for a resistive element the one that the element itself switches
 * @param mining empty for a heater that does not mine
 * @param unprotectedAccepted whether its owner accepts that nothing stops it when this program dies
 * @param ours pool and user that it is to work for, where that is watched
 * @param pay what its work is expected to pay, where its own books cannot tell
 */
public record HeaterPart(
        String name,
        HeaterSpec spec,
        Heater heater,
        Optional<Plug> plug,
        Optional<Supplier<MiningFigures>> mining,
        boolean unprotectedAccepted,
        Optional<PoolSetting> ours,
        Optional<ExpectedPay> pay) {
    /** A change that restarts hashing costs a settle time without pay: at most a fifth of the time is spent on it. */
    private static final int DWELL_PER_SETTLE = 4;

    /** Whom it works for is not watched, and its work pays nothing that is not in the books. */
    public HeaterPart(
            String name,
            HeaterSpec spec,
            Heater heater,
            Optional<Plug> plug,
            Optional<Supplier<MiningFigures>> mining,
            boolean unprotectedAccepted) {
        this(name, spec, heater, plug, mining, unprotectedAccepted, Optional.empty(), Optional.empty());
    }

    public HeaterPart {
        if (!spec.id().equals(heater.id()))
            throw new IllegalArgumentException("heater " + heater.id() + " is described as " + spec.id());
        int levels = heater.capabilities().levels().size();
        if (spec.levels().size() != levels)
            throw new IllegalArgumentException("heater " + spec.id() + " has " + levels + " levels, described are "
                    + spec.levels().size());
        if (spec.plug() != plug.isPresent())
            throw new IllegalArgumentException(
                    "heater " + spec.id() + " is described " + (spec.plug() ? "with" : "without") + " a plug, and "
                            + (plug.isPresent() ? "has one" : "has none"));
        plug.ifPresent(each -> each.requireCarries("heater " + spec.id(), spec.maximumPower()));
    }

    /**
     * The part as its driver describes itself; its owner has not accepted that it be unprotected.
     *
     * @param preference heaters with lower numbers are used first
     */
    public static HeaterPart of(
            String name, Heater heater, Optional<Plug> plug, int preference, Optional<Supplier<MiningFigures>> mining) {
        var spec = spec(heater.id(), heater.capabilities(), plug.isPresent(), preference);
        return new HeaterPart(name, spec, heater, plug, mining, false);
    }

    /** What control must know of a device with these capabilities. */
    public static HeaterSpec spec(String id, Capabilities can, boolean plug, int preference) {
        var spec = new HeaterSpec(
                id,
                can.levels().stream().map(PowerLevel::watts).toList(),
                can.maximumPower(),
                can.minimumOn(),
                can.minimumOff(),
                can.changeRestartsHashing() ? can.settle().multipliedBy(DWELL_PER_SETTLE) : Duration.ZERO,
                can.storedHeat(),
                can.chipMaximum(),
                can.inletMaximum(),
                plug,
                preference);
        return can.softStop() ? spec : spec.withoutSoftStop();
    }

    public String id() {
        return spec.id();
    }

    /** Whether its power runs out by itself when this program dies or its control stands still. */
    boolean guarded() {
        return plug.filter(Plug::countsDown).isPresent() || heater.runsOut() == RunsOut.YES;
    }

    /** One that nothing would switch off when this program dies heats only if its owner accepts that. */
    boolean mayHeat() {
        return guarded() || onTrial() || unprotectedAccepted;
    }

    /** Whether it has to run to show that its power runs out by itself. */
    boolean onTrial() {
        return !guarded() && heater.runsOut() == RunsOut.ON_TRIAL;
    }
}
