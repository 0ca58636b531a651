package org.athanor.comfort;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/**
 * Setpoints and quiet hours by local time and day of the week.
 *
 * @param periods such as a vacation, which go before the week's settings; the first that holds a time decides
 */
public record Schedule(ZoneId zone, List<Setting> settings, Optional<QuietHours> quiet, List<Period> periods) {
    private static final Set<DayOfWeek> EVERY_DAY = Collections.unmodifiableSet(EnumSet.allOf(DayOfWeek.class));

    /** On these days from this time on, until the next setting of that or a later day. */
    public record Setting(Set<DayOfWeek> days, LocalTime from, Celsius setpoint) {
        public Setting {
            days = some(days, "setting from " + from);
        }

        /** Every day. */
        public Setting(LocalTime from, Celsius setpoint) {
            this(EVERY_DAY, from, setpoint);
        }
    }

    /**
     * Between these times (past midnight when {@code until} is the earlier one) all heaters together draw at most {@code cap}.
     *
     * @param days on which the quiet hours begin
     */
    public record QuietHours(Set<DayOfWeek> days, LocalTime from, LocalTime until, Watts cap) {
        public QuietHours {
            days = some(days, "quiet hours");
            if (cap.value() < 0) throw new IllegalArgumentException("quiet hours: cap " + cap + " is negative");
        }

        /** Every day. */
        public QuietHours(LocalTime from, LocalTime until, Watts cap) {
            this(EVERY_DAY, from, until, cap);
        }

        boolean contain(DayOfWeek day, LocalTime time) {
            boolean afterStart = !time.isBefore(from);
            boolean beforeEnd = time.isBefore(until);
            if (from.isBefore(until)) return days.contains(day) && afterStart && beforeEnd;
            return (days.contains(day) && afterStart) || (days.contains(day.minus(1)) && beforeEnd);
        }
    }

    /** From {@code from} until just before {@code until} this setpoint holds. */
    public record Period(Instant from, Instant until, Celsius setpoint) {
        public Period {
            if (!from.isBefore(until))
                throw new IllegalArgumentException("period from " + from + " until " + until + " (its end is later)");
        }

        boolean holds(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    public Schedule {
        if (settings.isEmpty()) throw new IllegalArgumentException("schedule: at least one setpoint");
        settings = settings.stream()
                .sorted(Comparator.comparing(Setting::from)
                        .thenComparing(setting -> setting.days().stream()
                                .min(Comparator.naturalOrder())
                                .orElseThrow()))
                .toList();
        for (int i = 1; i < settings.size(); i++)
            for (int k = i - 1;
                    k >= 0 && settings.get(k).from().equals(settings.get(i).from());
                    k--)
                if (!Collections.disjoint(
                        settings.get(k).days(), settings.get(i).days()))
                    throw new IllegalArgumentException(
                            "schedule: two setpoints from " + settings.get(i).from());
        periods = List.copyOf(periods);
    }

    public Schedule(ZoneId zone, List<Setting> settings, Optional<QuietHours> quiet) {
        this(zone, settings, quiet, List.of());
    }

    private static Set<DayOfWeek> some(Set<DayOfWeek> days, String what) {
        if (days.isEmpty()) throw new IllegalArgumentException(what + ": at least one day of the week");
        return Collections.unmodifiableSet(EnumSet.copyOf(days));
    }

    public static Schedule constant(ZoneId zone, Celsius setpoint) {
        return new Schedule(zone, List.of(new Setting(LocalTime.MIDNIGHT, setpoint)), Optional.empty());
    }

    public Schedule withQuietHours(LocalTime from, LocalTime until, Watts cap) {
        return new Schedule(zone, settings, Optional.of(new QuietHours(from, until, cap)), periods);
    }

    /** Before a day's first setting the last one of the days before holds. */
    public Celsius setpoint(Instant time) {
        for (var period : periods) if (period.holds(time)) return period.setpoint();
        var local = time.atZone(zone);
        var today = local.getDayOfWeek();
        var last = last(today, local.toLocalTime());
        for (int back = 1; last.isEmpty(); back++) last = last(today.minus(back), LocalTime.MAX);
        return last.get().setpoint();
    }

    private Optional<Setting> last(DayOfWeek day, LocalTime until) {
        for (int i = settings.size() - 1; i >= 0; i--) {
            var setting = settings.get(i);
            if (setting.days().contains(day) && !until.isBefore(setting.from())) return Optional.of(setting);
        }
        return Optional.empty();
    }

    /** The cap in force at {@code time}, if these are quiet hours. */
    public Optional<Watts> quietCap(Instant time) {
        var local = time.atZone(zone);
        return quiet.filter(hours -> hours.contain(local.getDayOfWeek(), local.toLocalTime()))
                .map(QuietHours::cap);
    }
}
