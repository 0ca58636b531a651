package org.athanor.cli.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.cli.terminal.Printable;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.mailbox.Messages;

/** How a job goes, as the page's JSON. */
final class JobFigures {
    private static final int MOST_DROPPED = 5;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** Tokens a second are those of the last rounds: of as many as lasted so long, and one at the least. */
    private static final Duration SPAN = Duration.ofSeconds(30);

    private final Coordinator coordinator;
    private final CoordinatorServer server;
    private final InstantSource clock;
    /** When this program began with the job. */
    private final Reading start;

    private List<RoundRecord> history = List.of();
    private long readAt;

    private record Reading(long millis, long tokens) {}

    JobFigures(Coordinator coordinator, CoordinatorServer server, InstantSource clock) {
        this.coordinator = coordinator;
        this.server = server;
        this.clock = clock;
        start = new Reading(clock.millis(), coordinator.tokens());
    }

    /** @param since rounds before it are left out of the history */
    synchronized ObjectNode json(long since) throws IOException {
        var spec = coordinator.spec();
        var state = coordinator.state();
        read();
        var job = MAPPER.createObjectNode();
        job.put("name", spec.name());
        job.put("parameters", spec.parameters());
        job.put("open", spec.open());
        job.put("phase", state.phase().name());
        job.put("reason", state.reason());
        job.put("waiting", coordinator.waiting().orElse(null));
        job.put("round", state.round());
        job.put("rounds", spec.rounds());
        job.put("budget", spec.tokens());
        job.put("share", spec.share(state.round(), state.tokens()));
        job.put("tokens", coordinator.tokens());
        job.put("tokensPerSecond", perSecond(state));
        var traffic = server.traffic();
        job.putObject("bytes")
                .put("up", traffic.up())
                .put("down", traffic.down())
                .put("dataset", traffic.datasetDown());
        var rounds = job.putArray("history");
        history.stream()
                .filter(round -> round.round() >= since)
                .forEach(round -> rounds.addObject()
                        .put("round", round.round())
                        .put("ended", round.ended().toString())
                        .put("loss", round.loss())
                        .put("validation", round.validation())
                        .put("workers", round.workers().size())
                        .put("tokens", round.tokens()));
        var records = WorkerRecord.of(history, coordinator.standings());
        workers(job, records);
        refused(job, records);
        heat(job);
        return job;
    }

    /** The file is read again once a second at most, however many look. */
    private void read() throws IOException {
        var now = clock.millis();
        if (now >= readAt && now - readAt < 1000) {
            return;
        }
        history = coordinator.history();
        readAt = now;
    }

    /** Tokens count when a round ends, so it is measured from end to end; nothing while nobody works. */
    private double perSecond(Messages.State state) {
        if (state.phase() != Messages.Phase.RUNNING || coordinator.waiting().isPresent()) {
            return 0;
        }
        var ends = new ArrayList<Reading>();
        ends.add(start);
        for (var round : history) {
            if (round.ended().toEpochMilli() > start.millis()) {
                ends.add(new Reading(round.ended().toEpochMilli(), round.tokens()));
            }
        }
        var last = ends.removeLast();
        var first = ends.reversed().stream()
                .filter(end -> end.millis() <= last.millis() - SPAN.toMillis())
                .findFirst()
                .orElse(ends.isEmpty() ? last : ends.getFirst());
        var seconds = (last.millis() - first.millis()) / 1e3;
        return seconds <= 0 ? 0 : (last.tokens() - first.tokens()) / seconds;
    }

    private void workers(ObjectNode job, Map<String, WorkerRecord> records) {
        var all = job.putArray("workers");
        var now = clock.instant();
        new TreeMap<>(coordinator.workers()).forEach((name, seen) -> {
            var beat = seen.beat();
            var worker = all.addObject();
            worker.put("name", Printable.text(name))
                    .put("doing", beat.doing().name().toLowerCase(java.util.Locale.ROOT))
                    .put("round", beat.round())
                    .put("step", beat.step())
                    .put("steps", coordinator.spec().outer().innerSteps())
                    .put("loss", beat.loss())
                    .put("watts", beat.watts())
                    .put(
                            "secondsAgo",
                            Math.max(0, Duration.between(seen.at(), now).toSeconds()));
            var record = records.get(name);
            worker.put("counted", record == null ? 0 : record.counted());
            worker.put("excluded", record != null && record.excluded() != null);
            if (record != null && record.isExamined()) {
                worker.put("replayed", record.standing().replayed());
            }
            if (record != null && record.beside() != null) {
                worker.putObject("better")
                        .put("chance", record.beside().better())
                        .put("low", record.beside().least())
                        .put("high", record.beside().most());
            }
        });
    }

    /** Whose work does not count, and why. */
    private void refused(ObjectNode job, Map<String, WorkerRecord> records) {
        var excluded = job.putObject("excluded");
        records.forEach((worker, record) -> {
            if (record.excluded() != null) excluded.put(Printable.text(worker), Printable.text(record.excluded()));
        });
        var dropped = job.putArray("dropped");
        history.reversed().stream()
                .filter(round -> !round.dropped().isEmpty())
                .limit(MOST_DROPPED)
                .forEach(round -> new TreeMap<>(round.dropped())
                        .forEach((worker, reason) -> dropped.addObject()
                                .put("round", round.round())
                                .put("worker", Printable.text(worker))
                                .put("reason", Printable.text(reason))));
    }

    /** By rounds that counted: every round of a job is as much work. */
    private void heat(ObjectNode job) {
        var heat = job.putObject("heat");
        heat.put(
                "cpuSeconds",
                history.stream().mapToDouble(RoundRecord::cpuSeconds).sum());
        heat.put("joules", history.stream().mapToDouble(RoundRecord::joules).sum());
        Heat.of(history).kilowattHours().forEach(heat.putObject("kilowattHours")::put);
        var counted = new TreeMap<String, Integer>();
        for (var round : history) {
            for (var worker : round.workers()) {
                counted.merge(worker.split("@", 2)[0], 1, Integer::sum);
            }
        }
        counted.forEach(heat.putObject("rounds")::put);
    }
}
