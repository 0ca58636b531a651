package org.athanor.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.athanor.comfort.Schedule;
import org.athanor.comfort.Schedule.QuietHours;
import org.athanor.comfort.Schedule.Setting;
import org.athanor.comfort.SetpointOverride;
import org.athanor.units.Celsius;

/**
 * What people may change of a room. It survives restarts.
 *
 * @param heating off leaves frost protection and safety alone
 * @param setpoint that stands in for the schedule while heating is on; a vacation goes before one without an end
 * @param until the end of {@code setpoint}; empty for good
 * @param schedule setpoints by day and time
 * @param quiet hours in which the heaters draw less
 * @param childLock whether page and Home Assistant change nothing until the code that was set is entered
 * @param maximumSetpoint which no setpoint goes beyond: those of the schedule are lowered to it
 */
public record RoomSettings(
        boolean heating,
        Optional<Celsius> setpoint,
        Optional<Instant> until,
        List<Setting> schedule,
        Optional<QuietHours> quiet,
        Optional<Vacation> vacation,
        Presets presets,
        boolean childLock,
        Optional<Celsius> maximumSetpoint) {

    /** Nobody home: this setpoint holds from {@code from} until just before {@code until}. */
    public record Vacation(Instant from, Instant until, Celsius setpoint) {
        public boolean holds(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    /** A setpoint with a name. */
    public enum Preset {
        ECO,
        COMFORT,
        BOOST;

        /** As it stands in addresses and JSON: {@code eco}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param boostFor how long a boost lasts; the other two last until they are changed */
    public record Presets(Celsius eco, Celsius comfort, Celsius boost, Duration boostFor) {
        public Celsius of(Preset preset) {
            return switch (preset) {
                case ECO -> eco;
                case COMFORT -> comfort;
                case BOOST -> boost;
            };
        }
    }

    public RoomSettings {
        schedule = List.copyOf(schedule);
        if (setpoint.isEmpty()) until = Optional.empty();
    }

    /** Nothing changed by anyone: the configured schedule, with presets around its warmest setpoint. */
    public static RoomSettings of(Schedule configured, Celsius lowest, Celsius highest) {
        var warmest = configured.settings().stream()
                .map(Setting::setpoint)
                .max(Celsius::compareTo)
                .orElseThrow();
        return new RoomSettings(
                true,
                Optional.empty(),
                Optional.empty(),
                configured.settings(),
                configured.quiet(),
                Optional.empty(),
                new Presets(
                        within(warmest.value() - 3, lowest, highest),
                        within(warmest.value(), lowest, highest),
                        within(warmest.value() + 2, lowest, highest),
                        Duration.ofHours(1)),
                false,
                Optional.empty());
    }

    private static Celsius within(double celsius, Celsius lowest, Celsius highest) {
        return new Celsius(Math.clamp(celsius, lowest.value(), Math.max(lowest.value(), highest.value())));
    }

    /**
     * What control follows: vacation, being off and a setpoint without an end are in it, so that a plan knows them ahead.
     *
     * @param off the setpoint of a room whose heating is off
     */
    Schedule schedule(ZoneId zone, Celsius off) {
        if (!heating) return new Schedule(zone, Schedule.constant(zone, off).settings(), quiet);
        var standing = until.isEmpty() ? setpoint : Optional.<Celsius>empty();
        var week = standing.map(wanted -> Schedule.constant(zone, wanted).settings())
                .orElse(schedule);
        return new Schedule(
                zone,
                week.stream()
                        .map(setting -> new Setting(setting.days(), setting.from(), capped(setting.setpoint())))
                        .toList(),
                quiet,
                vacation.stream()
                        .map(away -> new Schedule.Period(away.from(), away.until(), capped(away.setpoint())))
                        .toList());
    }

    private Celsius capped(Celsius setpoint) {
        return maximumSetpoint.filter(most -> most.compareTo(setpoint) < 0).orElse(setpoint);
    }

    /** The setpoint that goes before schedule and vacation at {@code time}, if there is one. */
    public Optional<SetpointOverride> wish(Instant time) {
        if (!heating || hasEnded(time)) return Optional.empty();
        if (until.isEmpty() && vacationAt(time).isPresent()) return Optional.empty();
        var end = until.or(() -> vacation.map(Vacation::from).filter(time::isBefore));
        return setpoint.map(wanted -> new SetpointOverride(capped(wanted), end));
    }

    /** Whether there was a setpoint whose end has come. */
    public boolean hasEnded(Instant time) {
        return until.filter(end -> !time.isBefore(end)).isPresent();
    }

    private Optional<Vacation> vacationAt(Instant time) {
        return vacation.filter(away -> away.holds(time));
    }

    /** The preset whose setpoint a wish holds at {@code time}. */
    public Optional<Preset> preset(Instant time) {
        if (wish(time).isEmpty()) return Optional.empty();
        for (var preset : Preset.values())
            if (setpoint.equals(Optional.of(presets.of(preset))) && lasts(preset, time)) return Optional.of(preset);
        return Optional.empty();
    }

    /** Whether the setpoint ends as that of the preset does. */
    private boolean lasts(Preset preset, Instant time) {
        boolean standing = until.isEmpty() || until.equals(vacationAt(time).map(Vacation::until));
        return standing != (preset == Preset.BOOST);
    }

    /** What is different from {@code before}, a few words each, for the log. */
    List<String> changesSince(RoomSettings before) {
        var changes = new ArrayList<String>();
        if (heating != before.heating) changes.add(heating ? "heating on" : "heating off");
        if (!setpoint.equals(before.setpoint) || !until.equals(before.until))
            changes.add(setpoint.map(wanted -> "setpoint " + wanted
                            + until.map(end -> " until " + end).orElse(""))
                    .orElse("setpoint by the schedule"));
        if (!schedule.equals(before.schedule)) changes.add("schedule changed");
        if (!quiet.equals(before.quiet))
            changes.add(quiet.map(hours ->
                            "quiet hours from " + hours.from() + " until " + hours.until() + ", at most " + hours.cap())
                    .orElse("no quiet hours"));
        if (!vacation.equals(before.vacation))
            changes.add(vacation.map(away ->
                            "vacation from " + away.from() + " until " + away.until() + " at " + away.setpoint())
                    .orElse("no vacation"));
        if (!presets.equals(before.presets)) changes.add("presets changed");
        if (!maximumSetpoint.equals(before.maximumSetpoint))
            changes.add(maximumSetpoint.map(most -> "highest setpoint " + most).orElse("no highest setpoint"));
        if (childLock != before.childLock) changes.add(childLock ? "child lock on" : "child lock off");
        return changes;
    }

    // ---- the same with a change

    public RoomSettings withHeating(boolean on) {
        return new RoomSettings(on, setpoint, until, schedule, quiet, vacation, presets, childLock, maximumSetpoint);
    }

    /** For good, but a vacation goes before it. */
    public RoomSettings withSetpoint(Celsius wanted) {
        return withSetpoint(Optional.of(wanted), Optional.empty());
    }

    /** Chosen by somebody at {@code now}: for good or, during a vacation, until its end. */
    public RoomSettings withSetpoint(Celsius wanted, Instant now) {
        return withSetpoint(Optional.of(wanted), vacationAt(now).map(Vacation::until));
    }

    public RoomSettings withSetpoint(Optional<Celsius> wanted, Optional<Instant> end) {
        return new RoomSettings(heating, wanted, end, schedule, quiet, vacation, presets, childLock, maximumSetpoint);
    }

    /** By the schedule again. */
    public RoomSettings withoutSetpoint() {
        return withSetpoint(Optional.empty(), Optional.empty());
    }

    /** @param now when it is chosen: from then on a boost counts its time */
    public RoomSettings with(Preset preset, Instant now) {
        return preset == Preset.BOOST
                ? withSetpoint(Optional.of(presets.boost()), Optional.of(now.plus(presets.boostFor())))
                : withSetpoint(presets.of(preset), now);
    }

    public RoomSettings with(Presets others) {
        return new RoomSettings(
                heating, setpoint, until, schedule, quiet, vacation, others, childLock, maximumSetpoint);
    }

    public RoomSettings withSchedule(List<Setting> other) {
        return new RoomSettings(heating, setpoint, until, other, quiet, vacation, presets, childLock, maximumSetpoint);
    }

    public RoomSettings withQuiet(Optional<QuietHours> hours) {
        return new RoomSettings(
                heating, setpoint, until, schedule, hours, vacation, presets, childLock, maximumSetpoint);
    }

    /** What is said last counts: a setpoint that would reach into another vacation than before ends when that begins. */
    public RoomSettings withVacation(Optional<Vacation> away) {
        if (away.equals(vacation)) return this;
        var end =
                until.map(last -> away.map(Vacation::from).filter(last::isAfter).orElse(last));
        return new RoomSettings(heating, setpoint, end, schedule, quiet, away, presets, childLock, maximumSetpoint);
    }

    public RoomSettings withChildLock(boolean locked) {
        return new RoomSettings(heating, setpoint, until, schedule, quiet, vacation, presets, locked, maximumSetpoint);
    }

    /** A setpoint in force that is above {@code most} is lowered to it. */
    public RoomSettings withMaximumSetpoint(Optional<Celsius> most) {
        var changed = new RoomSettings(heating, setpoint, until, schedule, quiet, vacation, presets, childLock, most);
        return changed.withSetpoint(setpoint.map(changed::capped), until);
    }
}
