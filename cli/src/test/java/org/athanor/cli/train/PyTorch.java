package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineProcess;

/** Another program that reads what was trained here: a real PyTorch, and the engine's own scores to hold against it. */
final class PyTorch {
    /** Debian's python3-torch belongs to Debian's own Python. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path SCRIPT = Path.of("src/test/python/models.py");

    private PyTorch() {}

    static void require() throws IOException, InterruptedException {
        var found = new ProcessBuilder(PYTHON, "-c", "import torch")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(found.waitFor() == 0, "PyTorch is not installed (Debian: python3-torch)");
    }

    static void run(Object... arguments) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(PYTHON, SCRIPT.toString()));
        for (var argument : arguments) {
            words.add(argument.toString());
        }
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    static String text(List<Integer> tokens) {
        return tokens.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** What the engine gives with the newest weights of a job. */
    static float[] ownScores(Path job, Path folder, List<Integer> tokens)
            throws IOException, EngineException, InterruptedException {
        var read = Checkpoints.read(job);
        Files.createDirectories(folder);
        Checkpoints.placeProgram(job, read.job(), folder);
        var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (name, bytes, ofAll) -> {});
        var limits = new EngineLimits(2L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
        try (var engine =
                EngineProcess.start(libraries, folder, limits.around(read.job().model()))) {
            engine.ask(new EngineCommand.Open(read.job().model(), read.job().optimiser(), false, 1), reply -> {});
            engine.load(read.weights().values());
            engine.ask(new EngineCommand.Scores(tokens, "scores"), reply -> {});
            return floats(folder.resolve("scores"));
        }
    }

    static float[] floats(Path file) throws IOException {
        var floats = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    static double largestDifference(float[] first, float[] second) {
        assertEquals(first.length, second.length);
        double largest = 0;
        for (var index = 0; index < first.length; index++) {
            var difference = Math.abs((double) first[index] - second[index]);
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }
}
