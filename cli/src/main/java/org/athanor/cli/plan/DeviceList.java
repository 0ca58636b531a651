package org.athanor.cli.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.devices.catalogue.Catalogue;
import org.athanor.devices.catalogue.CatalogueDevice;
import org.athanor.devices.catalogue.Figure;

/** The catalogue as people read it: every figure with where it is from. */
public final class DeviceList {
    private DeviceList() {}

    public static List<String> lines() {
        var lines = new ArrayList<String>();
        for (var device : Catalogue.all()) {
            if (!lines.isEmpty()) lines.add("");
            describe(device, lines);
        }
        return lines;
    }

    private static void describe(CatalogueDevice device, List<String> lines) {
        lines.add(device.id() + "  " + device.title());
        for (var level : device.levels()) {
            var hashes = level.terahashes().value() == 0
                    ? "mines nothing"
                    : format("%.4g TH/s, %.3g J/TH", level.terahashes().value(), level.joulesPerTerahash());
            var noise = level.decibels()
                    .map(decibels -> format("%.0f dB(A)", decibels.value()))
                    .orElse("noise unknown");
            lines.add(
                    format("  %-18s %.0f W, %s, %s", level.name(), level.watts().value(), hashes, noise));
            lines.add("    " + from(level.watts()));
            level.decibels().ifPresent(decibels -> lines.add("    noise: " + from(decibels)));
        }
        if (device.element().value() > 0)
            lines.add(format("  %-18s %.0f W", "element", device.element().value()));
        device.otherWork().ifPresent(work -> {
            lines.add(format(
                    "  %-18s %.3f %s an hour, sold in %.0f %% of them",
                    work.what(),
                    work.perHour().value(),
                    work.currency(),
                    100 * work.occupancy().value()));
            lines.add("    " + from(work.perHour()));
        });
        lines.add(format(
                "  %-18s %.0f %s, %s", "price", device.price().value(), device.priceCurrency(), device.priceDate()));
        lines.add("    " + from(device.price()));
        lines.add(format(
                "  %-18s steady after %d min%s; at least %d min on, %d min off",
                "changes",
                device.settle().toMinutes(),
                device.restartsHashing() ? ", without hashing until then" : "",
                device.minimumOn().toMinutes(),
                device.minimumOff().toMinutes()));
        lines.add("    " + device.settleSource());
        lines.add(format(
                "  %-18s %s, at most %.0f °C",
                "heat",
                device.medium().name().toLowerCase(Locale.ROOT),
                device.outletMaximumCelsius().value()));
    }

    private static String from(Figure figure) {
        return figure.assumed() && !figure.source().startsWith("assumed")
                ? "assumed: " + figure.source()
                : figure.source();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
