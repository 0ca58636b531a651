package org.athanor.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Tokens;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;

/**
 * The engine's inner loop beside a bare loop on libtorch ({@link BareLoop}), in turns, one thread each: width 128, 4 layers, context
 * 128, 16 sequences, in tokens a second of processor; and beside itself in bfloat16, with the losses of both. {@code bench/run
 * EngineBench [ROUNDS]}.
 */
public final class EngineBench {
    private static final GptShape SHAPE = new GptShape(4, 4, 128, 128, 96, false, 0);
    private static final int SEQUENCES = 16;
    private static final int STEPS = 20;

    private EngineBench() {}

    public static void main(String[] arguments) throws IOException, EngineException, InterruptedException {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
        var folder = Files.createTempDirectory("engine-bench");
        var limits = new EngineLimits(4L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
        var bare = bare(libraries);
        try (var engine = open(libraries, folder.resolve("float32"), limits, false);
                var short16 = open(libraries, folder.resolve("bfloat16"), limits, true)) {
            var ours = new ArrayList<Double>();
            var theirs = new ArrayList<Double>();
            var halves = new ArrayList<Double>();
            System.out.printf(
                    "%-6s %14s %14s %8s %14s %10s %14s%n",
                    "round", "engine", "bare loop", "ratio", "bfloat16", "loss", "loss bfloat16");
            for (var round = 0; round <= rounds; round++) {
                var here = engine(engine, round);
                var there = bare(bare);
                var half = engine(short16, round);
                if (round == 0) {
                    continue; // all warm up
                }
                ours.add(here.rate());
                theirs.add(there);
                halves.add(half.rate());
                System.out.printf(
                        Locale.ROOT,
                        "%-6d %14.0f %14.0f %8.3f %14.0f %10.4f %14.4f%n",
                        round,
                        here.rate(),
                        there,
                        here.rate() / there,
                        half.rate(),
                        here.loss(),
                        half.loss());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-6s %14.0f %14.0f %8.3f %14.0f%n",
                    "median",
                    median(ours),
                    median(theirs),
                    median(ours) / median(theirs),
                    median(halves));
        } finally {
            bare.destroy();
        }
    }

    private static EngineProcess open(EngineLibraries libraries, Path folder, EngineLimits limits, boolean bfloat16)
            throws IOException, EngineException, InterruptedException {
        var engine = EngineProcess.start(libraries, Files.createDirectories(folder), limits);
        engine.ask(new EngineCommand.Open(new ModelSpec.Gpt(SHAPE), AdamW.USUAL, bfloat16, 1), reply -> {});
        engine.ask(new EngineCommand.Initialise(1), reply -> {});
        text(folder);
        return engine;
    }

    /**
     * @param rate tokens a second of processor
     * @param loss of the last step
     */
    private record Speed(double rate, double loss) {}

    private static void text(Path folder) throws IOException {
        var text = new int[100_000];
        var random = new Random(1);
        Arrays.setAll(text, index -> random.nextInt(4) == 0 ? random.nextInt(96) : index % SHAPE.vocabulary());
        var tokens = Tokens.of(text).bytes();
        var bytes = new byte[tokens.remaining()];
        tokens.get(bytes);
        Files.write(folder.resolve("shard"), bytes);
    }

    private static Speed engine(EngineProcess engine, int round) throws EngineException, InterruptedException {
        var losses = new ArrayList<Double>();
        var trained = (EngineReply.Trained) engine.ask(
                new EngineCommand.Train(
                        "shard",
                        new Assignment(1, round, "bench", Assignment.TRAINING),
                        0,
                        STEPS,
                        SEQUENCES,
                        SEQUENCES,
                        new LearningRate(1e-3, 1e-3, 0, 1),
                        0,
                        1),
                reply -> losses.add(((EngineReply.Step) reply).loss()));
        return new Speed((double) STEPS * SEQUENCES * SHAPE.context() / trained.cpuSeconds(), losses.getLast());
    }

    private static Process bare(EngineLibraries libraries) throws IOException {
        var place = System.getProperty("java.class.path");
        var jars = libraries.jars().stream().map(Path::toString).toList();
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.bytedeco.javacpp.cachedir=" + libraries.natives(),
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        place + File.pathSeparator + String.join(File.pathSeparator, jars),
                        "org.athanor.bench.BareLoop"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        builder.environment().put("GOMP_SPINCOUNT", "0");
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        return builder.start();
    }

    private static double bare(Process process) throws IOException {
        var out = process.outputWriter(StandardCharsets.UTF_8);
        out.write(STEPS + "\n");
        out.flush();
        return Double.parseDouble(process.inputReader(StandardCharsets.UTF_8).readLine());
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
