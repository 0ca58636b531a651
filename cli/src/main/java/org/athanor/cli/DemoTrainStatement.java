package org.athanor.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.network.training.Receipts;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.receipts.Receipt;

/** What {@code demo --train} came to: for people, and as JSON. */
final class DemoTrainStatement {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** The loss of a single round hangs on its few sequences. */
    private static final int MEAN_OF = 5;

    private static final double JOULES = 3.6e6;

    private final ObjectNode report;

    private DemoTrainStatement(ObjectNode report) {
        this.report = report;
    }

    /** @param speed virtual seconds per wall second that were reached */
    static DemoTrainStatement of(DemoTrainJob job, List<DemoTrainHome> homes, double speed, List<String> notes)
            throws IOException {
        var rounds = job.rounds();
        var account = Receipts.check(job.place());
        var report = MAPPER.createObjectNode();
        report.put("speedReached", speed);
        report.put("rounds", rounds.size());
        report.put("tokens", rounds.isEmpty() ? 0 : rounds.getLast().tokens());
        if (!rounds.isEmpty()) {
            int some = Math.clamp(rounds.size() / 2, 1, MEAN_OF);
            report.putObject("loss")
                    .put("first", loss(rounds.subList(0, some)))
                    .put("last", loss(rounds.subList(rounds.size() - some, rounds.size())));
        }
        var traffic = job.server().traffic();
        report.putObject("bytes").put("up", traffic.up()).put("down", traffic.down());
        report.putObject("receipts")
                .put("good", account.good().size())
                .put("bad", account.problems().size());
        var list = report.putArray("homes");
        for (var home : homes) if (home.last() != null) add(list.addObject(), home, account.good());
        var told = report.putArray("notes");
        notes.forEach(told::add);
        return new DemoTrainStatement(report);
    }

    private static double loss(List<RoundRecord> rounds) {
        return rounds.stream().mapToDouble(RoundRecord::loss).average().orElseThrow();
    }

    private static void add(ObjectNode told, DemoTrainHome home, List<Receipt> receipts) {
        var own = receipts.stream()
                .map(Receipt::claim)
                .filter(claim -> claim.worker().equals(home.worker()))
                .toList();
        var joules = own.stream()
                .mapToDouble(claim -> claim.joules() == null ? 0 : claim.joules())
                .sum();
        var room = home.last().room();
        told.put("name", home.name());
        told.put("start", home.start().atOffset(home.offset()).toString());
        told.put("end", home.now().atOffset(home.offset()).toString());
        told.put("meanOutdoorCelsius", home.meanOutdoor());
        told.put("trainedShare", home.days().share());
        told.put("rounds", own.size());
        told.put("tokens", own.stream().mapToLong(claim -> claim.tokens()).sum());
        told.put("heatKwh", home.kilowattHours());
        told.put("heatOfCountedWorkKwh", joules / JOULES);
        told.put("boostKwh", home.boostKilowattHours());
        told.put("kelvinHoursBelow", room.kelvinHoursBelow());
        told.put("kelvinHoursAbove", room.kelvinHoursAbove());
        told.put("balanceRelativeError", home.world().balanceRelativeError());
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("");
        if (report.path("homes").isEmpty()) {
            lines.add("The demo ended before its homes were there.");
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT,
                "%,d rounds of one model in three homes, %,d tokens; loss %s. %,d receipts hold, %d do not.",
                report.path("rounds").asLong(),
                report.path("tokens").asLong(),
                report.has("loss")
                        ? String.format(
                                Locale.ROOT,
                                "%.3f at first, %.3f at the end",
                                report.path("loss").path("first").asDouble(),
                                report.path("loss").path("last").asDouble())
                        : "unknown",
                report.path("receipts").path("good").asLong(),
                report.path("receipts").path("bad").asLong()));
        lines.add(String.format(
                "  %-19s %8s %8s %7s %9s %9s %9s %9s %9s",
                "", "outdoor", "trained", "rounds", "tokens", "its heat", "boost", "too cold", "too warm"));
        for (var home : report.path("homes")) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-19s %5.1f °C %6.0f %% %7d %,9d %5.1f kWh %5.1f kWh %5.1f K·h %5.1f K·h",
                    home.path("name").asText(),
                    home.path("meanOutdoorCelsius").asDouble(),
                    100 * home.path("trainedShare").asDouble(),
                    home.path("rounds").asLong(),
                    home.path("tokens").asLong(),
                    home.path("heatKwh").asDouble(),
                    home.path("boostKwh").asDouble(),
                    home.path("kelvinHoursBelow").asDouble(),
                    home.path("kelvinHoursAbove").asDouble()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "  From %s to %s in the first home, %.0f times as fast as yours. Homes, weather's pace and watts are simulated (a"
                        + " thread stands for a machine of %.0f W); training, control, receipts are real.",
                report.path("homes").path(0).path("start").asText(),
                report.path("homes").path(0).path("end").asText(),
                report.path("speedReached").asDouble(),
                DemoTrainHome.WATTS.value()));
        return lines;
    }

    void write(Path file) throws IOException {
        ReportFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }
}
