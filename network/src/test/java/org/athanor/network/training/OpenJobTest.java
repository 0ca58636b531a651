package org.athanor.network.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.training.data.Draws;
import org.athanor.training.data.ShardRef;
import org.athanor.training.data.Tokenizer;
import org.athanor.training.engine.EngineException;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.Throttle;
import org.athanor.training.model.AdamW;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.LearningRate;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.outer.OuterSettings;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.receipts.WorkClaim;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.trust.Rating;
import org.athanor.training.trust.Standing;
import org.athanor.training.update.UpdateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A job that is open to anybody, with workers and an examiner whose model wants to be at a target. */
class OpenJobTest {
    private static final int STEPS = 4;
    private static final GptShape SHAPE = new GptShape(1, 1, 8, 4, 5, false, 0);
    private static final RoundRules RULES = new RoundRules(3, 1, Duration.ofMillis(300), Duration.ofSeconds(10), true);

    /** All have the time that they need. */
    private static final RoundRules UNHURRIED =
            new RoundRules(3, 1, Duration.ofMinutes(1), Duration.ofMinutes(1), true);

    @TempDir
    private Path folder;

    private final Steps examiner = new Steps();
    private TokenMembership membership;
    private Coordinator coordinator;

    /** What a worker's steps do: the same for the worker and for whoever replays it. */
    private static final class Steps implements Examiner {
        /** Replays that the engine dies in before the next one succeeds. */
        private int dies;

        private final AtomicInteger replays = new AtomicInteger();
        private Runnable during = () -> {};

        @Override
        public double loss(float[] weights, ShardRef shard, List<Integer> starts) {
            double sum = 0;
            for (var index = 0; index < weights.length; index++) {
                sum += Math.pow(weights[index] - target(index), 2);
            }
            return sum / weights.length;
        }

        private static float target(int index) {
            return (float) Math.sin(index);
        }

        @Override
        public Replayed replay(float[] weights, String worker, long round, long firstStep, int steps)
                throws EngineException {
            if (dies > 0) {
                dies--;
                throw new EngineException(EngineException.Kind.DIED, "the engine died");
            }
            replays.incrementAndGet();
            during.run();
            return run(weights, worker, round, steps);
        }

        private Replayed run(float[] weights, String worker, long round, int steps) {
            var after = weights.clone();
            var losses = new ArrayList<Double>();
            var draws = Draws.of(worker, round);
            for (var step = 0; step < steps; step++) {
                losses.add(loss(after, null, List.of()));
                for (var index = 0; index < after.length; index++) {
                    after[index] += 0.1f * (target(index) + 1e-3f * draws.below(100) - after[index]);
                }
            }
            return new Replayed(after, losses);
        }

        @Override
        public String machineClass() {
            return "one class";
        }

        @Override
        public void close() {}
    }

    private final class Worker {
        private final Set<String> brought = new HashSet<>();
        private final KeyPair keys = Ed25519.fresh();
        private final LocalModel local;
        private final String name;
        private final float[] weights;
        private String machine = "one class";
        private Double joules;
        private double cpuSeconds = 1;

        Worker() throws IOException {
            var spec = coordinator.spec();
            var secret = membership.invite().secret();
            name = membership
                    .join(secret, new Messages.Join("a worker", Ed25519.text(keys.getPublic()), "none"))
                    .orElseThrow()
                    .worker();
            weights = published();
            local = new LocalModel(spec.outer(), spec.fragments(), weights);
        }

        /**
         * Does its steps, then lies as it likes.
         *
         * @param share  of what it learned that it sends
         * @param brings whether it puts what the replay needs
         */
        Messages.Verdict deliver(double share, boolean brings) throws IOException, UpdateException {
            var spec = coordinator.spec();
            var round = coordinator.state().round();
            var done = new Steps().run(weights, name, round, STEPS);
            var claimed = weights.clone();
            for (var index = 0; index < claimed.length; index++) {
                claimed[index] += (float) (share * (done.weights()[index] - weights[index]));
            }
            var before = bytes(local.residual());
            var object = local.send(round, claimed);
            var hash = coordinator.folder().objects().put(object);
            var after = bytes(local.residual());
            var claim = new WorkClaim(
                    spec.id(), round, name, hash, (long) STEPS * spec.sequences() * SHAPE.context(), joules);
            var residual = new Messages.Residual(hash(before), hash(after), machine);
            var update = new Messages.Update(
                    hash,
                    STEPS,
                    done.losses(),
                    cpuSeconds,
                    joules,
                    residual,
                    Ed25519.sign(keys.getPrivate(), claim.bytes()));
            var verdict = coordinator.deliver(name, Ed25519.text(keys.getPublic()), round, update);
            if (brings && verdict.counts()) {
                for (var wanted : verdict.wanted()) {
                    assertTrue(Set.of(ObjectStore.hash(before), ObjectStore.hash(after))
                            .contains(wanted));
                }
                for (var owed : List.of(before, after)) {
                    if (verdict.wanted().contains(ObjectStore.hash(owed))) {
                        brought.add(coordinator.folder().objects().put(owed));
                    }
                }
            }
            return verdict;
        }

        void take() throws IOException, UpdateException {
            var change = coordinator.state().changes().getLast();
            local.take(change.round(), coordinator.folder().objects().read(change.hash()), weights);
        }
    }

    private static String hash(byte[] residual) {
        for (var one : residual) {
            if (one != 0) {
                return ObjectStore.hash(residual);
            }
        }
        return null;
    }

    private static byte[] bytes(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private float[] published() throws IOException {
        return coordinator
                .folder()
                .vector(coordinator.folder().state().orElseThrow().published());
    }

    @BeforeEach
    void begin() throws IOException, UpdateException {
        var outer = OuterSettings.diLoCo(STEPS, "int8");
        var spec = new JobSpec(
                        "a test",
                        new ModelSpec.Gpt(SHAPE),
                        List.of(),
                        new Tokenizer.Characters(List.of(97, 98, 99)),
                        List.of(),
                        AdamW.USUAL,
                        2,
                        2,
                        new LearningRate(1e-3, 1e-4, 1, 100),
                        outer,
                        20,
                        1,
                        false,
                        JobSpec.Moments.RESTARTED,
                        JobSpec.Trust.OPEN)
                .filled(
                        SHAPE.tensors(),
                        List.of(new ShardRef(new JobFolder(folder).objects().put(new byte[200]), 100)));
        Coordinator.create(folder, spec, new float[spec.parameters()]);
        membership = new TokenMembership(folder, "0".repeat(64));
        start();
    }

    private void start() throws IOException {
        start(RULES);
    }

    private void start(RoundRules rules) throws IOException {
        coordinator =
                Coordinator.start(folder, rules, InstantSource.system(), (round, last, weights) -> null, examiner);
    }

    @AfterEach
    void end() {
        coordinator.close();
    }

    private void awaitRound(long round) throws InterruptedException {
        var state = coordinator.await(round - 1, Duration.ofSeconds(30));
        assertEquals(round, state.round(), state.reason());
    }

    @Test
    void machinesOfAnotherClassMayRoundOtherwiseButNoMore() throws Exception {
        var worker = List.of(new Worker(), new Worker(), new Worker());
        var same = worker.get(0);
        var other = worker.get(1);
        var lazy = worker.get(2);
        other.machine = "another class";
        lazy.machine = null;
        // off by less than what is allowed between classes, and by more than within one
        assertTrue(same.deliver(0.995, true).counts());
        assertTrue(other.deliver(0.995, true).counts());
        assertTrue(lazy.deliver(0.9, true).counts());
        awaitRound(1);
        assertTrue(coordinator.excluded(same.name).contains("where 0.00300 is allowed"));
        assertNull(coordinator.excluded(other.name));
        assertTrue(
                coordinator.excluded(lazy.name).contains("where 0.0100 is allowed between classes of machines"),
                coordinator.excluded(lazy.name));
        coordinator.stop();
        assertEquals(List.of(other.name), coordinator.history().getFirst().workers());
    }

    @Test
    void everyUpdateIsScoredHoweverManyThereAre() throws Exception {
        coordinator.stop();
        start(UNHURRIED);
        var workers = new ArrayList<Worker>();
        for (var count = 0; count < 40; count++) {
            workers.add(new Worker());
        }
        for (var worker : workers) coordinator.beat(worker.name, TinyJob.trains(0));
        for (var worker : workers) assertTrue(worker.deliver(1, true).counts());
        awaitRound(1);
        var standings = coordinator.standings();
        for (var worker : workers) assertEquals(1, standings.get(worker.name).scored(), worker.name);
        coordinator.stop();
        assertEquals(40, coordinator.history().getFirst().workers().size());
    }

    @Test
    void whoSendsAnotherThanItLearnedIsExcludedAndHasNoReceipt() throws Exception {
        var honest = List.of(new Worker(), new Worker(), new Worker());
        var liar = new Worker();
        for (var worker : honest.subList(0, 2)) {
            assertTrue(worker.deliver(1, true).counts());
        }
        assertTrue(liar.deliver(-1, true).counts(), "nothing is known against it yet");
        awaitRound(1);
        var reason = coordinator.excluded(liar.name);
        assertNotNull(reason);
        assertTrue(reason.contains("was done again and the weights differ by 2"), reason);
        for (var worker : honest) {
            worker.take();
        }
        assertFalse(liar.deliver(1, true).counts());
        for (var worker : honest) {
            var verdict = worker.deliver(1, true);
            assertTrue(verdict.counts(), verdict.reason());
        }
        awaitRound(2);
        honest.forEach(worker -> assertNull(coordinator.excluded(worker.name)));
        coordinator.stop();
        var rounds = coordinator.history();
        assertEquals(Set.of(liar.name), rounds.get(0).dropped().keySet());
        assertEquals(3, rounds.get(1).workers().size(), rounds.toString());
        var account = Receipts.check(folder);
        assertEquals(List.of(), account.problems());
        assertEquals(5, account.good().size());
        assertFalse(Receipts.flops(account.good()).containsKey(liar.name));
        assertEquals(
                SHAPE.flopsPerToken() * STEPS * 2 * SHAPE.context(),
                account.good().getFirst().flops());
    }

    /** Nobody looks at every round: what was paid unseen is taken back with the proof. */
    @Test
    void whoIsCaughtLosesWhatItWasCreditedForUnseen() throws Exception {
        var honest = List.of(new Worker(), new Worker());
        var lazy = new Worker();
        var workers = List.of(honest.get(0), honest.get(1), lazy);
        for (var round = 0; round < 4; round++) {
            // the first round of all is replayed, then none, then the last of the lazy one
            var seen = round == 0 || round == 3;
            coordinator.stop();
            var job = coordinator.folder();
            var standings = new HashMap<String, Standing>();
            for (var worker : workers) {
                var proven = round == 0
                        ? Long.valueOf(-1)
                        : job.state().orElseThrow().standings().get(worker.name).proven();
                var residual = round == 0
                        ? null
                        : job.state().orElseThrow().standings().get(worker.name).residual();
                standings.put(
                        worker.name,
                        new Standing(
                                new Rating(25, 1), seen ? 0 : 1_000_000, 0, 0, 1, residual, null, 0, 0, proven, false));
            }
            job.write(standing(job.state().orElseThrow(), standings));
            start();
            for (var worker : workers) {
                var verdict = worker.deliver(worker == lazy && round > 0 ? 0.9 : 1, true);
                assertTrue(verdict.counts(), verdict.reason());
            }
            awaitRound(round + 1);
            for (var worker : workers) worker.take();
        }
        assertNotNull(coordinator.excluded(lazy.name));
        coordinator.stop();
        var account = Receipts.check(folder);
        assertEquals(List.of(), account.problems());
        assertEquals(9, account.good().size(), "four of each honest one, and the lazy one's that was seen");
        var withdrawn = account.withdrawn().get(lazy.name);
        assertEquals(2, withdrawn.receipts(), "it was seen to be right in the first round, and caught in the fourth");
        assertEquals(coordinator.standings().get(lazy.name).excluded(), withdrawn.reason());

        // nobody else withdraws anything, and told again it is one
        new Receipts(folder).withdraw(lazy.name, 0, withdrawn.reason());
        var file = folder.resolve("withdrawn.jsonl");
        assertEquals(1, Files.readAllLines(file).size());
        Files.writeString(file, Files.readString(file).replace(lazy.name, honest.getFirst().name));
        var forged = Receipts.check(folder);
        assertEquals(List.of("withdrawal 1 is not of this job's coordinator"), forged.problems());
        assertEquals(11, forged.good().size());
    }

    @Test
    void whatNoMachineCanHaveTakenIsRefusedFromStrangers() throws Exception {
        var hot = new Worker();
        hot.joules = 1e11;
        var verdict = hot.deliver(1, true);
        assertFalse(verdict.counts());
        assertTrue(verdict.reason().startsWith("joules must be what a machine draws"), verdict.reason());
        var busy = new Worker();
        busy.cpuSeconds = 1e9;
        verdict = busy.deliver(1, true);
        assertTrue(verdict.reason().startsWith("cpuSeconds must be what processors give"), verdict.reason());
        var usual = new Worker();
        usual.joules = 1e5;
        usual.cpuSeconds = 100;
        assertTrue(usual.deliver(1, true).counts());
    }

    @Test
    void whatWasDrawnAndCouldNotBeExaminedCountsNotAndIsHeldAgainstNobody() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        examiner.dies = 3; // twice for the first, once for the second, which is tried again
        for (var worker : workers) {
            assertTrue(worker.deliver(1, true).counts());
        }
        awaitRound(1);
        coordinator.stop();
        var round = coordinator.history().getFirst();
        assertEquals(1, round.dropped().size(), round.toString());
        var unexamined = round.dropped().entrySet().iterator().next();
        assertTrue(unexamined.getValue().contains("could not be examined"), unexamined.getValue());
        assertEquals(2, round.workers().size());
        assertEquals(2, Receipts.check(folder).good().size());
        var standing = coordinator.standings().get(unexamined.getKey());
        assertNull(standing.excluded());
        assertEquals(0, standing.strikes());
        assertEquals(0, standing.valid(), "it is replayed the next time");
    }

    @Test
    void aCoordinatorThatIsStoppedEndsTheReplayThatRunsAndNoMore() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        var begun = new CountDownLatch(1);
        var stopping = new CountDownLatch(1);
        examiner.during = () -> {
            begun.countDown();
            try {
                stopping.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        for (var worker : workers) {
            assertTrue(worker.deliver(1, true).counts());
        }
        begun.await();
        var stop = Thread.ofVirtual().start(coordinator::stop);
        assertEquals(0, coordinator.await(0, Duration.ofSeconds(30)).round()); // returns as soon as it is closed
        stopping.countDown();
        stop.join();
        assertEquals(1, examiner.replays.get());
        assertEquals(Phase.RUNNING, coordinator.state().phase());
        start();
        awaitRound(1);
        coordinator.stop();
        assertEquals(3, coordinator.history().getFirst().workers().size(), "all are judged when it is back");
    }

    @Test
    void whoKeepsBackItsResidualCountsNotAndGoesAfterThreeRounds() throws Exception {
        var honest = List.of(new Worker(), new Worker());
        var shy = new Worker();
        for (var round = 1; round <= 3; round++) {
            for (var worker : honest) {
                assertTrue(worker.deliver(1, true).counts());
            }
            var verdict = shy.deliver(1, false);
            assertTrue(verdict.counts(), verdict.reason());
            assertFalse(verdict.wanted().isEmpty());
            awaitRound(round);
            for (var worker : honest) {
                worker.take();
            }
            shy.take();
        }
        assertTrue(coordinator.excluded(shy.name).contains("did not bring the residual"));
    }

    /** What one replay needed may be what the next one begins with, and then it is of no use any more. */
    @Test
    void whatReplaysNeededIsForgottenWithThem() throws Exception {
        coordinator.stop();
        start(UNHURRIED);
        var workers = List.of(new Worker(), new Worker(), new Worker());
        for (var round = 0; round < 14; round++) {
            for (var worker : workers) {
                var verdict = worker.deliver(1, true);
                assertTrue(verdict.counts(), verdict.reason());
            }
            awaitRound(round + 1);
            for (var worker : workers) {
                worker.take();
            }
        }
        coordinator.stop(); // what is forgotten is so after the round was told
        for (var worker : workers) {
            assertTrue(worker.brought.size() >= 10, "all of the first ten rounds are replayed");
            worker.brought.remove(coordinator.standings().get(worker.name).residual());
            worker.brought.removeIf(hash -> !coordinator.folder().objects().has(hash));
            assertEquals(Set.of(), worker.brought);
        }
    }

    @Test
    void residualsOfThoseWhoHaveGoneAreNotKept() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        for (var worker : workers) {
            assertTrue(worker.deliver(1, true).counts());
        }
        awaitRound(1);
        coordinator.exclude(workers.getFirst().name, "its owner asked for it");
        coordinator.stop();
        var state = coordinator.folder().state().orElseThrow();
        var kept = state.own(List.of());
        for (var worker : workers) {
            var residual = state.standings().get(worker.name).residual();
            assertEquals(worker != workers.getFirst(), kept.contains(residual), worker.name);
        }
        var later = state;
        for (var round = 0; round < 50; round++) {
            var weights = new JobState.Weights(state.exact(), state.published(), state.moved());
            later = later.after(weights, state.trail(), Map.of(), 20);
        }
        assertEquals(Set.of(state.exact(), state.published(), state.moved()), later.own(List.of()));
    }

    @Test
    void aResidualThatTheDiskHasChangedIsHeldAgainstNobodyAndTheJobGoesOn() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        var unlucky = workers.getFirst();
        for (var worker : workers) {
            assertTrue(worker.deliver(1, true).counts());
            if (worker == unlucky) {
                var residual = worker.brought.iterator().next();
                Files.write(coordinator.folder().objects().file(residual), new byte[] {1});
            }
        }
        awaitRound(1);
        var round = coordinator.history().getFirst();
        assertEquals(Set.of(unlucky.name), round.dropped().keySet());
        assertTrue(round.dropped().get(unlucky.name).contains("could not be examined"), round.toString());
        var standing = coordinator.standings().get(unlucky.name);
        assertNull(standing.excluded());
        assertEquals(0, standing.strikes());
        for (var worker : workers) {
            worker.take();
            assertTrue(worker.deliver(1, true).counts());
        }
        awaitRound(2);
        coordinator.stop();
        assertEquals(Map.of(), coordinator.history().getLast().dropped(), "it was brought again");
    }

    @Test
    void whoIsRatedBadlyIsReplayedThoughItWasRightForLong() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        var bad = workers.getLast();
        coordinator.stop();
        var standings = new HashMap<String, Standing>();
        for (var worker : workers) {
            standings.put(
                    worker.name,
                    worker == bad
                            ? new Standing(new Rating(-1000, 1), 10, 0, 50, 1, null, null, 0, 0, -1L, false)
                            : new Standing(new Rating(25, 1), 1_000_000, 0, 50, 1, null, null, 0, 0, -1L, false));
        }
        var job = coordinator.folder();
        job.write(standing(job.state().orElseThrow(), standings));
        var file = folder.resolve("state.json");
        // as it was written before replays were counted
        Files.writeString(file, Files.readString(file).replace(",\"replayed\":0", ""));
        start();
        for (var worker : workers) {
            var verdict = worker.deliver(1, true);
            assertTrue(verdict.counts(), verdict.reason());
            assertEquals(worker == bad, !verdict.wanted().isEmpty(), worker.name);
        }
        awaitRound(1);
        workers.forEach(worker -> assertEquals(
                worker == bad ? 1 : 0, coordinator.standings().get(worker.name).replayed()));
        assertEquals(11, coordinator.standings().get(bad.name).valid(), "it was right again");
    }

    @Test
    void ofWhoWasExcludedNothingIsExaminedAndNothingCountsThoughItIsTakenBack() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        var out = new Worker();
        examiner.during = () -> {
            try {
                coordinator.readmit(out.name); // while the round is judged
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        };
        assertTrue(out.deliver(1, false).counts(), "it owes its residuals, and nobody waits for them");
        coordinator.exclude(out.name, "its owner asked for it");
        for (var worker : workers) {
            assertTrue(worker.deliver(1, true).counts());
        }
        awaitRound(1);
        assertEquals(3, examiner.replays.get());
        assertNull(coordinator.excluded(out.name));
        var standing = coordinator.standings().get(out.name);
        assertEquals(0, standing.strikes() + standing.withheld() + standing.replayed());
        for (var worker : workers) {
            worker.take();
        }
        out.take();
        assertTrue(out.deliver(1, true).counts(), "with what it owes since then");
        workers.get(0).deliver(1, true);
        workers.get(1).deliver(1, true);
        awaitRound(2);
        coordinator.stop();
        var rounds = coordinator.history();
        assertEquals(Map.of(out.name, "its owner asked for it"), rounds.get(0).dropped());
        assertEquals(3, rounds.get(1).workers().size(), rounds.toString());
        assertEquals(1, coordinator.standings().get(out.name).valid());
    }

    @Test
    void whatWasDeliveredOutlivesTheCoordinator() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        assertTrue(workers.get(0).deliver(1, true).counts());
        assertTrue(workers.get(1).deliver(1, true).counts());
        coordinator.close();
        start();
        assertTrue(workers.get(2).deliver(1, true).counts());
        awaitRound(1);
        coordinator.stop();
        assertEquals(3, coordinator.history().getFirst().workers().size());
    }

    @Test
    void aRoundThatBeginsWithAnotherResidualIsRefused() throws Exception {
        var workers = List.of(new Worker(), new Worker(), new Worker());
        for (var worker : workers) {
            worker.deliver(1, true);
        }
        awaitRound(1);
        var worker = workers.getFirst();
        worker.take();
        var other = new float[worker.weights.length];
        other[0] = 1;
        worker.local.owe(1, other);
        var verdict = worker.deliver(1, true);
        assertFalse(verdict.counts());
        assertTrue(verdict.reason().contains("another residual"), verdict.reason());
    }

    /** Its file says nothing of how it is named, its receipts say name, shards and seed. */
    @Test
    void receiptsOfAJobThatWasBegunBeforeGoOnToHold() throws Exception {
        coordinator.close();
        var file = folder.resolve("job.json");
        var json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        assertEquals("BY_WORK", json.remove("named").asText());
        Files.writeString(file, json.toString());
        start();
        var shard = coordinator.spec().shards().getFirst().hash();
        var id = ObjectStore.hash(("a test\n" + shard + "\n1").getBytes(StandardCharsets.UTF_8));
        for (var worker : List.of(new Worker(), new Worker(), new Worker())) {
            worker.deliver(1, true);
        }
        awaitRound(1);
        coordinator.stop();
        var account = Receipts.check(folder);
        assertEquals(List.of(), account.problems());
        assertEquals(
                List.of(id, id, id),
                account.good().stream().map(receipt -> receipt.claim().job()).toList());
    }

    @Test
    void receiptsThatWereChangedDoNotHold() throws Exception {
        for (var worker : List.of(new Worker(), new Worker(), new Worker())) {
            worker.deliver(1, true);
        }
        awaitRound(1);
        coordinator.stop();
        var file = folder.resolve("receipts.jsonl");
        var lines = Files.readAllLines(file);
        var changed = new ArrayList<>(lines);
        changed.set(0, lines.get(0).replace("\"tokens\":32", "\"tokens\":64"));
        changed.set(1, lines.get(1).replaceFirst("\"flops\":[0-9.E]+", "\"flops\":1.0"));
        changed.add(lines.get(2));
        changed.add("{");
        Files.write(file, changed);
        var account = Receipts.check(folder);
        assertEquals(1, account.good().size());
        assertEquals(4, account.problems().size(), account.problems().toString());
        assertTrue(account.problems().get(0).contains("did not sign this claim"));
        assertTrue(account.problems().get(1).contains("the coordinator did not sign"));
        assertTrue(account.problems().get(2).contains("another one for round 1"));
        assertEquals(
                Collections.singletonList("receipt 5 is garbled"),
                account.problems().subList(3, 4));
    }

    @Test
    void onlyWhatWasPublishedIsForAllToRead() throws Exception {
        var workers = List.of(new Worker(), new Worker());
        workers.getFirst().deliver(1, true);
        var state = coordinator.state();
        assertTrue(coordinator.publishes(state.snapshot().hash()));
        try (var objects = Files.walk(folder.resolve("objects"))) {
            var readable = objects.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(coordinator::publishes)
                    .toList();
            assertEquals(List.of(state.snapshot().hash()), readable);
        }
    }

    @Test
    void aWorkerReadsNoUpdateOfAnotherAndAnExcludedOneNothing() throws Exception {
        var identity = ServerIdentity.in(folder);
        var invited = new TokenMembership(folder, identity.sha256());
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = CoordinatorServer.start(listen, identity, coordinator, invited);
                var owner = client(server, identity);
                var curious = client(server, identity)) {
            owner.join(invited.invite().secret(), new Messages.Join("owner", "", ""));
            var joined = curious.join(invited.invite().secret(), new Messages.Join("curious", "", ""));
            var update = new byte[] {1, 2, 3};
            var hash = owner.put(update);
            assertArrayEquals(update, owner.get(hash, update.length));
            refused(MailboxException.Kind.GONE, "there is no object", () -> curious.get(hash, update.length));
            curious.put(update); // says that it has it, without having sent it
            refused(MailboxException.Kind.GONE, "there is no object", () -> curious.get(hash, update.length));
            var snapshot = curious.state(-1).snapshot();
            assertEquals(snapshot.bytes(), curious.get(snapshot.hash(), snapshot.bytes()).length);
            coordinator.exclude(joined.worker(), "it lied");
            refused(MailboxException.Kind.REFUSED, "this worker is excluded: it lied", () -> curious.state(-1));
            assertEquals(Phase.RUNNING, owner.state(-1).phase());
        }
    }

    private static CoordinatorClient client(CoordinatorServer server, ServerIdentity identity) {
        var address = URI.create("https://127.0.0.1:" + server.address().getPort());
        return new CoordinatorClient(address, identity.sha256(), new Throttle(0), new Throttle(0));
    }

    private static void refused(MailboxException.Kind kind, String reason, Executable request) {
        var refusal = assertThrows(MailboxException.class, request);
        assertEquals(kind, refusal.kind());
        assertTrue(refusal.getMessage().startsWith("the coordinator refuses: " + reason), refusal.getMessage());
    }

    private static JobState standing(JobState state, Map<String, Standing> standings) {
        return state.closingWith(state.closing(), standings, state.norms());
    }
}
