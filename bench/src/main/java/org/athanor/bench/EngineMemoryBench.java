package org.athanor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.data.Tokens;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.job.JobSpec;
import org.athanor.training.job.MemoryEstimate;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;

/**
 * What an engine really takes of memory (the most that was resident after three steps) beside what {@link MemoryEstimate} tells before:
 * {@code bench/run EngineMemoryBench}.
 */
public final class EngineMemoryBench {
    private static final double MIB = 1 << 20;

    private EngineMemoryBench() {}

    /** @param micro sequences that pass through the model at a time */
    private record Size(GptShape shape, int micro) {}

    public static void main(String[] arguments) throws IOException, EngineException, InterruptedException {
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
        var sizes = List.of(
                new Size(new GptShape(2, 4, 64, 64, 96, false, 0), 12),
                new Size(new GptShape(4, 4, 128, 128, 96, false, 0), 16),
                new Size(new GptShape(4, 4, 128, 128, 96, false, 0.1), 16),
                new Size(new GptShape(6, 8, 256, 256, 96, false, 0), 16),
                new Size(new GptShape(6, 8, 512, 256, 8192, false, 0), 8),
                new Size(new GptShape(8, 8, 512, 512, 8192, false, 0.1), 4));
        System.out.printf("%-52s %12s %12s %8s%n", "model", "told MiB", "taken MiB", "ratio");
        for (var size : sizes) {
            var told = MemoryEstimate.of(job(size)).engineBytes() / MIB;
            var taken = taken(size, libraries) / MIB;
            var shape = size.shape();
            System.out.printf(
                    Locale.ROOT,
                    "%-52s %12.0f %12.0f %8.2f%n",
                    String.format(
                            Locale.ROOT,
                            "%,d parameters, context %d, %d at a time%s",
                            shape.parameters(),
                            shape.context(),
                            size.micro(),
                            shape.dropout() > 0 ? ", dropout" : ""),
                    told,
                    taken,
                    told / taken);
        }
    }

    private static JobSpec job(Size size) {
        var letters = new StringBuilder();
        for (var letter = 0; letter < size.shape().vocabulary(); letter++) {
            letters.append((char) ('!' + letter));
        }
        return new JobSpec(
                "memory",
                new ModelSpec.Gpt(size.shape()),
                size.shape().tensors(),
                Tokenizer.Characters.of(letters.toString()),
                List.of(new ShardRef("0".repeat(64), 100_000)),
                AdamW.USUAL,
                size.micro(),
                size.micro(),
                new LearningRate(1e-3, 1e-3, 0, 1),
                OuterSettings.diLoCo(3, "int8"),
                1,
                1,
                false,
                JobSpec.Moments.KEPT);
    }

    private static long taken(Size size, EngineLibraries libraries)
            throws IOException, EngineException, InterruptedException {
        var folder = Files.createTempDirectory("engine-memory");
        var before =
                ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
        try (var engine = EngineProcess.start(
                libraries, folder, new EngineLimits(8L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE))) {
            engine.ask(new EngineCommand.Open(new ModelSpec.Gpt(size.shape()), AdamW.USUAL, false, 1), reply -> {});
            engine.ask(new EngineCommand.Initialise(1), reply -> {});
            var text = new int[100_000];
            for (var index = 0; index < text.length; index++) {
                text[index] = index % size.shape().vocabulary();
            }
            var tokens = Tokens.of(text).bytes();
            var bytes = new byte[tokens.remaining()];
            tokens.get(bytes);
            Files.write(folder.resolve("shard"), bytes);
            engine.ask(
                    new EngineCommand.Train(
                            "shard",
                            new Assignment(1, 0, "bench", Assignment.TRAINING),
                            0,
                            3,
                            size.micro(),
                            size.micro(),
                            new LearningRate(1e-3, 1e-3, 0, 1),
                            0,
                            1),
                    reply -> {});
            var peaks = new ArrayList<Long>();
            for (var process : ProcessHandle.current().descendants().toList()) {
                if (!before.contains(process.pid())) {
                    peaks.add(peak(process.pid()));
                }
            }
            return peaks.stream().mapToLong(Long::longValue).max().orElseThrow();
        }
    }

    /** Most bytes that were resident, by the kernel's VmHWM. */
    private static long peak(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return 0;
    }
}
