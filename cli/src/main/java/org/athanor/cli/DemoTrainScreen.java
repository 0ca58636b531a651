package org.athanor.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.athanor.network.training.RoundRecord;
import org.athanor.units.Celsius;

/** {@code demo --train} on one terminal screen. */
final class DemoTrainScreen {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ROOT);
    private static final String ROW = "   %-19s %-16s %8s %9s %13s  %-7s %7s %9s";
    private static final int STRIP = 70;

    private final List<DemoTrainHome> homes;
    private final DemoTrainJob job;
    private final Pace pace;
    private final List<String> notes;

    DemoTrainScreen(List<DemoTrainHome> homes, DemoTrainJob job, Pace pace, List<String> notes) {
        this.homes = homes;
        this.job = job;
        this.pace = pace;
        this.notes = notes;
    }

    /** Whether all homes have seen their first step. */
    boolean ready() {
        return homes.stream().allMatch(home -> home.last() != null);
    }

    private static String time(Instant time, ZoneOffset offset) {
        return DAY.format(time.atOffset(offset));
    }

    List<String> lines() throws IOException {
        var rounds = job.rounds();
        var lines = new ArrayList<String>();
        lines.add(format(
                " Athanor demo   one model, three homes: it is trained where heat is wanted   %.0fx", pace.reached()));
        lines.add("");
        lines.add(format(ROW, "home", "its time", "outdoor", "room", "band", "now", "rounds", "heat"));
        for (var home : homes) {
            var now = home.last();
            var room = now.room();
            lines.add(format(
                    ROW,
                    home.name(),
                    time(home.now(), home.offset()),
                    degrees(now.outdoor()),
                    degrees(room.temperature()),
                    format(
                            "%.1f to %.1f",
                            room.setpoint().minus(room.bandBelow()).value(),
                            room.setpoint().plus(room.bandAbove()).value()),
                    state(home),
                    counted(rounds, home),
                    format("%.1f kWh", home.kilowattHours())));
        }
        lines.add("");
        for (var home : homes)
            lines.add(format("   %-19s %s", home.name(), home.days().strip(STRIP)));
        lines.add(
                "   A bar is three hours, as high as the share of them in which it trained; + is a plain element's help.");
        lines.add("");
        lines.add("   " + training(rounds));
        lines.add(format(
                "   Outside the bands %s K·h. A thread stands for a machine of %.0f W; its work pays %.2f EUR/kWh.",
                homes.stream()
                        .map(home -> format(
                                "%.1f",
                                home.last().room().kelvinHoursBelow()
                                        + home.last().room().kelvinHoursAbove()))
                        .collect(Collectors.joining(", ")),
                DemoTrainHome.WATTS.value(),
                DemoTrainHome.PAYS_PER_KWH));
        for (var note : notes.subList(Math.max(0, notes.size() - 3), notes.size())) lines.add("   ! " + note);
        lines.add("");
        lines.add("   Ctrl-C ends with a statement.");
        return lines.stream()
                .flatMap(line -> Wrap.at(Wrap.WIDTH, 5, line).stream())
                .toList();
    }

    /** The boost helps where training alone would not do. */
    private static String state(DemoTrainHome home) {
        return (home.trains() ? "trains" : "rests") + (home.boosted() ? "+" : "");
    }

    private static long counted(List<RoundRecord> rounds, DemoTrainHome home) {
        var worker = home.worker();
        return rounds.stream()
                .filter(round -> round.metered().containsKey(worker))
                .count();
    }

    private String training(List<RoundRecord> rounds) {
        if (rounds.isEmpty()) return "Training begins: no round is over yet.";
        return format(
                "Round %d, loss %.3f (%.3f at first), %,d tokens, %.1f kB to and from the coordinator",
                rounds.getLast().round() + 1,
                rounds.getLast().loss(),
                rounds.getFirst().loss(),
                rounds.getLast().tokens(),
                (job.server().traffic().up() + job.server().traffic().down()) / 1e3);
    }

    String summary() throws IOException {
        var rounds = job.rounds();
        return time(homes.getFirst().now(), homes.getFirst().offset()) + "  "
                + homes.stream()
                        .map(home -> format(
                                "%s %s (outdoor %s) %s",
                                home.name(),
                                degrees(home.last().room().temperature()),
                                degrees(home.last().outdoor()),
                                home.trains() ? "trains" : "rests"))
                        .collect(Collectors.joining("; "))
                + (rounds.isEmpty()
                        ? ""
                        : format(
                                "; round %d, loss %.3f",
                                rounds.getLast().round() + 1, rounds.getLast().loss()))
                + format("  %.0fx", pace.reached());
    }

    private static String degrees(Optional<Celsius> temperature) {
        return temperature.map(celsius -> format("%.1f °C", celsius.value())).orElse("unknown");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
