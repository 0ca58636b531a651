package org.athanor.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.athanor.edge.Snapshot;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;

/** The demo on one terminal screen. */
final class DemoScreen {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);

    private final ZoneOffset offset;
    private final String page;

    DemoScreen(ZoneOffset offset, String page) {
        this.offset = offset;
        this.page = page;
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
        lines.addAll(Wrap.at(Wrap.WIDTH, 3, "   " + now.explanation()));
        lines.add("");
        lines.add("   heater        level      watts      hashrate        accepted  rejected   weight");
        for (var heater : now.heaters()) {
            lines.add(format(
                    "   %-13s %-9s %7s   %13s  %10s  %8s   %s",
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
        lines.add(format("   together                %7s", whole(now.power())));
        lines.add("");
        lines.add(format(
                "   Earned %s sat = %s    electricity %s    net cost of the heat %s",
                Statement.satoshis(books.earned().value()), books.earnedMoney(), books.electricity(), books.net()));
        lines.add(format(
                "   Blocks %d found, %.1f expected    comfort %.2f K·h below, %.2f above the band",
                figures.blocksFound(), figures.blocksExpected(), room.kelvinHoursBelow(), room.kelvinHoursAbove()));
        lines.add("");
        for (var alarm : now.alarms()) lines.addAll(Wrap.at(Wrap.WIDTH, 5, "   ! " + alarm));
        for (var note : now.world().notes()) lines.addAll(Wrap.at(Wrap.WIDTH, 5, "   " + note));
        lines.add("   Ctrl-C ends with a statement.");
        return lines;
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
