package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Tokens;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module scripted by a real PyTorch trains here, and PyTorch finds the same loss with the weights that come back. */
class TorchScriptTest {
    /** Debian's python3-torch belongs to Debian's own Python. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path SCRIPT = Path.of("src/test/python/export.py");
    private static final int CONTEXT = 16;
    private static final int VOCABULARY = 20;

    /** Two versions of libtorch, other kernels: sums of some hundred floats. */
    private static final double TOLERANCE = 1e-5;

    /** Nats; of the distance that the weights went in some steps. */
    private static final double STEP_TOLERANCE = 1e-4;

    private static final double CHANGE_TOLERANCE = 1e-3;
    private static final int TEXT = 2000;
    private static final Assignment ASSIGNMENT = new Assignment(1, 0, "worker", Assignment.TRAINING);

    @TempDir
    Path folder;

    @Test
    void pyTorchReadsBackWhatWasTrainedHere() throws Exception {
        var module = module(0.1);
        var spec = new ModelSpec.TorchScript("model.pt", Files.size(module), CONTEXT, VOCABULARY);
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
        var limits = new EngineLimits(1L << 30, 1, EngineLimits.Isolation.REQUIRED);
        try (var engine = EngineProcess.start(libraries, folder, limits)) {
            assertTrue(engine.isolated(), "a stranger's module runs behind the sandbox");
            var opened =
                    (EngineReply.Opened) engine.ask(new EngineCommand.Open(spec, AdamW.USUAL, false, 1), reply -> {});
            var names = opened.tensors().stream().map(TensorSpec::name).toList();
            assertTrue(names.contains("norm.running_var"), names.toString());
            assertFalse(names.contains("out.weight"), "tied weights are one tensor: " + names);
            text();
            var before = values(engine, opened);
            var steps = new ArrayList<Double>();
            engine.ask(round(60, 1), reply -> steps.add(((EngineReply.Step) reply).loss()));
            assertTrue(steps.getLast() < 0.6 * steps.getFirst(), steps.getFirst() + " to " + steps.getLast());
            var after = values(engine, opened);
            assertNotEquals(
                    tensor(before, opened, "norm.running_var"),
                    tensor(after, opened, "norm.running_var"),
                    "batch norm was in training mode");
            var starts = List.of(0, 7, 100, 333);
            var here = (EngineReply.Evaluated) engine.ask(new EngineCommand.Evaluate("shard", starts, 4), reply -> {});
            var again = (EngineReply.Evaluated) engine.ask(new EngineCommand.Evaluate("shard", starts, 4), reply -> {});
            assertEquals(here.loss(), again.loss(), "nothing is left out in evaluation mode");
            var there = inPyTorch(module, opened, after, starts);
            assertEquals(there, here.loss(), TOLERANCE * (1 + there));
        }
    }

    private Path module(double dropout) throws IOException, InterruptedException {
        var module = folder.resolve("model.pt");
        write(module.toString(), Double.toString(dropout));
        return module;
    }

    private Path odd(String kind) throws IOException, InterruptedException {
        var module = folder.resolve("model.pt");
        write("odd", kind, module.toString());
        return module;
    }

    private static void write(String... arguments) throws IOException, InterruptedException {
        assumeTrue(python("-c", "import torch").code() == 0, "PyTorch is not installed (Debian: python3-torch)");
        var words = new ArrayList<>(List.of(SCRIPT.toString()));
        words.addAll(List.of(arguments));
        var written = python(words.toArray(String[]::new));
        assertEquals(0, written.code(), written.output());
    }

    private record Open(EngineProcess engine, EngineReply.Opened opened) implements AutoCloseable {
        @Override
        public void close() {
            engine.close();
        }
    }

    private Open open(Path module) throws Exception {
        text();
        var spec = new ModelSpec.TorchScript("model.pt", Files.size(module), CONTEXT, VOCABULARY);
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
        var engine =
                EngineProcess.start(libraries, folder, new EngineLimits(1L << 30, 1, EngineLimits.Isolation.REQUIRED));
        try {
            return new Open(engine, (EngineReply.Opened)
                    engine.ask(new EngineCommand.Open(spec, AdamW.USUAL, false, 1), reply -> {}));
        } catch (EngineException refused) {
            engine.close();
            throw refused;
        }
    }

    private static List<Double> train(EngineProcess engine, int steps, long seed) throws Exception {
        var losses = new ArrayList<Double>();
        engine.ask(round(steps, seed), reply -> losses.add(((EngineReply.Step) reply).loss()));
        return losses;
    }

    private static void startAgain(EngineProcess engine, float[] weights) throws Exception {
        engine.load(weights);
        engine.ask(new EngineCommand.RestartMoments(), reply -> {});
    }

    @Test
    void dropoutAndBatchNormAreInTrainingModeWhileItTrainsAndOnlyThen() throws Exception {
        try (var open = open(module(0.3))) {
            var engine = open.engine();
            var before = values(engine, open.opened());
            var evaluate = new EngineCommand.Evaluate("shard", List.of(0, 7, 100, 333), 4);
            var first = engine.ask(evaluate, reply -> {});
            assertEquals(first, engine.ask(evaluate, reply -> {}), "nothing is left out in evaluation mode");
            assertArrayEquals(before, values(engine, open.opened()), "evaluation changes no statistic");

            var once = train(engine, 1, 1);
            var after = values(engine, open.opened());
            for (var statistic : List.of("norm.running_mean", "norm.running_var")) {
                assertNotEquals(tensor(before, open.opened(), statistic), tensor(after, open.opened(), statistic));
            }
            startAgain(engine, before);
            assertEquals(once, train(engine, 1, 1), "of the same batch with the same seed");
            assertArrayEquals(after, values(engine, open.opened()));
            startAgain(engine, before);
            assertNotEquals(once, train(engine, 1, 2), "of the same batch with another seed other values are left out");

            var trained = values(engine, open.opened());
            assertEquals(engine.ask(evaluate, reply -> {}), engine.ask(evaluate, reply -> {}), "after training, too");
            assertArrayEquals(trained, values(engine, open.opened()));
        }
    }

    /** libtorch would compile a module after its first runs, and round otherwise from then on. */
    @Test
    void aRoundIsTheSameHoweverOftenTheModuleHasRun() throws Exception {
        try (var open = open(module(0.3))) {
            var engine = open.engine();
            var before = values(engine, open.opened());
            var losses = train(engine, 6, 1);
            var after = values(engine, open.opened());
            for (var again = 0; again < 2; again++) {
                startAgain(engine, before);
                assertEquals(losses, train(engine, 6, 1));
                assertArrayEquals(after, values(engine, open.opened()));
            }
        }
    }

    /** A worker's engine only trains; one that examines it has evaluated before, and done other workers' rounds. */
    @ParameterizedTest
    @ValueSource(strings = {"mixed", "masked", "counting"})
    void aRoundIsTheSameWhateverTheEngineDidBefore(String kind) throws Exception {
        var module = odd(kind);
        float[] before;
        List<Double> losses;
        float[] after;
        try (var fresh = open(module)) {
            before = values(fresh.engine(), fresh.opened());
            losses = train(fresh.engine(), 4, 1);
            after = values(fresh.engine(), fresh.opened());
        }
        try (var other = open(module)) {
            var engine = other.engine();
            engine.ask(new EngineCommand.Evaluate("shard", List.of(0, 7, 100, 333), 4), reply -> {});
            train(engine, 3, 2);
            startAgain(engine, before);
            assertEquals(losses, train(engine, 4, 1));
            assertArrayEquals(after, values(engine, other.opened()));
        }
    }

    @Test
    void aMaskOfInfinitiesStaysInTheModule() throws Exception {
        try (var open = open(odd("masked"))) {
            var names = open.opened().tensors().stream().map(TensorSpec::name).toList();
            assertTrue(names.contains("norm.running_var"), names.toString());
            assertFalse(names.contains("mask"), names.toString());
        }
    }

    @Test
    void aBufferThatGetsAnotherTensorIsRefusedByName() throws Exception {
        try (var open = open(odd("moving"))) {
            var refusal = assertThrows(EngineException.class, () -> train(open.engine(), 1, 1));
            assertEquals(EngineException.Kind.REFUSED, refusal.kind());
            assertTrue(
                    refusal.getMessage().contains("the module gives its buffer ema another tensor"),
                    refusal.getMessage());
        }
    }

    @Test
    void weightsThatShareMemoryOtherwiseThanWholeAreRefusedByName() throws Exception {
        var module = odd("turned");
        var refusal = assertThrows(EngineException.class, () -> open(module));
        assertEquals(EngineException.Kind.REFUSED, refusal.kind());
        assertTrue(
                refusal.getMessage().contains("second.weight shares the memory of first.weight"), refusal.getMessage());
    }

    @Test
    void stepsAreThoseOfPyTorchsOwnAdamW() throws Exception {
        var steps = 8;
        var module = module(0);
        try (var open = open(module)) {
            var before = values(open.engine(), open.opened());
            var losses = train(open.engine(), steps, 1);
            var after = values(open.engine(), open.opened());

            var starts = new ArrayList<String>();
            var rates = new ArrayList<String>();
            for (var step = 0; step < steps; step++) {
                var ofStep = ASSIGNMENT.starts(step, 8, CONTEXT, TEXT);
                starts.add(Arrays.stream(ofStep).mapToObj(String::valueOf).collect(Collectors.joining(",")));
                rates.add(Double.toString(rate(steps).at(step)));
            }
            var names = open.opened().tensors().stream().map(TensorSpec::name).toList();
            var out = folder.resolve("theirs");
            var ran = python(
                    SCRIPT.toString(),
                    "train",
                    module.toString(),
                    folder.resolve("shard").toString(),
                    String.join(";", starts),
                    String.join(",", rates),
                    Integer.toString(CONTEXT),
                    out.toString(),
                    String.join(",", names));
            assertEquals(0, ran.code(), ran.output());
            var told = ran.output().substring(ran.output().indexOf("LOSSES ") + "LOSSES ".length());
            var theirs = JsonMapper.builder().build().readTree(told);
            for (var step = 0; step < steps; step++) {
                assertEquals(theirs.get(step).asDouble(), losses.get(step), STEP_TOLERANCE, "loss of step " + step);
            }
            var share = distance(floats(out), after) / distance(before, after);
            assertTrue(share < CHANGE_TOLERANCE, "PyTorch's weights are off by " + share + " of the change");
        }
    }

    private static double distance(float[] first, float[] second) {
        assertEquals(first.length, second.length);
        double sum = 0;
        for (var index = 0; index < first.length; index++) {
            sum += Math.pow((double) first[index] - second[index], 2);
        }
        return Math.sqrt(sum);
    }

    @Test
    void whatIsNoModuleIsRefused() throws Exception {
        Files.writeString(folder.resolve("model.pt"), "no module");
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
        var limits = new EngineLimits(1L << 30, 1, EngineLimits.Isolation.REQUIRED);
        try (var engine = EngineProcess.start(libraries, folder, limits)) {
            var open = new EngineCommand.Open(
                    new ModelSpec.TorchScript("model.pt", 9, CONTEXT, VOCABULARY), AdamW.USUAL, false, 1);
            var refusal = assertThrows(EngineException.class, () -> engine.ask(open, reply -> {}));
            assertEquals(EngineException.Kind.REFUSED, refusal.kind());
        }
    }

    private void text() throws IOException {
        var text = new int[TEXT];
        Arrays.setAll(text, index -> (index * 3) % VOCABULARY);
        var tokens = Tokens.of(text).bytes();
        var bytes = new byte[tokens.remaining()];
        tokens.get(bytes);
        Files.write(folder.resolve("shard"), bytes);
    }

    private static LearningRate rate(int steps) {
        return new LearningRate(1e-2, 1e-3, Math.min(5, steps), steps);
    }

    private static EngineCommand round(int steps, long seed) {
        return new EngineCommand.Train("shard", ASSIGNMENT, 0, steps, 8, 8, rate(steps), 0, seed);
    }

    private float[] values(EngineProcess engine, EngineReply.Opened opened) throws Exception {
        engine.ask(new EngineCommand.Save("weights"), reply -> {});
        var values = floats(folder.resolve("weights"));
        assertEquals(opened.tensors().stream().mapToLong(TensorSpec::size).sum(), values.length);
        return values;
    }

    private static float[] floats(Path file) throws IOException {
        var floats = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    private static List<Float> tensor(float[] values, EngineReply.Opened opened, String name) {
        var offset = 0;
        for (var tensor : opened.tensors()) {
            if (tensor.name().equals(name)) {
                var found = new ArrayList<Float>();
                for (var index = 0; index < tensor.size(); index++) {
                    found.add(values[offset + index]);
                }
                return found;
            }
            offset += (int) tensor.size();
        }
        throw new AssertionError("no tensor " + name);
    }

    private double inPyTorch(Path module, EngineReply.Opened opened, float[] values, List<Integer> starts)
            throws Exception {
        var file = folder.resolve("weights.safetensors");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            new Safetensors(opened.tensors(), Map.of("format", "pt"), values).write(channel);
        }
        var list = String.join(",", starts.stream().map(String::valueOf).toList());
        var ran = python(
                SCRIPT.toString(),
                module.toString(),
                file.toString(),
                folder.resolve("shard").toString(),
                list,
                Integer.toString(CONTEXT));
        assertEquals(0, ran.code(), ran.output());
        return JsonMapper.builder().build().readTree(ran.output()).path("loss").asDouble();
    }

    private record Ran(int code, String output) {}

    private static Ran python(String... arguments) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(PYTHON));
        words.addAll(List.of(arguments));
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
