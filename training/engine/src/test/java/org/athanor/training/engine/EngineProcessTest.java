package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Tokens;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real libtorch in a real child process; the text counts upwards, which a model of two layers soon has learned. */
class EngineProcessTest {
    private static final GptShape SHAPE = new GptShape(2, 2, 32, 16, 20, false, 0);
    private static final LearningRate RATE = new LearningRate(1e-2, 1e-3, 5, 100);
    private static final EngineLimits LIMITS = new EngineLimits(1L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
    private static final Set<String> ENVIRONMENT =
            Set.of("PATH", "PWD", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "MALLOC_ARENA_MAX", "LANG");
    private static final Assignment ASSIGNMENT = new Assignment(1, 0, "worker", Assignment.TRAINING);
    private static EngineLibraries libraries;

    @TempDir
    Path folder;

    @BeforeAll
    static void fetch() throws EngineException, InterruptedException {
        libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
    }

    @Test
    void learnsToCount() throws EngineException, InterruptedException, IOException {
        try (var engine = open(LIMITS)) {
            var steps = new ArrayList<EngineReply>();
            var trained = (EngineReply.Trained) engine.ask(round(0, 100), steps::add);
            assertEquals(100, trained.nextStep());
            assertEquals(100, steps.size());
            var first = ((EngineReply.Step) steps.getFirst()).loss();
            var last = ((EngineReply.Step) steps.getLast()).loss();
            assertTrue(first > 2.8 && first < 3.2, "a fresh model knows nothing: log(20) = 3.0, but " + first);
            assertTrue(last < 0.5, "loss after 100 steps: " + last);
            var evaluated = (EngineReply.Evaluated)
                    engine.ask(new EngineCommand.Evaluate("shard", List.of(0, 20, 40), 2), reply -> {});
            assertTrue(evaluated.loss() < 0.5, evaluated.toString());
            var sample = new ArrayList<Integer>();
            engine.ask(
                    new EngineCommand.Sample(List.of(3, 4, 5, 6, 7, 8), 6, 0, 0, 1),
                    reply -> sample.add(((EngineReply.Token) reply).token()));
            assertEquals(List.of(9, 10, 11, 12, 13, 14), sample);
        }
    }

    /** What does not fit into memory at once is added up: the same step but for how sums are rounded. */
    @Test
    void gradientsAreAddedUpOverMicroBatches() throws EngineException, InterruptedException, IOException {
        var weights = new ArrayList<float[]>();
        try (var engine = open(LIMITS)) {
            var fresh = new float[Math.toIntExact(SHAPE.parameters())];
            engine.save(fresh);
            weights.add(fresh);
            for (var microBatch : List.of(8, 4, 1)) {
                engine.load(fresh);
                engine.ask(new EngineCommand.RestartMoments(), reply -> {});
                var step = new EngineCommand.Train("shard", ASSIGNMENT, 0, 3, 8, microBatch, RATE, 0, 1);
                engine.ask(step, reply -> {});
                var after = fresh.clone();
                engine.save(after);
                weights.add(after);
            }
        }
        var change = distance(weights.get(0), weights.get(1));
        assertTrue(change > 0.01, "three steps change something: " + change);
        assertTrue(distance(weights.get(1), weights.get(2)) < 1e-3 * change);
        assertTrue(distance(weights.get(1), weights.get(3)) < 1e-3 * change);
    }

    private static double distance(float[] first, float[] second) {
        double sum = 0;
        for (var index = 0; index < first.length; index++) {
            sum += Math.pow((double) first[index] - second[index], 2);
        }
        return Math.sqrt(sum);
    }

    /** Where the processor does not multiply in it, it is told, and steps are those of 32-bit floats. */
    @Test
    void learnsInBfloat16WhereTheProcessorHasItAndSaysSo() throws EngineException, InterruptedException, IOException {
        var losses = new java.util.HashMap<Boolean, List<Double>>();
        var has = false;
        for (var asked : List.of(false, true)) {
            try (var engine = EngineProcess.start(libraries, folder, LIMITS)) {
                var open = new EngineCommand.Open(new ModelSpec.Gpt(SHAPE), AdamW.USUAL, asked, 1);
                var opened = (EngineReply.Opened) engine.ask(open, reply -> {});
                has = opened.bfloat16();
                engine.ask(new EngineCommand.Initialise(7), reply -> {});
                writeShard();
                var steps = new ArrayList<Double>();
                engine.ask(round(0, 60), reply -> steps.add(((EngineReply.Step) reply).loss()));
                assertTrue(steps.getLast() < 0.4 * steps.getFirst(), asked + ": " + steps);
                losses.put(asked, steps);
            }
        }
        var processor = Files.readString(Path.of("/proc/cpuinfo"));
        assertEquals(processor.contains("avx512_bf16") || processor.contains("amx_bf16"), has);
        assertEquals(has, !losses.get(false).equals(losses.get(true)), losses.toString());
        assertEquals(losses.get(false).getFirst(), losses.get(true).getFirst(), 0.01);
    }

    @Test
    void resumesARoundAsIfNothingHadBeen() throws EngineException, InterruptedException, IOException {
        byte[] whole;
        try (var engine = open(LIMITS)) {
            engine.ask(round(0, 12), reply -> {});
            engine.ask(new EngineCommand.Save("weights"), reply -> {});
            whole = Files.readAllBytes(folder.resolve("weights"));
        }
        try (var engine = open(LIMITS)) {
            var half = (EngineReply.Trained) engine.ask(round(0, 7), reply -> {});
            engine.ask(new EngineCommand.Save("half"), reply -> {});
            engine.ask(new EngineCommand.SaveMoments("moments"), reply -> {});
            engine.ask(round(7, 30), reply -> {}); // is lost when the process dies
            engine.kill();
            try (var next = open(LIMITS)) {
                next.ask(new EngineCommand.Load("half"), reply -> {});
                next.ask(new EngineCommand.LoadMoments("moments", half.momentSteps()), reply -> {});
                next.ask(round(7, 12), reply -> {});
                next.ask(new EngineCommand.Save("weights"), reply -> {});
            }
        }
        var resumed = Files.readAllBytes(folder.resolve("weights"));
        assertEquals(SHAPE.parameters() * Float.BYTES, resumed.length);
        assertEquals(
                java.util.HexFormat.of().formatHex(whole),
                java.util.HexFormat.of().formatHex(resumed));
    }

    @Test
    void isFrozenInTheMiddleOfAStepAndHaltsAtItsEnd() throws Exception {
        try (var engine = open(LIMITS)) {
            var seen = new java.util.concurrent.LinkedBlockingQueue<EngineReply>();
            var round = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return engine.ask(round(0, 1_000_000), seen::add);
                } catch (EngineException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            seen.take();
            engine.freeze();
            Thread.sleep(200); // what was said before the signal arrives
            seen.clear();
            Thread.sleep(500);
            assertTrue(seen.isEmpty(), "a frozen engine does no step");
            engine.thaw();
            seen.take();
            engine.tell(new EngineCommand.Halt());
            var trained = (EngineReply.Trained) round.get(30, java.util.concurrent.TimeUnit.SECONDS);
            assertTrue(trained.nextStep() > 0 && trained.nextStep() < 1_000_000);
        }
    }

    @Test
    void refusesWhatCannotBeAndGoesOn() throws EngineException, InterruptedException, IOException {
        try (var engine = open(LIMITS)) {
            Files.write(folder.resolve("short"), new byte[12]);
            refused("short must have", engine, new EngineCommand.Load("short"));
            refused("there is no file", engine, new EngineCommand.Load("nothing"));
            refused("without a folder", engine, new EngineCommand.Save("../outside"));
            assertInstanceOf(EngineReply.Trained.class, engine.ask(round(0, 1), reply -> {}));
        }
    }

    private static void refused(String reason, EngineProcess engine, EngineCommand command) {
        var refusal = assertThrows(EngineException.class, () -> engine.ask(command, reply -> {}));
        assertEquals(EngineException.Kind.REFUSED, refusal.kind());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    @Test
    void runningOutOfMemoryIsAReasonAndHurtsNobody() throws EngineException, InterruptedException, IOException {
        var large = new GptShape(12, 12, 1536, 256, 5000, false, 0);
        try (var engine = EngineProcess.start(libraries, folder, LIMITS)) {
            var open = new EngineCommand.Open(new ModelSpec.Gpt(large), AdamW.USUAL, false, 1);
            var failed = assertThrows(EngineException.class, () -> engine.ask(open, reply -> {}));
            assertTrue(
                    failed.getMessage()
                            .startsWith("the engine ran out of memory, of which it may take "
                                    + (LIMITS.memoryBytes() >> 20) + " MiB: "),
                    failed.getMessage());
        }
    }

    /** The first process in a sandbox shows the environment in which the sandbox was made. */
    @Test
    void secretsOfThisProgramAreNotTheEngines() throws EngineException, InterruptedException, IOException {
        assertTrue(
                System.getenv().size() > 6,
                "this program has an environment: " + System.getenv().keySet());
        try (var engine = open(LIMITS)) {
            assertTrue(engine.alive());
            var seen = 0;
            for (var process : ProcessHandle.current().descendants().toList()) {
                var environment = Path.of("/proc/" + process.pid() + "/environ");
                if (!Files.exists(environment)) {
                    continue;
                }
                for (var entry : Files.readString(environment).split("\0", -1)) {
                    var name = entry.split("=", 2)[0];
                    assertTrue(name.isEmpty() || ENVIRONMENT.contains(name), process.pid() + " knows " + name);
                    seen++;
                }
            }
            assertTrue(seen > 3, "an engine has an environment");
        }
    }

    @Test
    void whoWantsNoSandboxGetsNoneAndItIsSeen() throws EngineException, InterruptedException, IOException {
        try (var shut = open(LIMITS)) {
            assertTrue(shut.isolated());
        }
        try (var open = open(new EngineLimits(1L << 30, 1, EngineLimits.Isolation.NONE))) {
            assertFalse(open.isolated());
            var around = ProcessHandle.current()
                    .descendants()
                    .map(process -> process.info().command().orElse(""))
                    .toList();
            assertTrue(around.stream().noneMatch(command -> command.endsWith("bwrap")), around.toString());
            open.ask(round(0, 1), reply -> {});
        }
    }

    /** A model may write files there, of any number and name. */
    @Test
    void whatFillsItsFolderIsEnded() throws EngineException, InterruptedException, IOException {
        try (var engine = open(LIMITS)) {
            engine.folderMayHold(EngineFiles.bytesIn(folder, Long.MAX_VALUE) + (8 << 20));
            engine.ask(round(0, 1), reply -> {});
            Files.createDirectories(folder.resolve("deep"));
            Files.write(folder.resolve("deep/one"), new byte[5 << 20]);
            Files.write(folder.resolve("two"), new byte[5 << 20]);
            var ended = assertThrows(EngineException.class, () -> engine.ask(round(0, 1_000_000), reply -> {}));
            assertTrue(ended.getMessage().contains("it was ended: its folder holds more than"), ended.getMessage());
            for (var waited = 0; engine.alive(); waited++) {
                assertTrue(waited < 200, "it lives");
                Thread.sleep(20);
            }
        }
    }

    @Test
    void whatFillsItsFolderWhileItIsAskedNothingIsEndedToo() throws EngineException, InterruptedException, IOException {
        try (var engine = open(LIMITS)) {
            engine.folderMayHold(EngineFiles.bytesIn(folder, Long.MAX_VALUE) + (8 << 20));
            Files.write(folder.resolve("one"), new byte[9 << 20]);
            for (var waited = 0; engine.alive(); waited++) {
                assertTrue(waited < 500, "it lives");
                Thread.sleep(20);
            }
        }
    }

    @Test
    void itsDeathIsNoticed() throws EngineException, InterruptedException, IOException {
        try (var engine = open(LIMITS)) {
            var seen = new java.util.concurrent.LinkedBlockingQueue<EngineReply>();
            var killer = Thread.ofVirtual().start(() -> {
                try {
                    seen.take();
                    engine.kill();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            var died = assertThrows(EngineException.class, () -> engine.ask(round(0, 1_000_000), seen::add));
            assertEquals(EngineException.Kind.DIED, died.kind());
            assertFalse(engine.alive());
            killer.join();
        }
    }

    private EngineProcess open(EngineLimits limits) throws EngineException, InterruptedException, IOException {
        var engine = EngineProcess.start(libraries, folder, limits);
        var opened = (EngineReply.Opened)
                engine.ask(new EngineCommand.Open(new ModelSpec.Gpt(SHAPE), AdamW.USUAL, false, 1), reply -> {});
        assertEquals(SHAPE.tensors(), opened.tensors());
        engine.ask(new EngineCommand.Initialise(7), reply -> {});
        writeShard();
        return engine;
    }

    private void writeShard() throws IOException {
        var text = new int[2000];
        java.util.Arrays.setAll(text, index -> index % SHAPE.vocabulary());
        var tokens = Tokens.of(text).bytes();
        var bytes = new byte[tokens.remaining()];
        tokens.get(bytes);
        Files.write(folder.resolve("shard"), bytes);
    }

    private static EngineCommand round(int from, int to) {
        return new EngineCommand.Train("shard", ASSIGNMENT, from, to, 8, 4, RATE, 0, 1);
    }
}
