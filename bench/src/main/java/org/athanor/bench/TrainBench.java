package org.athanor.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.cli.Main;

/**
 * Loss against bytes: nanoGPT's small CPU setting (4 layers, 4 heads, width 128, context 64, 12 sequences a worker, 2,000 steps) trained
 * by real jobs, coordinator and workers as {@code athanor train} runs them. Every run leaves a file, so that the bench goes on where
 * it was ended: {@code bench/run TrainBench TEXT FOLDER [NAME-PREFIX]}.
 */
public final class TrainBench {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SEQUENCES = 12;
    private static final int STEPS = 2000;

    /**
     * One job.
     *
     * @param scale sequences of a step in units of a worker's 12: data parallel training of N workers is one worker with N times as many
     */
    private record Run(String name, int workers, int scale, int steps, int inner, String outer, int seed) {
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
                    round: {deadlineSeconds: 3600, silenceSeconds: 600}
                    """.formatted(
                            name,
                            text.toAbsolutePath(),
                            workers,
                            steps / inner,
                            seed,
                            SEQUENCES * scale,
                            SEQUENCES * scale,
                            inner,
                            outer);
        }
    }

    private TrainBench() {}

    private static List<Run> runs() {
        var runs = new ArrayList<Run>();
        for (var seed = 1; seed <= 3; seed++) {
            // one worker talks to nobody: its exchanges change nothing but the outer step, which is left out
            var alone = "scheme: diloco, up: float32, down: float32, rate: 1, momentum: 0";
            runs.add(new Run("one-worker", 1, 1, STEPS, 200, alone, seed));
            runs.add(new Run("data-parallel-4", 1, 4, STEPS, 200, alone, seed));
            runs.add(new Run("diloco-20-int8", 4, 1, STEPS, 20, "scheme: diloco, up: int8, down: int8", seed));
            runs.add(new Run("diloco-20-int4", 4, 1, STEPS, 20, "scheme: diloco, up: int4, down: int4", seed));
            runs.add(new Run("diloco-40-int4", 4, 1, STEPS, 40, "scheme: diloco, up: int4, down: int4", seed));
            runs.add(new Run("sparse-20", 4, 1, STEPS, 20, "scheme: sparse, up: sparse-128, down: sparse-384", seed));
            runs.add(new Run("streaming-10x2-int4", 4, 1, STEPS, 10, "scheme: streaming, fragments: 2", seed));
        }
        return runs;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: bench/run TrainBench TEXT FOLDER [NAME-PREFIX]");
            System.exit(2);
        }
        var text = Path.of(arguments[0]);
        var folder = Path.of(arguments[1]);
        var prefix = arguments.length > 2 ? arguments[2] : "";
        Files.createDirectories(folder);
        for (var run : runs()) {
            var result = folder.resolve(run.name() + "-seed" + run.seed() + ".json");
            if (!Files.exists(result) && run.name().startsWith(prefix)) {
                train(run, text, folder, result);
            }
        }
        table(folder);
    }

    private static void train(Run run, Path text, Path folder, Path result) throws IOException {
        var job = folder.resolve(run.name() + "-seed" + run.seed() + ".yaml");
        Files.writeString(job, run.yaml(text));
        System.out.println(run.name() + ", seed " + run.seed());
        var began = Instant.now();
        var draft = folder.resolve("report.json");
        var code = Main.run("train", job.toString(), "--report", draft.toString());
        if (code != 0) {
            throw new IOException(job + " ended with " + code);
        }
        System.out.println("  " + Duration.between(began, Instant.now()).toSeconds() + " s");
        Files.move(draft, result);
    }

    private static void table(Path folder) throws IOException {
        System.out.printf("%-24s %5s %10s %10s %8s %8s%n", "run", "seeds", "validation", "bytes", "times", "rounds");
        var names = runs().stream().map(Run::name).distinct().toList();
        for (var name : names) {
            var reports = new ArrayList<JsonNode>();
            for (var seed = 1; seed <= 3; seed++) {
                var file = folder.resolve(name + "-seed" + seed + ".json");
                if (Files.exists(file)) {
                    reports.add(MAPPER.readTree(Files.readAllBytes(file)));
                }
            }
            if (!reports.isEmpty()) {
                System.out.printf(
                        Locale.ROOT,
                        "%-24s %5d %10.3f %10.0f %8.0f %8.0f%n",
                        name,
                        reports.size(),
                        mean(reports, "/loss/validation"),
                        mean(reports, "/bytes/up") + mean(reports, "/bytes/down"),
                        mean(reports, "/bytes/dataParallelFp32")
                                / (mean(reports, "/bytes/up") + mean(reports, "/bytes/down")),
                        mean(reports, "/rounds"));
            }
        }
    }

    private static double mean(List<JsonNode> reports, String path) {
        return reports.stream()
                .mapToDouble(report -> report.at(path).asDouble())
                .average()
                .orElse(0);
    }
}
