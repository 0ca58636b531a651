package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.data.Tokens;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.engine.Graphics;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.OuterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A worker's engine, real and in a child process, as rooms get warm and cold. */
@Timeout(240)
@Isolated("its engine is a program that wants a core")
class WorkerEngineTest {
    private static final int STEPS = 300;

    @TempDir
    Path folder;

    private JobSpec job;
    private ShardRef shard;

    private WorkerEngine engine(String name, Duration longestFreeze) throws Exception {
        return engine(name, longestFreeze, null);
    }

    private WorkerEngine engine(String name, Duration longestFreeze, DataKey key) throws Exception {
        return engine(name, longestFreeze, key, libraries());
    }

    private static EngineLibraries libraries() throws Exception {
        return EngineLibraries.get(EngineLibraries.Places.usual(), (file, bytes, ofAll) -> {});
    }

    private WorkerEngine engine(String name, Duration longestFreeze, DataKey key, EngineLibraries libraries)
            throws Exception {
        var text = new int[2000];
        Arrays.setAll(text, index -> index % 20);
        var buffer = Tokens.of(text).bytes();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        var lying = key == null ? bytes : key.seal(bytes);
        shard = new ShardRef(ObjectStore.hash(lying), text.length);
        var shape = new GptShape(1, 2, 16, 16, 20, false, 0.1);
        job = new JobSpec(
                "test",
                new ModelSpec.Gpt(shape),
                shape.tensors(),
                Tokenizer.Characters.of("abcdefghijklmnopqrst"),
                List.of(shard),
                AdamW.USUAL,
                8,
                8,
                new LearningRate(1e-2, 1e-3, 5, 2 * STEPS),
                OuterSettings.diLoCo(STEPS, "int8"),
                2,
                1,
                false,
                JobSpec.Moments.KEPT,
                JobSpec.Trust.KNOWN);
        var config = new WorkerConfig(
                URI.create("https://127.0.0.1:1"),
                JoinToken.fresh("00".repeat(32)),
                folder.resolve(name),
                name,
                new EngineLimits(1L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE),
                libraries,
                0,
                0);
        var engine = new WorkerEngine(config, job, key, longestFreeze);
        Files.createDirectories(engine.shardFile(shard).getParent());
        Files.write(engine.shardFile(shard), lying);
        return engine;
    }

    private float[] initial() {
        var weights = new float[job.parameters()];
        for (var index = 0; index < weights.length; index++) {
            weights[index] = (float) Math.sin(index) / 20;
        }
        return weights;
    }

    private static WorkerEngine.Round round(long number, ShardRef shard) {
        return new WorkerEngine.Round("worker-1", number, number * STEPS, shard);
    }

    @Test
    void whatHeatsWithACardNeverTrainsOnTheProcessor() throws Exception {
        var usual = libraries();
        var card = new Graphics(List.of(), List.of(), Optional.of("GPU-ffffffff-0000"));
        var cards = new EngineLibraries(usual.jars(), usual.natives(), Optional.of(card), null);
        try (var engine = engine("card", Duration.ofMinutes(1), null, cards)) {
            var steps = new ArrayList<EngineReply.Step>();
            var refused =
                    assertThrows(EngineException.class, () -> engine.train(round(0, shard), initial(), steps::add));
            assertEquals(EngineException.Kind.NOT_STARTED, refused.kind(), refused.getMessage());
            assertTrue(
                    refused.getMessage()
                            .startsWith("there is no card to train on: CUDA does not find GPU-ffffffff-0000"),
                    refused.getMessage());
            assertEquals(List.of(), steps);
            assertFalse(engine.alive());
        }
    }

    @Test
    void aModelThatIsNotTheJobsIsSaidOnce() throws Exception {
        engine("other", Duration.ofMinutes(1)).close();
        var opened = new EngineReply.Opened(job.tensors().subList(0, 2), false, false);
        var refused = assertThrows(EngineException.class, () -> opened.require(job.tensors()));
        assertEquals(EngineException.Kind.NOT_STARTED, refused.kind(), "no other engine would do better");
        assertTrue(refused.getMessage().contains("is of another version of Athanor"), refused.getMessage());
        new EngineReply.Opened(job.tensors(), false, false).require(job.tensors());
    }

    @Test
    void encryptedDataIsLearnedFromWithoutLyingOpenOnTheDisk() throws Exception {
        float[] plain;
        try (var engine = engine("plain", Duration.ofMinutes(1))) {
            plain = initial();
            engine.train(round(0, shard), plain, step -> {});
        }
        var text = Files.readAllBytes(folder.resolve("plain/engine/shard-" + shard.hash()));
        var key = DataKey.fresh();
        try (var engine = engine("sealed", Duration.ofMinutes(1), key)) {
            var sealed = initial();
            engine.train(round(0, shard), sealed, step -> {});
            assertArrayEquals(plain, sealed);
        }
        var row = new String(text, 0, 40, StandardCharsets.ISO_8859_1);
        try (var files = Files.walk(folder.resolve("sealed"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var held = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(held.contains(row) || held.contains(key.base64()), file.toString());
            }
        }
        try (var engine = engine("stranger", Duration.ofMinutes(1), DataKey.fresh())) {
            Files.copy(
                    folder.resolve("sealed/engine/" + sealedName()),
                    engine.shardFile(shard),
                    StandardCopyOption.REPLACE_EXISTING);
            var refused =
                    assertThrows(EngineException.class, () -> engine.train(round(0, shard), initial(), step -> {}));
            assertTrue(refused.getMessage().contains("not encrypted with this job's key"), refused.getMessage());
        }
    }

    @Test
    void momentsThatAPowerCutDamagedAreSaidAndBeginAnew() throws Exception {
        float[] weights;
        try (var engine = engine("damaged", Duration.ofMinutes(1))) {
            weights = initial();
            engine.train(round(0, shard), weights, step -> {});
        }
        try (var files = Files.list(folder.resolve("damaged/engine"))) {
            var moments = files.filter(file -> file.getFileName().toString().startsWith("moments-"))
                    .toList();
            assertEquals(1, moments.size());
            Files.write(moments.getFirst(), new byte[10]);
            // an engine writes here: a name that is none of ours must not end the worker
            Files.write(Path.of(moments.getFirst() + "x"), new byte[10]);
        }
        try (var engine = engine("damaged", Duration.ofMinutes(1))) {
            var said = assertThrows(
                    EngineException.class, () -> engine.train(round(1, shard), weights.clone(), step -> {}));
            assertTrue(said.getMessage().contains("they begin anew"), said.getMessage());
            assertEquals(
                    STEPS, engine.train(round(1, shard), weights, step -> {}).nextStep());
        }
    }

    /** Otherwise it would never deliver again, however well the job does. */
    @Test
    void aRoundThatLeavesTheNumbersSpoilsNoMoments() throws Exception {
        var weights = new ArrayList<float[]>();
        for (var name : List.of("calm", "wild")) {
            try (var engine = engine(name, Duration.ofMinutes(1))) {
                weights.add(initial());
                engine.train(round(0, shard), weights.getLast(), step -> {});
            }
        }
        try (var engine = engine("wild", Duration.ofMinutes(1))) {
            var lost = weights.getLast().clone();
            lost[0] = Float.NaN;
            engine.train(round(1, shard), lost, step -> {});
            assertTrue(Float.isNaN(lost[5]), "all follow one");
        }
        for (var name : List.of("calm", "wild")) {
            try (var engine = engine(name, Duration.ofMinutes(1))) {
                engine.train(round(1, shard), weights.get(name.equals("calm") ? 0 : 1), step -> {});
            }
        }
        assertArrayEquals(weights.getFirst(), weights.getLast(), "with the moments of the round before");
    }

    /** Otherwise steps that were done would be done again on top of themselves. */
    @Test
    void aRoundThatFailsAfterItsLastStepLeavesTheWeightsAsTheyWere() throws Exception {
        float[] undisturbed;
        try (var engine = engine("calm", Duration.ofMinutes(1))) {
            undisturbed = initial();
            engine.train(round(0, shard), undisturbed, step -> {});
        }
        try (var engine = engine("full", Duration.ofMinutes(1))) {
            var inTheWay = Files.createDirectories(folder.resolve("full/engine/moments.new"));
            var weights = initial();
            assertThrows(EngineException.class, () -> engine.train(round(0, shard), weights, step -> {}));
            assertArrayEquals(initial(), weights);
            assertFalse(Files.exists(inTheWay), "what an engine left that failed is cleared away");
            engine.train(round(0, shard), weights, step -> {});
            assertArrayEquals(undisturbed, weights, "with the moments that it began with");
        }
    }

    /** A folder does not grow from job to job. */
    @Test
    void whatIsNotThisJobsIsDeletedAndNothingElse() throws Exception {
        engine("worker", Duration.ofMinutes(1)).close();
        var place = folder.resolve("worker/engine");
        var elsewhere = Files.writeString(folder.resolve("elsewhere"), "somebody's");
        var hash = "a".repeat(64);
        var ours = "moments-" + job.id().substring(0, 16) + "-7";
        Files.writeString(place.resolve(ours), "stays");
        // whatever has no name of this job was left by another one, or by a model
        for (var name :
                List.of("notes.txt", "shard-" + hash, hash + ".pt", "moments-" + "c".repeat(16) + "-40", "moments.new"))
            Files.writeString(place.resolve(name), "old");
        var planted = Files.createDirectory(place.resolve("shard-" + "b".repeat(64)));
        Files.writeString(planted.resolve("deep"), "old");
        Files.createSymbolicLink(planted.resolve("link"), folder);
        Files.createSymbolicLink(place.resolve("shard-" + "d".repeat(64)), elsewhere);
        Files.createSymbolicLink(place.resolve("moments.paused"), folder);
        engine("worker", Duration.ofMinutes(1)).close();
        try (var left = Files.list(place)) {
            assertEquals(
                    Set.of(ours, "shard-" + shard.hash()),
                    left.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
        assertEquals("somebody's", Files.readString(elsewhere));
        engine("worker", Duration.ofMinutes(1)).close();
        assertTrue(Files.exists(place.resolve("shard-" + shard.hash())), "this job's data stays from start to start");

        // nothing is looked for behind a link
        var other = Files.createDirectory(folder.resolve("other"));
        var old = Files.writeString(other.resolve("shard-" + hash), "somebody's");
        Files.createSymbolicLink(Files.createDirectory(folder.resolve("linked")).resolve("engine"), other);
        engine("linked", Duration.ofMinutes(1)).close();
        assertEquals("somebody's", Files.readString(old));
    }

    /** New weights would take steps of an old size. */
    @Test
    void whoJoinsAJobAnewBeginsWithoutWhatItLearnedOfItBefore() throws Exception {
        float[] first;
        try (var engine = engine("again", Duration.ofMinutes(1))) {
            first = initial();
            engine.train(round(0, shard), first, step -> {});
        }
        WorkerEngine.forgetMoments(folder.resolve("again"));
        WorkerEngine.forgetMoments(folder.resolve("of nobody"));
        try (var engine = engine("again", Duration.ofMinutes(1))) {
            var weights = initial();
            assertEquals(
                    STEPS, engine.train(round(0, shard), weights, step -> {}).momentSteps());
            assertArrayEquals(first, weights);
        }
    }

    private String sealedName() throws IOException {
        try (var files = Files.list(folder.resolve("sealed/engine"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("shard-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aLongPauseFreesTheMemoryAndTheRoundGoesOnAtTheSameStep() throws Exception {
        float[] undisturbed;
        float[] afterRound;
        try (var engine = engine("calm", Duration.ofMinutes(1))) {
            undisturbed = initial();
            engine.train(round(0, shard), undisturbed, step -> {});
            engine.train(round(1, shard), undisturbed, step -> {});
        }
        try (var engine = engine("paused", Duration.ofMillis(300))) {
            var weights = initial();
            var steps = new ArrayList<Integer>();
            var some = new CountDownLatch(20);
            var training = CompletableFuture.supplyAsync(() -> {
                try {
                    return engine.train(round(0, shard), weights, step -> {
                        steps.add(step.step());
                        some.countDown();
                    });
                } catch (EngineException | java.io.IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            assertTrue(some.await(60, TimeUnit.SECONDS));
            engine.frozen(true);
            awaitEnd(engine);
            assertFalse(training.isDone(), "paused in the middle of the round");
            engine.frozen(false);
            var trained = training.get(60, TimeUnit.SECONDS);
            assertEquals(STEPS, trained.nextStep());
            assertEquals(STEPS, trained.momentSteps());
            assertEquals(java.util.stream.IntStream.range(0, STEPS).boxed().toList(), steps, "each step once");

            // between two rounds it is ended at once, and nothing is started while the pause lasts
            engine.frozen(true);
            awaitEnd(engine);
            afterRound = weights;
        }
        // the program is started anew: the optimiser goes on with what it had
        try (var engine = engine("paused", Duration.ofMinutes(1))) {
            EngineReply.Trained second = engine.train(round(1, shard), afterRound, step -> {});
            assertEquals(2 * STEPS, second.momentSteps());
            assertArrayEquals(undisturbed, afterRound);
        }
    }

    @Test
    void aPauseWhileTheEngineStartsLosesNothing() throws Exception {
        float[] undisturbed;
        try (var engine = engine("calm", Duration.ofMinutes(1))) {
            undisturbed = initial();
            engine.train(round(0, shard), undisturbed, step -> {});
        }
        try (var engine = engine("starting", Duration.ofMillis(100))) {
            var weights = initial();
            var steps = new ArrayList<Integer>();
            var training = CompletableFuture.supplyAsync(() -> {
                try {
                    return engine.train(round(0, shard), weights, step -> steps.add(step.step()));
                } catch (EngineException | java.io.IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            while (!engine.alive()) Thread.sleep(1);
            engine.frozen(true);
            awaitEnd(engine); // it may begin, then is halted; or it takes too long and is cut short
            assertFalse(training.isDone());
            engine.frozen(false);
            assertEquals(STEPS, training.get(60, TimeUnit.SECONDS).nextStep());
            assertEquals(
                    java.util.stream.IntStream.range(0, STEPS).boxed().toList(),
                    steps.subList(steps.size() - STEPS, steps.size()));
            assertArrayEquals(undisturbed, weights);
        }
    }

    /** Its weights are taken only when its moments are on the disk: what was cut off before is done again, once. */
    @Test
    void aPauseThatEndsTheEngineAsItStoresItsMomentsHasNoStepCountTwice() throws Exception {
        float[] undisturbed;
        try (var engine = engine("calm", Duration.ofMinutes(1))) {
            undisturbed = initial();
            engine.train(round(0, shard), undisturbed, step -> {});
        }
        try (var engine = engine("storing", Duration.ofMillis(200))) {
            var place = folder.resolve("storing/engine/moments.new");
            Files.createDirectories(place.getParent());
            // who opens a pipe to write waits for a reader: there is none
            assertEquals(
                    0, new ProcessBuilder("mkfifo", place.toString()).start().waitFor());
            var weights = initial();
            var steps = new CopyOnWriteArrayList<Integer>();
            var training = CompletableFuture.supplyAsync(() -> {
                try {
                    return engine.train(round(0, shard), weights, step -> steps.add(step.step()));
                } catch (EngineException | java.io.IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            while (steps.size() < STEPS) {
                assertFalse(training.isDone(), "it has ended before its steps: " + training);
                Thread.sleep(5);
            }
            Thread.sleep(300); // its weights are there, its moments wait
            engine.frozen(true);
            awaitEnd(engine); // it stores for longer than a step may last
            assertFalse(training.isDone());
            Files.delete(place);
            engine.frozen(false);
            assertEquals(STEPS, training.get(60, TimeUnit.SECONDS).nextStep());
            assertEquals(2 * STEPS, steps.size(), "the round is done again, from its beginning");
            assertArrayEquals(undisturbed, weights);
        }
    }

    private static void awaitEnd(WorkerEngine engine) throws InterruptedException {
        for (var waited = 0; engine.alive(); waited++) {
            assertTrue(waited < 600, "the engine still takes memory");
            Thread.sleep(50);
        }
    }
}
