package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.model.TensorSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What PyTorch brings goes through a whole job and back; what is built in is read by it from its names and shapes. */
@Timeout(180)
class PyTorchTest {
    /** Two versions of libtorch, other kernels: scores are sums of some hundred floats, of a size of up to about 10. */
    private static final double TOLERANCE = 1e-4;

    private static final int CONTEXT = 24;

    @TempDir
    Path folder;

    private Path job;
    private Tokenizer tokenizer;

    @BeforeEach
    void write() throws IOException, InterruptedException {
        PyTorch.require();
        job = JobParts.smallJob(folder, 6, 15);
        tokenizer = Tokenizer.Characters.of(Files.readString(folder.resolve("diary.txt")));
    }

    private List<Integer> tokens(String text) {
        return Arrays.stream(tokenizer.encode(text)).boxed().toList();
    }

    private void moduleOf(int vocabulary) throws IOException, InterruptedException {
        PyTorch.run("module", folder.resolve("model.pt"), vocabulary);
    }

    private Set<String> namesIn(Path weights) throws IOException {
        try (var channel = FileChannel.open(weights)) {
            return Safetensors.read(channel).tensors().stream()
                    .map(TensorSpec::name)
                    .collect(Collectors.toSet());
        }
    }

    private void writeJob(String more) throws IOException {
        Files.writeString(job, """
                data: diary.txt
                rounds: 5
                model: {kind: torchscript, file: model.pt, context: %d}
                inner: {sequences: 8, rate: 1.0e-2, warmup: 5}
                outer: {steps: 15, up: int4, down: int4}
                round: {leastWorkers: 2}
                """.formatted(CONTEXT) + more);
    }

    @Test
    void aModuleGoesThroughAWholeJobAndPyTorchGivesTheSameScoresWithWhatComesBack() throws Exception {
        var module = folder.resolve("model.pt");
        moduleOf(tokenizer.vocabulary());
        writeJob("");
        var report = folder.resolve("report.json");
        var trained = TrainTest.athanor("train", job.toString(), "--report", report.toString());
        assertEquals(0, trained.code(), trained.error());
        var told = new ObjectMapper().readTree(report.toFile());
        assertEquals(2, told.path("workers").path("seen").asInt(), told.toString());
        // of all its 20 or so characters it knew none at first
        assertTrue(
                told.path("loss").path("validation").asDouble() < 0.6 * Math.log(tokenizer.vocabulary()),
                told.toString());

        var place = folder.resolve("job.training");
        var weights = folder.resolve("weights.safetensors");
        var exported = TrainTest.athanor("train", "export", place.toString(), "--safetensors", weights.toString());
        assertEquals(0, exported.code(), exported.error());
        assertStatisticsAreSuch(weights);

        var tokens = tokens("day 17: the room was 19 ");
        assertEquals(CONTEXT, tokens.size());
        var theirs = folder.resolve("theirs");
        PyTorch.run("scores", module, weights, PyTorch.text(tokens), theirs);
        var ours = PyTorch.ownScores(place, folder.resolve("engine"), tokens);
        assertEquals(CONTEXT * tokenizer.vocabulary(), ours.length);
        var difference = PyTorch.largestDifference(ours, PyTorch.floats(theirs));
        assertTrue(difference < TOLERANCE, "largest difference of a score: " + difference);

        var sample = TrainTest.athanor("sample", place.toString(), "--prompt", "day 1", "--tokens", "20");
        assertEquals(0, sample.code(), sample.error());
        assertTrue(
                sample.output().startsWith("day 1") && sample.output().strip().length() > 15, sample.output());
    }

    /** They begin at mean 0 and variance 1, far from what they are of. */
    private static void assertStatisticsAreSuch(Path weights) throws IOException {
        try (var channel = FileChannel.open(weights)) {
            var read = Safetensors.read(channel);
            var seen = 0;
            var offset = 0;
            for (var tensor : read.tensors()) {
                var end = offset + (int) tensor.size();
                var values = Arrays.copyOfRange(read.values(), offset, end);
                if (tensor.name().endsWith("running_var")) {
                    for (var value : values) {
                        assertTrue(value > 0 && Math.abs(value - 1) > 1e-4, tensor.name() + " holds " + value);
                    }
                    seen++;
                }
                offset = end;
            }
            assertEquals(2, seen);
        }
    }

    @Test
    void whatAModuleFreezesStaysInItAndNeitherTravelsNorChanges() throws Exception {
        var module = folder.resolve("model.pt");
        PyTorch.run("frozen", module, tokenizer.vocabulary());
        writeJob("");
        var trained = TrainTest.athanor("train", job.toString());
        assertEquals(0, trained.code(), trained.error());
        var place = folder.resolve("job.training");
        var weights = folder.resolve("weights.safetensors");
        TrainTest.athanor("train", "export", place.toString(), "--safetensors", weights.toString());
        var names = namesIn(weights);
        assertTrue(names.contains("out.weight") && names.contains("layers.0.norm.running_var"), names.toString());
        assertFalse(names.contains("embedding.weight") || names.contains("table"), names.toString());

        var tokens = tokens("day 17: the room was 19 ");
        var theirs = folder.resolve("theirs");
        PyTorch.run("scores", module, weights, PyTorch.text(tokens), theirs);
        var difference = PyTorch.largestDifference(
                PyTorch.ownScores(place, folder.resolve("engine"), tokens), PyTorch.floats(theirs));
        assertTrue(difference < TOLERANCE, "largest difference of a score: " + difference);
    }

    /** Nobody knows what a module takes before it has run: one machine has enough for it, the other has not. */
    @Test
    void aWorkerWithoutTheMemoryForAModuleSaysSoAndTheOtherFinishesTheJob() throws Exception {
        PyTorch.run("hungry", folder.resolve("model.pt"), tokenizer.vocabulary(), 1_200_000_000);
        writeJob("");
        Files.writeString(job, Files.readString(job).replace("leastWorkers: 2", "silenceSeconds: 5"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            parts.worker("small", 1L << 30);
            parts.await(Duration.ofSeconds(60), "reason", () -> !parts.stopped().isEmpty());
            var reason = parts.stopped().iterator().next();
            assertTrue(reason.startsWith("small: ") && reason.contains("may take 1024 MiB"), reason);
            assertEquals(1, reason.lines().count(), reason);
            assertEquals(Phase.RUNNING, parts.coordinator().state().phase());
            parts.worker("large");
            assertTrue(
                    parts.coordinator().awaitEnd(Duration.ofSeconds(90)),
                    parts.stopped().toString());
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            assertEquals(Set.of(reason), parts.stopped());
        }
    }

    /** It keeps something of every step, and so fills its memory in the middle of every third round or so. */
    @Test
    void whoseEngineRunsOutOfMemoryInTheMiddleOfARoundDoesThatRoundAgain() throws Exception {
        PyTorch.run("leaky", folder.resolve("model.pt"), tokenizer.vocabulary(), 16_000_000);
        writeJob("");
        Files.writeString(job, Files.readString(job).replace("leastWorkers: 2", "leastWorkers: 1"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            var worker = parts.worker("leaking", 1L << 30);
            var notes = new TreeSet<String>();
            parts.await(Duration.ofSeconds(90), "end of the job", () -> {
                var note = worker.status().note();
                if (note != null) {
                    notes.add(note);
                }
                return parts.coordinator().state().phase() != Phase.RUNNING;
            });
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            assertTrue(
                    notes.stream()
                            .anyMatch(
                                    note -> note.contains("the engine ran out of memory, of which it may take 1024 MiB")
                                            && note.endsWith("; the round is done again")),
                    notes.toString());
            assertEquals(
                    5 * parts.coordinator().spec().tokensOfRound(),
                    parts.coordinator().tokens());
            assertEquals(Set.of(), parts.stopped());
        }
    }

    @Test
    void strangersTrainAModuleWithBatchNormAndTheirReplaysAreRight() throws Exception {
        moduleOf(tokenizer.vocabulary());
        writeJob("trust: open\n");
        Files.writeString(job, Files.readString(job).replace("rounds: 5", "rounds: 2"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            parts.worker("first");
            parts.worker("second");
            assertTrue(
                    parts.coordinator().awaitEnd(Duration.ofSeconds(90)),
                    parts.stopped().toString());
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            for (var round : parts.coordinator().history()) {
                assertEquals(Map.of(), round.dropped());
            }
            assertEquals(2, parts.coordinator().standings().size());
            parts.coordinator().standings().forEach((worker, standing) -> assertEquals(2, standing.valid(), worker));
        }
    }

    @Test
    void aModuleThatDoesNotFitTheTextOrTheJobIsRefusedBeforeAnybodyWorks() throws Exception {
        moduleOf(5);
        writeJob("");
        var refused = TrainTest.athanor("train", job.toString());
        assertEquals(1, refused.code(), refused.output());
        assertTrue(refused.error().contains("the module failed: "), refused.error());
        assertTrue(refused.error().contains("index out of range"), refused.error());
        assertEquals(1, refused.error().strip().lines().count(), refused.error());
        assertFalse(Files.exists(folder.resolve("job.training/state.json")));

        moduleOf(tokenizer.vocabulary());
        Files.writeString(job, Files.readString(job).replace("up: int4", "fragments: 5, up: int4"));
        var parted = TrainTest.athanor("train", job.toString());
        assertEquals(1, parted.code(), parted.output());
        assertTrue(parted.error().contains("more fragments (5) than layers"), parted.error());
        assertEquals(1, parted.error().strip().lines().count(), parted.error());
    }

    /** Tokens of which the text has none may be drawn by nobody. */
    @Test
    void aModuleWithMoreTokensThanTheTextSamplesOnlyWhatTheTextHas() throws Exception {
        moduleOf(1000);
        writeJob("");
        Files.writeString(job, Files.readString(job).replace("rounds: 5", "rounds: 1"));
        Files.writeString(job, Files.readString(job).replace("round: {leastWorkers: 2}", "workers: 1"));
        var trained = TrainTest.athanor("train", job.toString());
        assertEquals(0, trained.code(), trained.error());
        assertFalse(trained.output().contains("times less"), "one alone is compared with nothing: " + trained.output());
        var sample = TrainTest.athanor(
                "sample", folder.resolve("job.training").toString(), "--prompt", "day", "--temperature", "3");
        assertEquals(0, sample.code(), sample.error());
        assertTrue(sample.output().strip().length() > 100, sample.output());
    }

    @Test
    void pyTorchBuildsTheBuiltInModelFromWhatIsExported() throws Exception {
        for (var bias : List.of(true, false)) {
            var place = folder.resolve("bias " + bias);
            Files.writeString(
                    job,
                    Files.readString(job)
                            .replaceFirst(
                                    "model: .*",
                                    "model: {layers: 2, heads: 4, width: 32, context: 24, bias: " + bias + "}")
                            .replaceFirst("rounds: .*", "rounds: 2"));
            var trained = TrainTest.athanor("train", job.toString(), "--folder", place.toString());
            assertEquals(0, trained.code(), trained.error());
            var weights = folder.resolve("gpt.safetensors");
            TrainTest.athanor("train", "export", place.toString(), "--safetensors", weights.toString());
            var tokens = tokens("day 17: the room was 19 ");
            var theirs = folder.resolve("theirs");
            PyTorch.run("gpt", 4, weights, PyTorch.text(tokens), theirs);
            var ours = PyTorch.ownScores(place, folder.resolve("engine " + bias), tokens);
            var difference = PyTorch.largestDifference(ours, PyTorch.floats(theirs));
            assertTrue(difference < TOLERANCE, "largest difference of a score: " + difference);
        }
    }
}
