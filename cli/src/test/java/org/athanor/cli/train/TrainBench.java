package org.athanor.cli.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.athanor.training.engine.EngineException;

/**
 * Loss against bytes: nanoGPT's small CPU setting (4 layers, 4 heads, width 128, context 64, 12 sequences a worker, 2,000 steps, some of
 * ten times as many) trained
 * by real jobs, coordinator and workers as {@code athanor train} runs them, some of them with workers that are killed or come later.
 * Every run leaves a file, so that the bench goes on where it was ended: {@code bench/run TrainBench TEXT FOLDER [NAME-PREFIX]}.
 */
public final class TrainBench {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SEQUENCES = 12;
    private static final int STEPS = 2000;
    private static final int LONG = 10 * STEPS;
    private static final int SEEDS = 3;
    private static final String ALONE = "scheme: diloco, up: float32, down: float32, rate: 1, momentum: 0";
    /** A line of 10 Mbit/s up and down with 50 ms and 2 % loss: one stream gets 1.22 x MSS / (RTT x sqrt(loss)), Mathis et al. 1997. */
    private static final double RTT_SECONDS = 0.05;

    private static final double STREAM = 1.22 * 1460 / (RTT_SECONDS * Math.sqrt(0.02));
    private static final double LINE = 10e6 / 8;

    /**
     * One job.
     *
     * @param name       what is done
     * @param workers    that do it; data parallel training of several is one worker with as many times the sequences, since what it
     *                   would send is known
     * @param parallel   workers that the one worker stands for
     * @param steps      of every worker, in all
     * @param inner      of them in a round
     * @param outer      how they talk
     * @param seed       of the job
     * @param attendance who is there when
     */
    private record Run(
            String name,
            int workers,
            int parallel,
            int steps,
            int inner,
            String outer,
            int seed,
            Attendance attendance) {
        Run(String name, int workers, int parallel, int inner, String outer, int seed, Attendance attendance) {
            this(name, workers, parallel, STEPS, inner, outer, seed, attendance);
        }

        String file() {
            return name + "-seed" + seed;
        }

        String yaml(Path text) {
            return """
                    name: %s
                    data: %s
                    workers: %d
                    rounds: %d
                    seed: %d
                    model: {layers: 4, heads: 4, width: 128, context: 64}
                    inner: {sequences: %d, microBatch: %d, rate: 1.0e-3, floor: 1.0e-4, warmup: 100}
                    outer: {steps: %d, %s}
                    round: {deadlineSeconds: 3600, silenceSeconds: %d}
                    trust: %s
                    """.formatted(
                            name,
                            text.toAbsolutePath(),
                            workers,
                            steps / inner,
                            seed,
                            SEQUENCES * parallel,
                            SEQUENCES * parallel,
                            inner,
                            outer,
                            attendance == Attendance.ALL ? 600 : 12,
                            name.endsWith("-open") ? "open" : "known");
        }
    }

    private TrainBench() {}

    private static List<Run> runs() {
        var runs = new ArrayList<Run>();
        for (var seed = 1; seed <= SEEDS; seed++) {
            // one worker talks to nobody: its exchanges change nothing but the outer step, which is left out
            runs.add(new Run("one-worker", 1, 1, 200, ALONE, seed, Attendance.ALL));
            runs.add(new Run("data-parallel-4", 1, 4, 200, ALONE, seed, Attendance.ALL));
            runs.add(diLoCo("diloco-20-int8", 4, 20, "int8", seed, Attendance.ALL));
            runs.add(diLoCo("diloco-20-int4", 4, 20, "int4", seed, Attendance.ALL));
            runs.add(diLoCo("diloco-40-int4", 4, 40, "int4", seed, Attendance.ALL));
            runs.add(new Run(
                    "sparse-20", 4, 1, 20, "scheme: sparse, up: sparse-128, down: sparse-384", seed, Attendance.ALL));
            runs.add(diLoCo("diloco-20-sparse-2048", 4, 20, "sparse-2048", seed, Attendance.ALL));
            runs.add(new Run("streaming-10x2-int4", 4, 1, 10, "scheme: streaming, fragments: 2", seed, Attendance.ALL));
        }
        runs.add(diLoCo("diloco-20-int8-killed", 4, 20, "int8", 1, Attendance.HALF_KILLED));
        runs.add(diLoCo("diloco-40-int4-warm", 4, 40, "int4", 1, Attendance.ALONE_AT_FIRST));
        runs.add(diLoCo("diloco-20-sparse-2048-warm", 4, 20, "sparse-2048", 1, Attendance.ALONE_AT_FIRST));
        // what averaging costs that has no momentum, however many bits it is told in
        runs.add(new Run("plain-20-int4", 4, 1, 20, "scheme: sparse, up: int4, down: int4", 1, Attendance.ALL));
        runs.add(new Run(
                "sparse-20-dense-warm",
                4,
                1,
                20,
                "scheme: sparse, up: sparse-512, down: sparse-1536",
                1,
                Attendance.ALONE_AT_FIRST));
        // of workers whom nobody knows: each round begins without moments
        runs.add(diLoCo("diloco-20-int8-open", 4, 20, "int8", 1, Attendance.ALL));
        runs.add(new Run("data-parallel-8", 1, 8, 200, ALONE, 1, Attendance.ALL));
        runs.add(diLoCo("diloco-20-int8-of-8", 8, 20, "int8", 1, Attendance.ALL));
        // ten times as long
        runs.add(new Run("long-data-parallel-4", 1, 4, LONG, 200, ALONE, 1, Attendance.ALL));
        runs.add(new Run(
                "long-sparse-20-2048",
                4,
                1,
                LONG,
                20,
                "scheme: sparse, up: sparse-2048, down: sparse-2048",
                1,
                Attendance.ALL));
        return runs;
    }

    private static Run diLoCo(String name, int workers, int inner, String codec, int seed, Attendance attendance) {
        var outer = "scheme: diloco, up: " + codec + ", down: " + codec;
        return new Run(name, workers, 1, inner, outer, seed, attendance);
    }

    public static void main(String[] arguments) throws IOException, EngineException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: bench/run TrainBench TEXT FOLDER [NAME-PREFIX]");
            System.exit(2);
        }
        var text = Path.of(arguments[0]);
        var folder = Path.of(arguments[1]);
        var prefix = arguments.length > 2 ? arguments[2] : "";
        Files.createDirectories(folder);
        for (var run : runs()) {
            if (!Files.exists(result(folder, run)) && run.file().startsWith(prefix)) {
                train(run, text, folder);
            }
        }
        table(folder);
    }

    private static Path result(Path folder, Run run) {
        return folder.resolve(run.file() + ".json");
    }

    private static void train(Run run, Path text, Path folder)
            throws IOException, EngineException, InterruptedException {
        var job = folder.resolve(run.file() + ".yaml");
        Files.writeString(job, run.yaml(text));
        System.out.println(run.file());
        var began = Instant.now();
        try (var parts = new JobParts(job, folder.resolve(run.file() + ".training"))) {
            run.attendance().keep(parts, run.workers(), run.seed());
            if (!parts.stopped().isEmpty()) {
                throw new IOException(run.file() + ": " + parts.stopped());
            }
            parts.coordinator().stop(); // the last round's validation is awaited
            var statement = TrainingStatement.of(parts.coordinator(), parts.server(), run.workers(), Optional.empty());
            var draft = folder.resolve(run.file() + ".draft");
            statement.write(draft);
            statement.lines().forEach(System.out::println);
            Files.move(draft, result(folder, run), StandardCopyOption.ATOMIC_MOVE);
        }
        System.out.println("  " + Duration.between(began, Instant.now()).toSeconds() + " s");
    }

    // ---- what came out

    private static void table(Path folder) throws IOException {
        System.out.printf(
                "%-26s %5s %17s %12s %8s %8s %10s%n",
                "run", "seeds", "validation", "bytes/worker", "times", "rounds", "line s");
        for (var name : runs().stream().map(Run::name).distinct().toList()) {
            var runs = new ArrayList<Run>();
            var reports = new ArrayList<JsonNode>();
            for (var run : runs()) {
                if (run.name().equals(name) && Files.exists(result(folder, run))) {
                    runs.add(run);
                    reports.add(MAPPER.readTree(Files.readAllBytes(result(folder, run))));
                }
            }
            if (!reports.isEmpty()) {
                row(runs.getFirst(), reports);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "line s: transfers of one worker at %.2f Mbit/s, the one stream that a line of 10 Mbit/s, 50 ms, 2 %% loss carries;"
                        + " computing is apart%n",
                Math.min(STREAM, LINE) * 8 / 1e6);
    }

    private static void row(Run run, List<JsonNode> reports) {
        var losses = reports.stream()
                .mapToDouble(report -> report.at("/loss/validation").asDouble())
                .summaryStatistics();
        var ring = ring(Math.max(run.workers(), run.parallel()), run.steps(), mean(reports, "/parameters"));
        var perWorker =
                run.parallel() > 1 ? ring : (mean(reports, "/bytes/up") + mean(reports, "/bytes/down")) / run.workers();
        var exchanges = run.parallel() > 1 ? run.steps() : mean(reports, "/rounds");
        System.out.printf(
                Locale.ROOT,
                "%-26s %5d %6.3f %4.3f-%4.3f %12.0f %8s %8.0f %10.0f%n",
                run.name(),
                reports.size(),
                losses.getAverage(),
                losses.getMin(),
                losses.getMax(),
                perWorker,
                run.workers() == 1 ? "" : Math.round(ring / perWorker),
                exchanges,
                run.workers() == 1 && run.parallel() == 1
                        ? 0
                        : perWorker / Math.min(STREAM, LINE) + 2 * RTT_SECONDS * exchanges);
    }

    /** Bytes that the fp32 ring all-reduce moves up plus down for one of {@code workers} in so many steps. */
    private static double ring(int workers, int steps, double parameters) {
        return 2.0 * 2 * (workers - 1) / workers * Float.BYTES * parameters * steps;
    }

    private static double mean(List<JsonNode> reports, String path) {
        return reports.stream()
                .mapToDouble(report -> report.at(path).asDouble())
                .average()
                .orElse(0);
    }
}
