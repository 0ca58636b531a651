package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.athanor.cli.Child;
import org.athanor.cli.Main;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.Unfinished;
import org.athanor.training.checkpoint.Safetensors;
import org.athanor.training.data.Tokens;
import org.athanor.training.mailbox.Messages.Phase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Small jobs from their file to their checkpoint, with real engines, undisturbed and not. */
@Timeout(180)
class TrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    record Outcome(int code, String output, String error) {}

    static Outcome athanor(String... arguments) {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = new CommandLine(new Main())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(error))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
        return new Outcome(code, output.toString(), error.toString());
    }

    private Path job;

    @BeforeEach
    void write() throws IOException {
        job = JobParts.smallJob(folder, 6, 15);
    }

    @Test
    void aJobLearnsWithFewBytesAndLeavesWhatOthersRead() throws Exception {
        Files.writeString(job, Files.readString(job) + "encrypt: true\nround: {leastWorkers: 2}\n");
        var report = folder.resolve("report.json");
        // not 127.0.0.1: workers of this computer dial where it listens
        var trained = athanor("train", job.toString(), "--listen", "127.0.0.2:0", "--report", report.toString());
        assertEquals(0, trained.code, trained.error);
        var told = new ObjectMapper().readTree(report.toFile());
        assertTrue(told.path("done").asBoolean(), told.toString());
        assertEquals(6, told.path("rounds").asInt());
        assertEquals(6 * 2 * 15 * 8 * 32, told.path("tokens").asInt());
        assertEquals(2, told.path("workers").path("seen").asInt());
        for (var key : List.of("tokensPerCpuSecond", "bytes.dataParallelFp32", "energy.cpuSeconds", "bytes.dataset")) {
            JsonNode value = told.at("/" + key.replace('.', '/'));
            assertTrue(value.asDouble() > 0, key + " in " + told);
        }
        var losses = new ArrayList<Double>();
        for (var line : Files.readAllLines(folder.resolve("job.training/rounds.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).path("loss").asDouble());
        }
        assertTrue(losses.getFirst() > 2, losses.toString());
        assertTrue(told.path("loss").path("train").asDouble() < losses.getFirst() - 0.5, told.toString());
        assertTrue(told.path("loss").path("validation").asDouble() < losses.getFirst() - 0.5, told.toString());
        var moved = told.path("bytes").path("up").asDouble()
                + told.path("bytes").path("down").asDouble();
        assertTrue(told.path("bytes").path("dataParallelFp32").asDouble() > 25 * moved, told.toString());

        assertHoldNothing(folder.resolve("job.training/objects"), "day");
        assertHoldNothing(folder.resolve("job.training/workers"), "day");

        var sample =
                athanor("sample", folder.resolve("job.training").toString(), "--prompt", "day 1", "--tokens", "20");
        assertEquals(0, sample.code, sample.error);
        assertTrue(sample.output.startsWith("day 1") && sample.output.strip().length() > 15, sample.output);
        var weights = folder.resolve("weights.safetensors");
        assertEquals(
                0,
                athanor(
                                "train",
                                "export",
                                folder.resolve("job.training").toString(),
                                "--safetensors",
                                weights.toString())
                        .code);
        try (var channel = FileChannel.open(weights)) {
            assertEquals(
                    told.path("parameters").asInt(), Safetensors.read(channel).values().length);
        }
        Files.writeString(job, Files.readString(job).replace("leastWorkers: 2", "leastWorkers: 1"));
        var again = athanor("train", job.toString(), "--workers", "1");
        assertEquals(0, again.code, again.error);
        assertTrue(again.output.contains("The job is done: 6 rounds."), again.output);
        Files.writeString(folder.resolve("diary.txt"), Files.readString(folder.resolve("diary.txt")) + "day 401");
        var changed = athanor("train", job.toString());
        assertEquals(1, changed.code, changed.output);
        assertTrue(changed.error.contains("not the text that the job began with, from line 1 of "), changed.error);
        Files.writeString(
                folder.resolve("diary.txt"),
                Files.readString(folder.resolve("diary.txt")).replace("day 401", ""));

        damage(folder.resolve("job.training/objects"));
        var damaged = athanor("train", job.toString());
        assertEquals(1, damaged.code, damaged.output);
        assertEquals(1, damaged.error.strip().lines().count(), damaged.error);
        assertTrue(damaged.error.contains("is damaged"), damaged.error);

        assertEquals(List.of(), Folders.delete(folder.resolve("job.training")), "all of it is a job's own");
        assertFalse(Files.exists(folder.resolve("job.training")));
    }

    /** Killed before there is a job, the same command gets on, and so does one that says otherwise. */
    @Test
    void whoIsKilledWhileHeMakesAJobBeginsItAgain() throws Exception {
        var place = folder.resolve("job.training");
        var plain = Files.readString(job).replace("rounds: 6", "rounds: 1");
        Files.writeString(job, plain + "encrypt: true\n");
        try (var program = Child.start(Main.class, "train", job.toString())) {
            for (var waited = 0; !Files.exists(place.resolve("validation.tokens")); waited++) {
                assertTrue(waited < PATIENCE.toMillis() / 5, "it makes a job");
                Thread.sleep(5);
            }
            program.kill();
        }
        assertFalse(Files.exists(place.resolve("state.json")), "it was killed too late for this test");
        assertTrue(Files.exists(place.resolve("data.key")));
        Files.writeString(place.resolve("thesis.txt"), "all of it");
        var other = folder.resolve("other.training");
        copy(place, other);
        var before = objects(place);
        assertFalse(before.isEmpty());

        Files.writeString(job, plain);
        var again = athanor("train", job.toString());
        assertEquals(0, again.code, again.error);
        assertEquals("all of it", Files.readString(place.resolve("thesis.txt")));
        assertFalse(Files.exists(place.resolve("data.key")), "it is the key of a job that never was");
        assertTrue(Collections.disjoint(before, objects(place)), "nobody reads what was encrypted for that");
        assertFalse(Files.exists(place.resolve(Unfinished.FILE)));

        var fresh = athanor("train", job.toString(), "--folder", other.toString(), "--fresh");
        assertEquals(0, fresh.code, fresh.error);
        assertEquals("all of it", Files.readString(other.resolve("thesis.txt")));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private static Set<String> objects(Path place) throws IOException {
        try (var all = Files.walk(place.resolve("objects"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }

    /** A joiner of a large dataset must not wait for all of it. */
    @Test
    void aWorkerFetchesTheShardThatItsRoundReads() throws Exception {
        var diary = folder.resolve("diary.txt");
        Files.writeString(diary, Files.readString(diary).repeat(1 + (5 << 20) / (int) Files.size(diary)));
        job = Files.writeString(job, Files.readString(job).replace("rounds: 6", "rounds: 1"));
        var report = folder.resolve("report.json");
        var trained = athanor("train", job.toString(), "--workers", "1", "--report", report.toString());
        assertEquals(0, trained.code, trained.error);
        var spec = Coordinator.find(folder.resolve("job.training")).orElseThrow();
        assertTrue(spec.shards().size() >= 4, spec.shards().size() + " shards");
        try (var files = Files.walk(folder.resolve("job.training/workers"))) {
            var shards = files.filter(file -> file.getFileName().toString().startsWith("shard-"))
                    .toList();
            assertEquals(1, shards.size(), shards.toString());
            var fetched = new ObjectMapper().readTree(report.toFile()).at("/bytes/dataset");
            var shard = Files.size(shards.getFirst());
            assertTrue(fetched.asLong() >= shard && fetched.asLong() < 1.01 * shard, fetched + " of " + shard);
        }
    }

    /** Tokens of the text are two bytes each, so it is looked for as such. */
    private void assertHoldNothing(Path place, String word) throws IOException {
        var tokenizer =
                Coordinator.find(folder.resolve("job.training")).orElseThrow().tokenizer();
        var bytes = new byte[2 * word.length()];
        Tokens.of(tokenizer.encode(word)).bytes().get(bytes);
        var row = new String(bytes, StandardCharsets.ISO_8859_1);
        try (var files = Files.walk(place)) {
            var shards = files.filter(Files::isRegularFile).toList();
            assertFalse(shards.isEmpty());
            for (var file : shards) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(row), file.toString());
            }
        }
    }

    /** A bit in the middle of the largest object turns over. */
    private static void damage(Path objects) throws IOException {
        try (var files = Files.walk(objects)) {
            var largest = files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
            var bytes = Files.readAllBytes(largest);
            bytes[bytes.length / 2] ^= 4;
            Files.write(largest, bytes);
        }
    }

    @Test
    void aJobThatNoMachineHoldsIsRefusedBeforeItCosts() throws IOException {
        Files.writeString(
                job, "data: diary.txt\nmodel: {layers: 100, width: 512, context: 1024}\ninner: {sequences: 65536}\n");
        var refused = athanor("train", job.toString());
        assertEquals(1, refused.code);
        assertTrue(refused.error.contains("this computer cannot hold the job: about"), refused.error);
        assertTrue(refused.error.contains("a smaller inner.microBatch"), refused.error);
        assertFalse(Files.exists(folder.resolve("job.training")));
    }

    @Test
    void aJobOfStrangersWhoseLinesAreTooSlowForItIsRefusedBeforeItCosts() throws IOException {
        Files.writeString(
                job,
                "data: diary.txt\ntrust: open\nmodel: {layers: 4, width: 256, context: 64}\nround: {deadlineSeconds: 15}\n");
        var refused = athanor("train", job.toString());
        assertEquals(1, refused.code);
        assertTrue(refused.error.contains("round.deadlineSeconds must be at least 21 where strangers"), refused.error);
        assertFalse(Files.exists(folder.resolve("job.training")));
    }

    /** What its file holds is taken for floats before it has been opened: nothing is fetched or started for it. */
    @Test
    void aModuleThatNoMachineHoldsIsRefusedByTheSizeOfItsFile() throws IOException {
        try (var module = new RandomAccessFile(folder.resolve("model.pt").toFile(), "rw")) {
            module.setLength(64 << 20);
        }
        Files.writeString(job, "data: diary.txt\nmodel: {kind: torchscript, file: model.pt}\n");
        var refused = athanor("train", job.toString(), "--workers", "100000");
        assertEquals(1, refused.code);
        // 300 MiB of the program, and four times the 64 of the file
        assertTrue(refused.error.contains("(556 for each of 100001 engines"), refused.error);
        assertFalse(Files.exists(folder.resolve("job.training")));

        try (var module = new RandomAccessFile(folder.resolve("model.pt").toFile(), "rw")) {
            module.setLength(3L << 30);
        }
        var larger = athanor("train", job.toString());
        assertEquals(1, larger.code);
        assertTrue(larger.error.contains("a module of at most 500000000 parameters is accepted"), larger.error);
    }

    /** The first example, as the README has people start it: what it promises but for its time. */
    @Test
    void theFirstExampleKeepsItsPromise() throws IOException {
        var examples = Path.of("../examples/jobs");
        for (var name : List.of("quick.yaml", "diary.txt")) {
            Files.copy(examples.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        var report = folder.resolve("report.json");
        var trained = athanor("train", folder.resolve("quick.yaml").toString(), "--report", report.toString());
        assertEquals(0, trained.code, trained.error);
        var told = new ObjectMapper().readTree(report.toFile());
        assertEquals(2, told.path("workers").path("seen").asInt());
        assertTrue(told.path("loss").path("validation").asDouble() < 2.6, told.toString());
        var bytes = told.path("bytes");
        var moved = bytes.path("up").asDouble() + bytes.path("down").asDouble();
        assertTrue(moved > 0 && bytes.path("dataParallelFp32").asDouble() >= 50 * moved, told.toString());
    }

    /** All changes since the last whole weights are kept: to list them in every answer would cost more than they are. */
    @Test
    void whatAWorkerHasItIsNotToldAgain() throws Exception {
        Files.writeString(
                job,
                Files.readString(job).replaceFirst("outer: .*", "outer: {scheme: sparse, steps: 1, up: sparse-8}"));
        Files.writeString(job, Files.readString(job).replace("rounds: 6", "rounds: 50"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            parts.worker("only");
            assertTrue(parts.coordinator().awaitEnd(PATIENCE), parts.stopped().toString());
            parts.coordinator().awaitGoodbyes(PATIENCE);
            var end = parts.coordinator().state();
            assertEquals(50, end.changes().size(), "none of them is too old");
            var moved = end.snapshot().bytes();
            for (var change : end.changes()) {
                moved += change.bytes();
            }
            var words = parts.server().traffic().down() - moved;
            assertTrue(words < 50 * 2500, words + " bytes beside " + moved + " of weights");
        }
    }

    @Test
    void partsOfAModelGoInTurnWhileItsWorkersGoOn() throws Exception {
        Files.writeString(
                job,
                Files.readString(job)
                        .replace("layers: 1", "layers: 2")
                        .replaceFirst("outer: .*", "outer: {scheme: streaming, steps: 10}\nround: {leastWorkers: 2}")
                        .replace("rounds: 6", "rounds: 12"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            assertEquals(2, parts.coordinator().spec().outer().fragments());
            assertEquals(1, parts.coordinator().spec().outer().delay());
            parts.worker("first");
            parts.worker("second");
            assertTrue(parts.coordinator().awaitEnd(PATIENCE), parts.stopped().toString());
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            var history = parts.coordinator().history();
            assertEquals(12, history.size());
            for (var round : history) {
                assertEquals(2, round.workers().size(), round.toString());
            }
            assertTrue(history.getLast().loss() < history.getFirst().loss() - 1, history.toString());
            assertEquals(Set.of(), parts.stopped());
        }
    }

    @Test
    void ctrlCSaysWhatIsKeptAndHowToGoOn() throws Exception {
        Files.writeString(job, Files.readString(job).replace("rounds: 6", "rounds: 1000"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var program = new ProcessBuilder(
                        java,
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "train",
                        job.toString())
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        try (var lines = program.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("round 1 of 1000")) {
                    new ProcessBuilder("kill", "-INT", Long.toString(program.pid()))
                            .start()
                            .waitFor();
                }
            }
        } finally {
            program.destroyForcibly();
        }
        assertEquals(130, program.waitFor(), said.toString());
        assertTrue(said.toString().contains("of 1000 rounds; the same command goes on."), said.toString());
        assertTrue(said.toString().contains("rounds are kept in " + folder.resolve("job.training")), said.toString());
        assertFalse(said.toString().contains("stopped:") || said.toString().contains("\tat "), said.toString());
        var kept = new ObjectMapper()
                .readTree(folder.resolve("job.training/state.json").toFile());
        assertTrue(kept.path("round").asInt() >= 1, kept.toString());
    }

    @Test
    void anOperatorExcludesAWorkerWhileTheJobRunsElsewhereAndTakesItBack() throws Exception {
        Files.writeString(job, Files.readString(job).replace("rounds: 6", "rounds: 100000"));
        var place = folder.resolve("job.training");
        try (var program = Child.start(Main.class, "train", job.toString())) {
            program.awaitPrefix("round 1 of", PATIENCE);
            var unknown = athanor("train", "exclude", job.toString(), "worker-9", "--reason", "x");
            assertEquals(1, unknown.code);
            // which of the two joined first is by chance
            assertEquals(
                    "WORKER worker-9 is not a worker of this job: known are worker-1 (local N), worker-2 (local N)",
                    unknown.error.strip().replaceAll("local [12]", "local N"));
            var out = athanor("train", "exclude", job.toString(), "worker-2", "--reason", "its room is a museum\u0007");
            assertEquals(0, out.code, out.error);
            assertEquals(
                    "worker-2 is excluded: its room is a museum?. It is told when it asks next.", out.output.strip());
            program.await(
                    "the worker's end",
                    PATIENCE,
                    line -> line.contains("stopped: ")
                            && line.contains("this worker is excluded: its room is a museum?"));
            var again = athanor("train", "exclude", place.toString(), "worker-2", "--reason", "its room is a museum?");
            assertEquals("worker-2 is excluded already: its room is a museum?", again.output.strip(), again.error);
            var back = athanor("train", "exclude", place.toString(), "worker-2", "--undo");
            assertEquals(0, back.code, back.error);
            assertTrue(back.output.startsWith("worker-2 may work again."), back.output);
            var twice = athanor("train", "exclude", place.toString(), "worker-2", "--undo");
            assertEquals(1, twice.code);
            assertEquals("WORKER worker-2 is not excluded", twice.error.strip());
        }
        var later = athanor("train", "exclude", job.toString(), "worker-1", "--reason", "a change of mind");
        assertEquals(
                "Nobody works on the job now. worker-1 is excluded as soon as it goes on: a change of mind",
                later.output.strip(),
                later.error);
        var receipts = athanor("train", "receipts", place.toString());
        assertTrue(receipts.output.contains("worker-1 is excluded: a change of mind"), receipts.output);
        var nowhere = folder.resolve("typo.training");
        var wrong = athanor("train", "receipts", nowhere.toString());
        assertEquals(1, wrong.code);
        assertTrue(wrong.error.contains("is neither a job file nor the folder of a job"), wrong.error);
        assertFalse(Files.exists(nowhere), "who asks for receipts makes no job");
        try (var parts = new JobParts(job, place)) {
            assertEquals(
                    "a change of mind",
                    parts.coordinator().standings().get("worker-1").excluded());
        }
    }

    @Test
    void whatCannotBeExcludedIsSaidInALine() throws Exception {
        var none = athanor("train", "exclude", job.toString(), "worker-1", "--reason", "x");
        assertEquals(1, none.code);
        assertTrue(none.error.contains("holds no training job: " + job + " was not trained yet"), none.error);
        var nothing = athanor("train", "exclude", folder.resolve("no.yaml").toString(), "worker-1", "--undo");
        assertTrue(nothing.error.contains("is neither a job file nor the folder of a job"), nothing.error);
        var bare = athanor("train", "exclude", folder.toString(), "worker-1", "--undo");
        assertTrue(bare.error.contains(folder + " holds no training job"), bare.error);
        assertEquals(2, athanor("train", "exclude", job.toString(), "worker-1").code);
        assertEquals(2, athanor("train", "exclude", job.toString(), "w", "--undo", "--reason", "x").code);
        var empty = athanor("train", "exclude", job.toString(), "worker-1", "--reason", " ");
        assertEquals(2, empty.code);
        assertTrue(empty.error.contains("--reason has 0 characters: a reason of 1 to 300 is accepted"), empty.error);
        assertFalse(Files.exists(folder.resolve("job.training")));
    }

    // ---- of strangers

    @Test
    void aJobOfStrangersReplaysTheirRoundsAndFindsThemRight() throws Exception {
        Files.writeString(
                job, Files.readString(job).replace("rounds: 6", "rounds: 3\ntrust: open\nround: {leastWorkers: 2}"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            parts.worker("first");
            parts.worker("second");
            assertTrue(parts.coordinator().awaitEnd(PATIENCE));
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            for (var round : parts.coordinator().history()) {
                assertEquals(Map.of(), round.dropped());
                assertEquals(2, round.workers().size());
            }
            assertEquals(2, parts.coordinator().standings().size());
            // of newcomers every round is done again, by another engine
            parts.coordinator().standings().forEach((worker, standing) -> assertEquals(3, standing.valid(), worker));
        }
    }

    // ---- disturbed

    @Test
    void aJobOutlivesEnginesWorkersAndItsCoordinator() throws Exception {
        Files.writeString(
                job, Files.readString(job).replace("rounds: 6", "rounds: 1000").replace("steps: 15", "steps: 60"));
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            var first = parts.worker("first");
            var second = parts.worker("second");
            parts.await(
                    PATIENCE, "step of the first worker", () -> first.status().step() > 5);
            parts.killEngine("first");
            parts.await(PATIENCE, "second attempt", () -> first.status().step() <= 5);
            parts.await(
                    PATIENCE, "first round", () -> parts.coordinator().state().round() >= 1);
            assertEquals(
                    2, parts.coordinator().history().getFirst().workers().size(), "the killed engine's round counts");

            // a worker leaves in the middle of a round and is back one round later, with what it had
            parts.await(
                    PATIENCE, "step of the second worker", () -> second.status().step() > 5);
            second.close();
            var left = parts.coordinator().state().round();
            parts.await(
                    PATIENCE,
                    "round without it",
                    () -> parts.coordinator().state().round() > left);
            assertFalse(
                    parts.coordinator().workers().containsKey(second.status().worker()), "it said goodbye");
            var dataset = parts.server().traffic().datasetDown();
            var back = parts.worker("second");
            parts.await(PATIENCE, "its return", () -> back.status().step() > 5);
            assertEquals(second.status().worker(), back.status().worker(), "it is who it was");
            assertEquals(dataset, parts.server().traffic().datasetDown(), "and has its data still");

            // the coordinator goes, and comes back
            var before = parts.coordinator().state();
            parts.stop();
            Thread.sleep(500);
            parts.start();
            assertTrue(parts.coordinator().state().round() >= before.round());
            // each finds back when its pause between two tries is over
            parts.await(
                    PATIENCE,
                    "round of both",
                    () -> parts.roundsSince(before.round()).stream()
                            .anyMatch(round -> round.workers().size() == 2));
            var history = parts.coordinator().history();
            assertTrue(history.getLast().loss() < history.getFirst().loss() - 0.5, history.toString());
            assertEquals(Set.of(), parts.stopped());
        }
    }
}
