package org.athanor.comfort;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** Setpoints and quiet hours by local time of day. */
public record Schedule(ZoneId zone, List<Setting> settings, Optional<QuietHours> quiet) {
    /** From this time of day on, until the next setting. */
    public record Setting(LocalTime from, Celsius setpoint) {}

    /** Between these times of day (past midnight when {@code until} is the earlier one) all heaters together draw at most {@code cap}. */
    public record QuietHours(LocalTime from, LocalTime until, Watts cap) {
        public QuietHours {
            if (cap.value() < 0) throw new IllegalArgumentException("quiet hours: cap " + cap + " is negative");
        }

        boolean contain(LocalTime time) {
            boolean afterStart = !time.isBefore(from);
            boolean beforeEnd = time.isBefore(until);
            return from.isBefore(until) ? afterStart && beforeEnd : afterStart || beforeEnd;
        }
    }

    public Schedule {
        if (settings.isEmpty()) throw new IllegalArgumentException("schedule: at least one setpoint");
        settings = settings.stream().sorted(Comparator.comparing(Setting::from)).toList();
        for (int i = 1; i < settings.size(); i++)
            if (settings.get(i).from().equals(settings.get(i - 1).from()))
                throw new IllegalArgumentException(
                        "schedule: two setpoints from " + settings.get(i).from());
    }

    public static Schedule constant(ZoneId zone, Celsius setpoint) {
        return new Schedule(zone, List.of(new Setting(LocalTime.MIDNIGHT, setpoint)), Optional.empty());
    }

    public Schedule withQuietHours(LocalTime from, LocalTime until, Watts cap) {
        return new Schedule(zone, settings, Optional.of(new QuietHours(from, until, cap)));
    }

    /** Before the day's first setting yesterday's last one holds. */
    public Celsius setpoint(Instant time) {
        var local = time.atZone(zone).toLocalTime();
        return settings.reversed().stream()
                .filter(setting -> !local.isBefore(setting.from()))
                .findFirst()
                .orElse(settings.getLast())
                .setpoint();
    }

    /** The cap in force at {@code time}, if these are quiet hours. */
    public Optional<Watts> quietCap(Instant time) {
        var local = time.atZone(zone).toLocalTime();
        return quiet.filter(hours -> hours.contain(local)).map(QuietHours::cap);
    }
}
