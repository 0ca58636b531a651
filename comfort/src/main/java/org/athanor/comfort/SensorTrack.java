package org.athanor.comfort;

import java.util.Optional;
import java.util.OptionalDouble;
import org.athanor.units.Celsius;
import org.athanor.units.Joules;

/**
 * What is known of one thermometer. The anchor is the last trusted reading that differed from the one before it: heat released
 * since then is counted, because from the anchor on the room's temperature is only known through that heat.
 *
 * @param anchor the last trusted temperature
 * @param heatSince upper bound of the joules released since the anchor was read
 * @param proven whether the reading has ever changed; until then it may have been stuck before the first step
 * @param trusted whether the last reading was good
 * @param raw the last reading within the range of thermometers, trusted or not
 * @param steady how many readings in a row agree with each other, while not trusted
 * @param moved whether those readings were not all equal
 * @param secondsLost since the last good reading
 */
record SensorTrack(
        OptionalDouble anchor,
        double heatSince,
        boolean proven,
        Trust trusted,
        OptionalDouble raw,
        int steady,
        boolean moved,
        double secondsLost) {
    enum Trust {
        GOOD,
        MISSING,
        IMPLAUSIBLE
    }

    static final SensorTrack UNKNOWN =
            new SensorTrack(OptionalDouble.empty(), 0, false, Trust.MISSING, OptionalDouble.empty(), 0, false, 0);

    /** Nobody knows how long the program was away: any temperature may be true by now. */
    private static final double AWAY_SECONDS = 1e9;

    /**
     * After a restart: as if the thermometer had been lost since. It is believed again once several readings agree, and either
     * are the remembered one, whose heat then counts on, or have moved.
     */
    static SensorTrack resumed(double reading, double heatSince) {
        return new SensorTrack(
                OptionalDouble.of(reading),
                heatSince,
                false,
                Trust.MISSING,
                OptionalDouble.empty(),
                0,
                false,
                AWAY_SECONDS);
    }

    /** Once it was lost, a reading must be where its sink can have gone: one kelvin at once, then by its medium. */
    private static final double RETURN_KELVINS = 1;

    private static final int RETURN_READINGS = 5;

    /** Farther than this from where it was lost: of a thermometer that jumps at random five in a row agree now and then. */
    private static final double FAR_KELVINS = 3;

    private static final int FAR_RETURN_READINGS = 10;

    private static final double TICK = 1e-9;

    /** After a longer silence of the controller itself, a jump could pass for a change: the reading must return like a lost one. */
    private static final double GAP_SECONDS = 180;

    SensorTrack next(Optional<Celsius> reading, double seconds, double heat, double error, Medium medium) {
        double released = heatSince + heat;
        if (reading.isEmpty()) return lost(Trust.MISSING, OptionalDouble.empty(), 0, false, seconds, released);
        double value = reading.get().value();
        if (value < medium.lowest || value > medium.highest)
            return lost(Trust.IMPLAUSIBLE, OptionalDouble.empty(), 0, false, seconds, released);
        if (anchor.isEmpty()) return good(value, 0, false);
        boolean follows = raw.isPresent() && follows(value - raw.getAsDouble(), seconds, error, medium);
        boolean same = value == anchor.getAsDouble();
        if (trusted == Trust.GOOD && follows && (same || seconds <= GAP_SECONDS))
            return accepted(value, released, seconds, error, medium);
        if (trusted == Trust.GOOD)
            return lost(Trust.IMPLAUSIBLE, OptionalDouble.of(value), 1, false, seconds, released);
        // what changed while nobody looked may have jumped: only a move that was watched is one
        boolean watched = follows && seconds <= GAP_SECONDS;
        int agreeing = watched ? steady + 1 : 1;
        boolean moving = watched && (moved || value != raw.getAsDouble());
        double room = RETURN_KELVINS + medium.returnPerSecond * (secondsLost + seconds);
        double gone = Math.abs(value - anchor.getAsDouble());
        boolean within = gone <= room || (medium == Medium.WATER && value < anchor.getAsDouble());
        int needed = gone > FAR_KELVINS ? FAR_RETURN_READINGS : RETURN_READINGS;
        // a thermometer that jumped and then stuck agrees with itself for ever: only one that moves is believed again
        if (agreeing >= needed && (moving || same) && within) return accepted(value, released, seconds, error, medium);
        return lost(Trust.IMPLAUSIBLE, OptionalDouble.of(value), agreeing, moving, seconds, released);
    }

    private static boolean follows(double change, double seconds, double error, Medium medium) {
        double reach = (change > 0 ? medium.risePerSecond : medium.fallPerSecond) * seconds + 2 * error + TICK;
        return Math.abs(change) <= reach;
    }

    private SensorTrack accepted(double value, double released, double seconds, double error, Medium medium) {
        double fall = anchor.getAsDouble() - value;
        if (fall == 0) return good(value, released, proven);
        return good(value, 0, !medium.isSudden(fall, seconds, error));
    }

    private static SensorTrack good(double value, double heat, boolean proven) {
        return new SensorTrack(
                OptionalDouble.of(value), heat, proven, Trust.GOOD, OptionalDouble.of(value), 0, false, 0);
    }

    private SensorTrack lost(
            Trust why, OptionalDouble value, int agreeing, boolean moving, double seconds, double released) {
        return new SensorTrack(anchor, released, proven, why, value, agreeing, moving, secondsLost + seconds);
    }

    Optional<HeatMemory.Shown> shown() {
        return believed().map(reading -> new HeatMemory.Shown(reading, new Joules(heatSince)));
    }

    Optional<Celsius> believed() {
        return anchor.isPresent() ? Optional.of(new Celsius(anchor.getAsDouble())) : Optional.empty();
    }
}
