package org.athanor.training.engine;

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
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Tokens;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.model.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module scripted by a real PyTorch trains here, and PyTorch finds the same loss with the weights that come back. */
class TorchScriptTest {
    /** Debian's python3-torch belongs to Debian's own Python. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path SCRIPT = Path.of("src/test/python/export.py");
    private static final int CONTEXT = 16;
    private static final int VOCABULARY = 20;

    /** Two versions of libtorch, other kernels: sums of some hundred floats. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    @Test
    void pyTorchReadsBackWhatWasTrainedHere() throws Exception {
        assumeTrue(python("-c", "import torch").code() == 0, "PyTorch is not installed (Debian: python3-torch)");
        var module = folder.resolve("model.pt");
        assertEquals(0, python(SCRIPT.toString(), module.toString()).code());
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
            engine.ask(round(60), reply -> steps.add(((EngineReply.Step) reply).loss()));
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
        var text = new int[2000];
        Arrays.setAll(text, index -> (index * 3) % VOCABULARY);
        var tokens = Tokens.of(text).bytes();
        var bytes = new byte[tokens.remaining()];
        tokens.get(bytes);
        Files.write(folder.resolve("shard"), bytes);
    }

    private static EngineCommand round(int steps) {
        return new EngineCommand.Train(
                "shard",
                new Assignment(1, 0, "worker", Assignment.TRAINING),
                0,
                steps,
                8,
                8,
                new LearningRate(1e-2, 1e-3, 5, steps),
                0,
                1);
    }

    private float[] values(EngineProcess engine, EngineReply.Opened opened) throws Exception {
        engine.ask(new EngineCommand.Save("weights"), reply -> {});
        var floats = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("weights")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var values = new float[floats.remaining()];
        floats.get(values);
        assertEquals(opened.tensors().stream().mapToLong(TensorSpec::size).sum(), values.length);
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
