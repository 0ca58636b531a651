package org.athanor.cli.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;

/** What a job came to: for people, and as the report's JSON. */
final class TrainingStatement {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** Workers of whom the terminal tells. */
    private static final int MOST_SAID = 12;

    private final ObjectNode report;
    private final List<String> lines = new ArrayList<>();

    private TrainingStatement(ObjectNode report) {
        this.report = report;
    }

    /**
     * @param expected workers by whose number the bytes of data parallel training are reckoned, where rounds say nothing
     * @param waiting  why the job waited at its end; empty when it did not
     */
    static TrainingStatement of(
            Coordinator coordinator, CoordinatorServer server, int expected, Optional<String> waiting)
            throws IOException {
        var spec = coordinator.spec();
        var rounds = coordinator.history();
        var statement = new TrainingStatement(MAPPER.createObjectNode());
        var report = statement.report;
        report.put("job", spec.name());
        report.put("done", coordinator.state().phase() == Phase.DONE);
        if (coordinator.state().phase() == Phase.RUNNING) {
            waiting.ifPresent(why -> report.put("waiting", why));
        }
        report.put("parameters", spec.parameters());
        var loss = report.putObject("loss");
        if (!rounds.isEmpty()) {
            loss.put("train", rounds.getLast().loss());
        }
        rounds.stream()
                .filter(round -> round.validation() != null)
                .reduce((first, second) -> second)
                .ifPresent(round -> loss.put("validation", round.validation()));
        report.put("tokens", coordinator.tokens());
        var cpuSeconds = rounds.stream().mapToDouble(RoundRecord::cpuSeconds).sum();
        if (cpuSeconds > 0) {
            report.put("tokensPerCpuSecond", coordinator.tokens() / cpuSeconds);
        }
        report.put("rounds", coordinator.state().round());
        var bytes = report.putObject("bytes");
        var traffic = server.traffic();
        bytes.put("up", traffic.up());
        bytes.put("down", traffic.down());
        bytes.put("dataset", traffic.datasetDown());
        bytes.put(
                "dataParallelFp32",
                dataParallel(rounds, spec.parameters(), spec.outer().innerSteps()));
        var records = WorkerRecord.of(rounds, coordinator.standings());
        var workers = report.putObject("workers");
        workers.put(
                "seen",
                records.values().stream().filter(record -> record.counted() > 0).count());
        workers.put("asked", expected);
        workers.put(
                "meanPerRound",
                rounds.stream()
                        .mapToInt(round -> round.workers().size())
                        .average()
                        .orElse(0));
        var excluded = workers.putObject("excluded");
        records.forEach((worker, record) -> {
            if (record.excluded() != null) {
                excluded.put(worker, record.excluded());
            }
        });
        var each = workers.putObject("each");
        records.forEach((worker, record) -> tell(record, each.putObject(worker)));
        var energy = report.putObject("energy").put("cpuSeconds", cpuSeconds);
        var heat = Heat.of(rounds);
        if (!heat.kilowattHours().isEmpty()) {
            energy.put("electricityKwh", heat.total());
            energy.put("meteredShare", heat.meteredShare());
            heat.kilowattHours().forEach(energy.putObject("heatKwh")::put);
        }
        statement.say(coordinator);
        statement.lines.add(heat.sentence());
        statement.sayExamined(records);
        statement.sayExcluded();
        return statement;
    }

    private static void tell(WorkerRecord record, ObjectNode told) {
        told.put("counted", record.counted());
        told.put("notCounted", record.notCounted());
        var standing = record.standing();
        if (record.isExamined()) {
            told.put("replayed", standing.replayed());
        }
        if (record.isExamined() && standing.scored() > 0) {
            told.putObject("rating")
                    .put("mean", standing.rating().mean())
                    .put("spread", standing.rating().spread());
        }
        if (record.beside() != null) {
            told.putObject("better")
                    .put("chance", record.beside().better())
                    .put("low", record.beside().least())
                    .put("high", record.beside().most());
        }
    }

    /** Those who do worst, where there are many. */
    private void sayExamined(Map<String, WorkerRecord> records) {
        var examined = records.entrySet().stream()
                .filter(worker ->
                        worker.getValue().isExamined() && worker.getValue().excluded() == null)
                .sorted(Comparator.comparingDouble(
                        worker -> records.size() <= MOST_SAID ? 0 : better(worker.getValue())))
                .toList();
        examined.stream()
                .limit(MOST_SAID)
                .forEach(worker -> lines.add(worker.getKey() + ": "
                        + WorkerRecord.rounds(worker.getValue().counted()) + " counted, "
                        + worker.getValue().examined() + "."));
        if (examined.size() > MOST_SAID) {
            lines.add((examined.size() - MOST_SAID) + " more do no worse; the report tells of each.");
        }
    }

    private static double better(WorkerRecord record) {
        return record.beside() == null ? 1 : record.beside().better();
    }

    /** What the fp32 ring all-reduce of the same steps moves, up plus down, summed over workers: 2 x 2 (N - 1) bytes x 4 a parameter and step. */
    private static double dataParallel(List<RoundRecord> rounds, long parameters, int innerSteps) {
        return rounds.stream()
                .mapToDouble(round ->
                        2.0 * 2 * Math.max(0, round.workers().size() - 1) * Float.BYTES * parameters * innerSteps)
                .sum();
    }

    private void say(Coordinator coordinator) {
        var state = coordinator.state();
        lines.add(
                state.phase() == Phase.DONE
                        ? "The job is done: " + state.round() + " rounds."
                        : "The job has done " + done(coordinator.spec(), state)
                                + (state.reason() == null
                                        ? waited() + "; the same command goes on."
                                        : ": " + state.reason() + "."));
        var loss = report.path("loss");
        if (loss.has("train")) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Loss %.3f nats a token in training%s.",
                    loss.path("train").asDouble(),
                    loss.has("validation")
                            ? String.format(
                                    Locale.ROOT,
                                    ", %.3f on text that it never saw",
                                    loss.path("validation").asDouble())
                            : ""));
        }
        var bytes = report.path("bytes");
        var moved = bytes.path("up").asDouble() + bytes.path("down").asDouble();
        var dataParallel = bytes.path("dataParallelFp32").asDouble();
        lines.add(String.format(
                Locale.ROOT,
                "%,d tokens, %,.0f a second of processor; %.2f MB between workers and coordinator%s.",
                report.path("tokens").asLong(),
                report.path("tokensPerCpuSecond").asDouble(),
                moved / 1e6,
                dataParallel > 0 // one worker alone would move nothing
                        ? String.format(
                                Locale.ROOT,
                                ", %.0f times less than data parallel training in fp32",
                                dataParallel / Math.max(1, moved))
                        : ""));
    }

    private static String done(JobSpec spec, Messages.State state) {
        return spec.tokens() > 0
                ? String.format(
                        Locale.ROOT, "%d rounds, and %,d of %,d tokens", state.round(), state.tokens(), spec.tokens())
                : state.round() + " of " + spec.rounds() + " rounds";
    }

    private String waited() {
        return report.has("waiting")
                ? " and waited at last: " + report.path("waiting").asText()
                : "";
    }

    private void sayExcluded() {
        for (var worker : report.path("workers").path("excluded").properties()) {
            lines.add(worker.getKey() + " is excluded and not paid from then on: "
                    + worker.getValue().asText());
        }
    }

    /** For a terminal: whatever workers are called, and a reason says. */
    List<String> lines() {
        return lines.stream().map(Printable::text).toList();
    }

    void write(Path file) throws IOException {
        ReportFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }
}
