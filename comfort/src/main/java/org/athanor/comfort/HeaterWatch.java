package org.athanor.comfort;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Watts;

/** Judges one heater by what it and its plug say, and bounds the heat that it can have released. A pure step. */
final class HeaterWatch {
    /** An Avalon miner rests at 17 W; a device above this is not off, whatever it says. */
    static final double STANDBY_WATTS = 50;

    private static final double DISAGREEMENT_WATTS = 50;
    private static final double DISAGREEMENT_SHARE = 0.25;
    private static final int DISAGREEMENT_STEPS = 3;
    private static final double NAMEPLATE_TOLERANCE = 1.05;

    /** Miners wind down within minutes; one that still draws after this many steps ignores the command. */
    private static final int STEPS_TO_OBEY = 4;

    private static final double RETRY_SECONDS = Duration.ofMinutes(10).toSeconds();
    /** Of trouble that comes again and again: a day has 24 tries of it, and a heater that is well again waits no longer. */
    private static final double LONGEST_REST_SECONDS = Duration.ofHours(1).toSeconds();

    private static final double DISOBEDIENCE_SECONDS = Duration.ofMinutes(30).toSeconds();

    private final HeaterSpec spec;
    private final double stepSeconds;
    private final double startSeconds;

    /** From the reading before a renewal until a plug that is not renewed again is certainly off. */
    private final double countdownSeconds;

    HeaterWatch(HeaterSpec spec, SafetyLimits limits) {
        this.spec = spec;
        this.stepSeconds = Units.seconds(limits.step());
        this.startSeconds = Units.seconds(limits.startGrace());
        this.countdownSeconds = Units.seconds(limits.plugCountdown()) + stepSeconds;
    }

    /**
     * @param heat upper bound of the joules released since the last reading
     * @param bound upper bound of the watts that it can draw
     * @param runs whether it heats, by its own word or its plug's
     * @param unavoidable joules that it may still release if everything is cut now
     * @param usable whether comfort may use it
     * @param starting whether it will soon be usable
     * @param cut whether its plug must be off
     * @param reason why it is not usable
     */
    record Judgement(
            HeaterSpec spec,
            HeaterTrack track,
            boolean plugWasOff,
            double heat,
            double bound,
            boolean runs,
            double unavoidable,
            boolean usable,
            boolean starting,
            boolean cut,
            String reason,
            List<String> alarms) {
        /** The same, only that it may not heat now. */
        Judgement resting(String why) {
            return new Judgement(
                    spec,
                    track,
                    plugWasOff,
                    heat,
                    bound,
                    runs,
                    unavoidable,
                    false,
                    false,
                    cut,
                    usable || starting ? why : reason,
                    alarms);
        }
    }

    Judgement judge(HeaterTrack before, HeaterReading reading, double seconds) {
        double bound =
                Math.max(spec.maximumPower().value(), Math.max(watts(reading.reported()), watts(reading.metered())));
        boolean off = verifiablyOff(reading);
        double standby = off ? watts(reading.metered()) : 0;
        double heat = before.off() && off && !changedMeanwhile(before)
                ? Math.max(before.standbyWatts(), standby) * seconds
                : bound * secondsPowered(before, reading, seconds);
        boolean runsBlind = spec.chipMaximum().isPresent()
                && reading.chip().isEmpty()
                && reading.level().orElse(0) > 0;
        boolean differs = disagrees(reading);
        var seen = new HeaterTrack(
                before.level(),
                before.plugOn(),
                off,
                standby,
                before.secondsSinceRenewal() + seconds,
                before.secondsSincePlugOn() + seconds,
                before.level() == 0 ? before.secondsAskedOff() + seconds : 0,
                runsBlind ? before.secondsBlind() + seconds : 0,
                overheated(reading).isPresent() ? before.hotSteps() + 1 : 0,
                differs ? before.disagreeingSteps() + 1 : 0,
                before.mains().after(seconds),
                before.lock().after(seconds),
                runsWell(reading) ? before.rest().ranWell(seconds) : before.rest());
        return judge(seen, reading, heat, bound, off);
    }

    private Judgement judge(HeaterTrack seen, HeaterReading reading, double heat, double bound, boolean off) {
        var alarms = new ArrayList<String>();
        if (seen.disagreeingSteps() >= DISAGREEMENT_STEPS)
            alarms.add(spec.id() + " reports " + reading.reported().orElseThrow() + " but its plug meters "
                    + reading.metered().orElseThrow() + ": the larger counts");
        if (bound > spec.maximumPower().value() * NAMEPLATE_TOLERANCE)
            alarms.add(
                    spec.id() + " draws " + Math.round(bound) + " W, more than its nameplate's " + spec.maximumPower());
        var verdict = verdict(seen, reading);
        if (verdict.alarm()) alarms.add(spec.id() + ": " + verdict.reason());
        var track = new HeaterTrack(
                seen.level(),
                seen.plugOn(),
                seen.off(),
                seen.standbyWatts(),
                seen.secondsSinceRenewal(),
                seen.secondsSincePlugOn(),
                seen.secondsAskedOff(),
                seen.secondsBlind(),
                seen.hotSteps(),
                seen.disagreeingSteps(),
                seen.mains(),
                verdict.lock(),
                verdict.rest().orElse(seen.rest()));
        boolean plugWasOff = reading.plugOn().map(on -> !on).orElse(false);
        double stillPowered = off && (plugWasOff || !spec.plug()) ? 0 : secondsUntilCut(seen);
        return new Judgement(
                spec,
                track,
                plugWasOff,
                heat,
                bound,
                runs(reading),
                bound * stillPowered,
                verdict.usable(),
                verdict.starting(),
                verdict.cut(),
                verdict.reason(),
                List.copyOf(alarms));
    }

    /** @param rest where it begins one that is longer than the last */
    private record Verdict(
            boolean usable,
            boolean cut,
            boolean alarm,
            String reason,
            HeaterTrack.Lock lock,
            Optional<HeaterTrack.Rest> rest) {
        Verdict(boolean usable, boolean cut, boolean alarm, String reason, HeaterTrack.Lock lock) {
            this(usable, cut, alarm, reason, lock, Optional.empty());
        }

        static Verdict fine(HeaterTrack.Lock lock) {
            return new Verdict(true, false, false, "", lock);
        }

        boolean starting() {
            return !usable && !cut && !alarm;
        }

        static Verdict resting(HeaterTrack seen, boolean cut, String reason) {
            var rest = seen.lock().holds() && seen.rest().seconds() > 0
                    ? seen.rest() // the same trouble still
                    : seen.rest().next(RETRY_SECONDS, LONGEST_REST_SECONDS);
            var lock = new HeaterTrack.Lock(rest.seconds(), cut, reason);
            return new Verdict(false, cut, true, reason, lock, Optional.of(rest));
        }

        static Verdict locked(double seconds, boolean cut, String reason) {
            return new Verdict(false, cut, true, reason, new HeaterTrack.Lock(seconds, cut, reason));
        }
    }

    private Verdict verdict(HeaterTrack seen, HeaterReading reading) {
        var lock = seen.lock();
        if (disobeys(seen, reading)) {
            if (!spec.plug())
                return new Verdict(false, false, true, "it ignores the off command and has no plug to cut", lock);
            if (!seen.plugOn() && seen.secondsSinceRenewal() > countdownSeconds)
                return new Verdict(false, true, true, "it draws power although its plug was cut: pull it out", lock);
            return Verdict.locked(DISOBEDIENCE_SECONDS, true, "it ignored the off command, so its plug was cut");
        }
        if (spec.plug() && reading.plugOn().isEmpty())
            return new Verdict(false, true, true, "its plug does not answer" + because(reading), lock);
        var hot = overheated(reading);
        if (hot.isPresent()) return Verdict.resting(seen, seen.hotSteps() > 1, hot.get());
        if (lock.holds()) return new Verdict(false, lock.cut(), true, lock.reason(), lock);
        if (!answers(reading) || restsUnpowered(reading)) return silent(seen, reading);
        if (seen.secondsBlind() > startSeconds)
            return Verdict.resting(seen, false, "it does not tell the temperature of its chips");
        // some faults, such as a fan that stands still, show only while it runs: it would start again and again
        if (reading.fault().isPresent())
            return Verdict.resting(seen, false, reading.fault().get());
        return Verdict.fine(lock);
    }

    private Verdict silent(HeaterTrack seen, HeaterReading reading) {
        var none = HeaterTrack.Lock.NONE;
        var why = "it does not answer" + because(reading);
        if (!spec.plug() || spec.switchedByPlug()) return new Verdict(false, true, true, why, none);
        boolean plugOn = reading.plugOn().orElse(false);
        if (!plugOn || seen.secondsSincePlugOn() <= startSeconds)
            return new Verdict(false, false, false, "it starts", none);
        return Verdict.resting(seen, true, why);
    }

    private boolean runsWell(HeaterReading reading) {
        return reading.level().orElse(0) > 0
                && reading.fault().isEmpty()
                && overheated(reading).isEmpty();
    }

    private static boolean answers(HeaterReading reading) {
        return reading.level().isPresent()
                || reading.reported().isPresent()
                || reading.chip().isPresent();
    }

    /** Its plug is off, so whatever is said of it, it can take no command before it has started. */
    private boolean restsUnpowered(HeaterReading reading) {
        return spec.plug() && !spec.switchedByPlug() && !reading.plugOn().orElse(true);
    }

    private static String because(HeaterReading reading) {
        return reading.fault().map(fault -> " (" + fault + ")").orElse("");
    }

    private boolean disobeys(HeaterTrack seen, HeaterReading reading) {
        boolean stillStarting = seen.plugOn() && seen.secondsSincePlugOn() <= startSeconds;
        return runs(reading)
                && seen.level() == 0
                && seen.secondsAskedOff() >= STEPS_TO_OBEY * stepSeconds
                && !stillStarting;
    }

    /** At none of its levels only its watts tell, and its own word is better than nothing. */
    private static boolean runs(HeaterReading reading) {
        return reading.level().orElse(0) > 0
                || watts(reading.metered()) > STANDBY_WATTS
                || (reading.level().isEmpty() && watts(reading.reported()) > STANDBY_WATTS);
    }

    private Optional<String> overheated(HeaterReading reading) {
        var chip = reading.chip()
                .filter(now -> spec.chipMaximum()
                        .filter(max -> now.compareTo(max) >= 0)
                        .isPresent());
        if (chip.isPresent())
            return Optional.of("its chips are at " + chip.get() + ", the maximum is "
                    + spec.chipMaximum().orElseThrow());
        return reading.inlet()
                .filter(now -> spec.inletMaximum()
                        .filter(max -> now.compareTo(max) >= 0)
                        .isPresent())
                .map(now -> "its inlet is at " + now + ", the maximum is "
                        + spec.inletMaximum().orElseThrow());
    }

    /** Only a plug can prove it: by being off itself, or by metering next to nothing while the device says level 0. */
    private static boolean verifiablyOff(HeaterReading reading) {
        if (watts(reading.metered()) > STANDBY_WATTS) return false;
        boolean plugOff = reading.plugOn().map(on -> !on).orElse(false);
        return plugOff || (reading.metered().isPresent() && reading.level().orElse(1) == 0);
    }

    private static boolean changedMeanwhile(HeaterTrack before) {
        return before.level() > 0 || (before.plugOn() && before.secondsSincePlugOn() == 0);
    }

    /** A plug that is not on now can have been on no longer than its countdown ran. */
    private double secondsPowered(HeaterTrack before, HeaterReading reading, double seconds) {
        if (!spec.plug() || reading.plugOn().orElse(false)) return seconds;
        return Math.min(seconds, secondsUntilCut(before));
    }

    private double secondsUntilCut(HeaterTrack track) {
        return spec.plug() ? Math.max(0, countdownSeconds - track.secondsSinceRenewal()) : 2 * stepSeconds;
    }

    /** Heat that it may release if it is on after this step and nobody ever commands it again. */
    double reserve(double bound) {
        return bound * (spec.plug() ? countdownSeconds : 2 * stepSeconds);
    }

    private static boolean disagrees(HeaterReading reading) {
        if (reading.reported().isEmpty() || reading.metered().isEmpty()) return false;
        double metered = reading.metered().get().value();
        double difference = Math.abs(reading.reported().get().value() - metered);
        return difference > Math.max(DISAGREEMENT_WATTS, DISAGREEMENT_SHARE * metered);
    }

    private static double watts(Optional<Watts> power) {
        return power.map(Watts::value).orElse(0.0);
    }
}
