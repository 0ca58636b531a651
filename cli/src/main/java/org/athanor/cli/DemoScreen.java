package org.athanor.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** The demo on one terminal screen. */
final class DemoScreen {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);

    private static final String ROW = "   %-9s %-9s %6s  %12s  %9s %9s  %s";

    private final ZoneOffset offset;
    private final String page;
    private final DemoDay day;

    /** @param day that is shown beside its plan */
    DemoScreen(ZoneOffset offset, String page, DemoDay day) {
        this.offset = offset;
        this.page = page;
        this.day = day;
    }

    List<String> lines(Snapshot now, DemoFigures figures) {
        var lines = new ArrayList<String>();
        var room = now.room();
        var books = now.books();
        lines.add(format(
                " Athanor demo   %s (virtual time)   %.0fx   page: %s",
                DAY.format(now.time().atOffset(offset)), now.world().speed().orElse(1), page));
        lines.add("");
        lines.add(format(
                "   Room %s   setpoint %s   outdoor %s   price %s",
                degrees(room.temperature()),
                room.setpoint(),
                degrees(now.outdoor()),
                books.price().map(Object::toString).orElse("unknown")));
        lines.add("   " + now.explanation());
        lines.add("   " + planning(now.planning()));
        for (var row : day.rows()) lines.add("   " + row);
        lines.add("");
        lines.add(format(ROW, "heater", "level", "watts", "hash rate", "accepted", "rejected", "weight"));
        for (var heater : now.heaters()) {
            lines.add(format(
                    ROW,
                    heater.id(),
                    heater.level().orElse("silent"),
                    heater.watts().map(DemoScreen::whole).orElse("?"),
                    heater.hashrate().map(Object::toString).orElse(""),
                    heater.mines() ? heater.accepted() : "",
                    heater.mines() ? heater.rejected() : "",
                    heater.weighting()
                            .map(weighting -> format("%.4g", weighting.weight().toDouble()))
                            .orElse("")));
        }
        lines.add(
                format(ROW, "together", "", whole(now.power()), "", "", "", "").stripTrailing());
        lines.add("");
        lines.add(format(
                "   Earned %s sat = %s    electricity %s    net cost of the heat %s",
                Statement.satoshis(books.earned().value()), books.earnedMoney(), books.electricity(), books.net()));
        lines.add(format(
                "   Blocks %d found, %.1f expected    comfort %.2f K·h below, %.2f above the band",
                figures.blocksFound(), figures.blocksExpected(), room.kelvinHoursBelow(), room.kelvinHoursAbove()));
        lines.add("");
        var head = wrapped(lines);
        var rest = new ArrayList<String>();
        for (var alarm : now.alarms()) rest.add("   ! " + alarm);
        for (var note : now.world().notes()) rest.add("   " + note);
        var end = "   Ctrl-C ends with a statement.";
        // what does not fit on the screen would push its top out of sight
        int left = Math.max(0, Wrap.HEIGHT - 2 - head.size());
        head.addAll(wrapped(rest).stream().limit(left).toList());
        head.add(end);
        return head;
    }

    private static String planning(Snapshot.Planning planning) {
        var said = planning.standIn()
                .map(why -> "No plan: " + why)
                .orElse("By plan; the room is known to " + planning.known());
        return planning.note().map(note -> said + "; " + note).orElse(said) + ".";
    }

    private static List<String> wrapped(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Wrap.at(Wrap.WIDTH, 5, line).stream())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    String summary(Snapshot now, DemoFigures figures) {
        return format(
                "%s  room %s (setpoint %s, outdoor %s)  %s W  accepted %d  blocks %d  earned %s sat  net %s  %.0fx",
                DAY.format(now.time().atOffset(offset)),
                degrees(now.room().temperature()),
                now.room().setpoint(),
                degrees(now.outdoor()),
                whole(now.power()),
                now.heaters().stream().mapToLong(Snapshot.HeaterView::accepted).sum(),
                figures.blocksFound(),
                Statement.satoshis(now.books().earned().value()),
                now.books().net(),
                now.world().speed().orElse(1));
    }

    private static String degrees(Optional<Celsius> temperature) {
        return temperature.map(celsius -> format("%.1f °C", celsius.value())).orElse("unknown");
    }

    private static String whole(Watts power) {
        return format("%.0f", power.value());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
