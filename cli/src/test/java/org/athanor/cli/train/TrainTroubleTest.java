package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.athanor.cli.Child;
import org.athanor.cli.Main;
import org.athanor.edge.training.TrainingWork;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.network.training.Receipts;
import org.athanor.network.training.ServerIdentity;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a job when a worker's whole machine, disk or line fails. */
@Timeout(180)
class TrainTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A good deal more than the line's pauses need, were all of its breaks to come at once. */
    private static final Duration BAD_LINE = Duration.ofSeconds(400);

    private static final int BAD_ROUNDS = 8;

    private static final String WORKER = "second";
    private static final Set<String> WORKERS = Set.of("slow", "other");
    /** Longer than the time between two beats. */
    private static final Duration UNHEARD = Duration.ofSeconds(4);
    /** Bytes of a file that a full disk still takes: its membership, and not the data. */
    private static final int FULL = 8192;

    @TempDir
    Path folder;

    private JobParts parts(int rounds, int steps, String rules) throws Exception {
        var job = JobParts.smallJob(folder, rounds, steps);
        Files.writeString(job, Files.readString(job) + "round: {" + rules + "}\n");
        return new JobParts(job, folder.resolve("parts"));
    }

    /** Its first download takes longer than a round of the others: it learns nothing before it has what the open round begins with. */
    @Test
    void aJoinerOnASlowLineCatchesUpAndCounts() throws Exception {
        try (var parts = parts(1000, 600, "silenceSeconds: 5")) {
            parts.worker("fast");
            parts.await(
                    PATIENCE, "some rounds", () -> parts.coordinator().state().round() >= 8);
            var slow = parts.worker("slow", parts.address(), 25_000);
            var from = parts.coordinator().state().round();
            parts.await(
                    PATIENCE,
                    "round in which the slow one counts",
                    () -> parts.roundsSince(from).stream()
                            .anyMatch(round -> round.workers().contains(name(slow))));
            assertTrue(
                    parts.roundsSince(from).stream()
                            .allMatch(round -> round.dropped().isEmpty()),
                    () -> parts.roundsSince(from).toString());
            assertEquals(Set.of(), parts.stopped());
        }
    }

    /** In the job; nobody's until it has joined. */
    private static String name(TrainingWorker worker) {
        return String.valueOf(worker.status().worker());
    }

    @Test
    void whatIsToldAndNotThereEndsAWorkerWithOneReason() throws Exception {
        try (var parts = parts(1000, 25, "silenceSeconds: 5")) {
            var snapshot = parts.coordinator().state().snapshot().hash();
            Files.delete(parts.place()
                    .resolve("objects")
                    .resolve(snapshot.substring(0, 2))
                    .resolve(snapshot));
            parts.worker("first");
            parts.await(PATIENCE, "reason", () -> !parts.stopped().isEmpty());
            assertEquals(
                    Set.of("first: the coordinator tells of an object that it does not have: " + snapshot),
                    parts.stopped());
        }
    }

    /** It kept of the job what it knew then, and signed for the job as that was named before. */
    @Test
    void aWorkerThatWasUpdatedGoesOnAsTheSameAndCounts() throws Exception {
        try (var parts = parts(1000, 25, "silenceSeconds: 5")) {
            var worker = parts.worker("first");
            parts.await(PATIENCE, "its round", () -> !parts.roundsSince(0).isEmpty());
            worker.close();
            parts.await(
                    PATIENCE, "its goodbye", () -> parts.coordinator().workers().isEmpty());
            var kept = parts.place().resolve("first/membership.json");
            var now = Files.readString(kept);
            var before = now.replace(",\"named\":\"BY_WORK\"", "");
            assertNotEquals(before, now);
            Files.writeString(kept, before);

            var updated = parts.worker("first");
            var from = parts.coordinator().state().round();
            parts.await(PATIENCE, "round of it", () -> !parts.roundsSince(from).isEmpty());
            assertEquals(worker.status().worker(), updated.status().worker());
            assertEquals(now, Files.readString(kept));
            assertEquals(Set.of(), parts.stopped());
        }
    }

    @Test
    void aMemberWhoseCoordinatorWasUpdatedSaysOnceWhatToDo() throws Exception {
        try (var parts = parts(1000, 25, "silenceSeconds: 5")) {
            var worker = parts.worker("first");
            parts.await(PATIENCE, "member", () -> Files.exists(parts.place().resolve("first/membership.json")));
            worker.close();
            var newer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
            newer.setHttpsConfigurator(
                    new HttpsConfigurator(ServerIdentity.in(parts.place()).context()));
            var reason = Protocol.difference(new Protocol(1, 7), Protocol.SPOKEN);
            newer.createContext("/", exchange -> {
                var body = Messages.bytes(new Messages.Refusal(reason));
                exchange.sendResponseHeaders(403, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            newer.start();
            try {
                parts.worker(
                        "first",
                        URI.create("https://127.0.0.1:" + newer.getAddress().getPort()));
                parts.await(PATIENCE, "reason", () -> !parts.stopped().isEmpty());
                assertEquals(Set.of("first: the coordinator refuses: " + reason), parts.stopped());
            } finally {
                newer.stop(0);
            }
        }
    }

    @Test
    void aWorkersMachineIsFullThenDiesThenComesBackAndTheJobGoesOn() throws Exception {
        try (var parts = parts(1000, 25, "silenceSeconds: 5")) {
            var first = parts.worker("first");
            // a limit on files says the same as a disk without room, and needs no disk of its own
            var full = parts.program(WORKER, List.of("prlimit", "--fsize=" + FULL + ":unlimited", "--"));
            assertTrue(full.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            var said = Files.readString(parts.log(WORKER));
            assertEquals(1, full.exitValue(), said);
            var place = parts.place().resolve(WORKER);
            var reasons =
                    said.lines().filter(line -> line.contains("cannot be used")).toList();
            assertEquals(1, reasons.size(), said);
            assertTrue(reasons.getFirst().contains("the folder " + place + " cannot be used: "), said);
            assertFalse(said.contains("\tat "), said);

            var program = parts.program(WORKER);
            try {
                awaitRoundOfBoth(parts, 0);
                var name = parts.coordinator().workers().keySet().stream()
                        .filter(worker -> !worker.equals(first.status().worker()))
                        .findAny()
                        .orElseThrow();
                parts.await(PATIENCE, "step of the program", () -> step(parts, name) > 0);
                var engines = program.descendants().toList();
                assertFalse(engines.isEmpty(), "it has an engine");
                program.destroyForcibly().waitFor(); // SIGKILL: it says no goodbye
                var killed = parts.coordinator().state().round();
                parts.await(
                        PATIENCE,
                        "rounds without it",
                        () -> parts.roundsSince(killed).size() > 1);
                assertTrue(engines.stream().noneMatch(ProcessHandle::isAlive), "its engine is gone with it");

                program = parts.program(WORKER);
                var round = awaitRoundOfBoth(parts, parts.coordinator().state().round());
                assertEquals(
                        Set.of(first.status().worker(), name),
                        Set.copyOf(parts.roundsSince(round).getFirst().workers()),
                        "it is who it was");
            } finally {
                program.destroyForcibly().waitFor();
            }
            assertEquals(Phase.RUNNING, parts.coordinator().state().phase());
            assertEquals(Set.of(), parts.stopped());
        }
    }

    /** What was done since then is gone, and nobody waits for it for ever. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCoordinatorThatGoesOnFromAnOlderCopyHasItsWorkersGoBackWithIt(int delay) throws Exception {
        var job = JobParts.smallJob(folder, 1000, 25);
        if (delay > 0) { // which is for parts in turn alone
            Files.writeString(
                    job,
                    Files.readString(job)
                            .replace("layers: 1", "layers: 2")
                            .replace("down: int4", "down: int4, fragments: 2, delay: " + delay));
        }
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            parts.worker("first");
            parts.await(
                    PATIENCE, "some rounds", () -> parts.coordinator().state().round() >= 3);
            parts.stop();
            var kept = folder.resolve("kept");
            var old = copy(parts.place(), kept, Set.of("first"));
            parts.start();
            var round = parts.coordinator().state().round();
            parts.await(
                    PATIENCE, "more rounds", () -> parts.coordinator().state().round() >= round + 4);
            parts.stop();
            copy(kept, parts.place(), Set.of("first"));
            parts.start();
            assertEquals(round, parts.coordinator().state().round());
            parts.await(
                    PATIENCE,
                    "rounds after the old one",
                    () -> parts.coordinator().state().round() >= round + 6);
            assertTrue(old > 5, "files of a job: " + old);
            for (var ended : parts.roundsSince(round)) {
                assertEquals(List.of("worker-1"), ended.workers(), ended.toString());
            }
            assertEquals(Set.of(), parts.stopped());
        }
    }

    /**
     * The others came to the same round anew while it was in the middle of it: the number alone tells it nothing. What it would
     * send is of other weights, and its replay would call it a cheat.
     */
    @Test
    void whoSawNothingOfAnOlderCopyThatCaughtUpSendsNothingOfTheOtherOne() throws Exception {
        var job = JobParts.smallJob(folder, 1000, 60);
        Files.writeString(job, Files.readString(job) + "trust: open\nround: {silenceSeconds: 5}\n");
        try (var parts = new JobParts(job, folder.resolve("parts"))) {
            var slow = parts.worker("slow");
            var other = parts.worker("other");
            awaitRoundOfBoth(parts, 0);
            pause(parts, other);
            parts.stop();
            var kept = folder.resolve("kept");
            copy(parts.place(), kept, WORKERS);
            parts.start();
            var round = parts.coordinator().state().round();
            parts.await(
                    PATIENCE,
                    "the middle of a later round",
                    () -> slow.status().round() >= round + 3 && slow.status().step() > 2);
            pause(parts, slow);
            var reached = slow.status().round();
            assertTrue(slow.status().step() > 2, slow.status().toString());

            parts.stop();
            Thread.sleep(UNHEARD);
            copy(kept, parts.place(), WORKERS);
            parts.start();
            other.paused(false);
            parts.await(
                    PATIENCE,
                    "the same round",
                    () -> parts.coordinator().state().round() >= reached);
            slow.paused(false);
            var again = parts.coordinator().state().round();
            parts.await(
                    PATIENCE,
                    "a round of the slow one",
                    () -> parts.roundsSince(again).stream()
                            .anyMatch(ended -> ended.workers().contains(name(slow))));
            pause(parts, slow);
            pause(parts, other);
            for (var ended : parts.roundsSince(round)) {
                assertEquals(Map.of(), ended.dropped(), ended.toString());
            }
            assertEquals(Set.of(), parts.stopped());
        }
    }

    private static void pause(JobParts parts, TrainingWorker worker) throws InterruptedException {
        worker.paused(true);
        parts.await(PATIENCE, "a pause", () -> worker.status().doing() == Messages.Doing.PAUSED);
    }

    /** @return files of {@code from} that {@code to} holds now, and none beside them */
    private static int copy(Path from, Path to, Set<String> but) throws IOException {
        for (var target : List.of(from, to)) {
            Files.createDirectories(target);
        }
        try (var old = Files.walk(to)) {
            for (var file : old.filter(Files::isRegularFile).toList()) {
                if (!but.contains(to.relativize(file).getName(0).toString())) {
                    Files.delete(file);
                }
            }
        }
        var copied = 0;
        try (var all = Files.walk(from)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                var name = from.relativize(file);
                if (!but.contains(name.getName(0).toString())) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                    copied++;
                }
            }
        }
        return copied;
    }

    /** A room counts on its heat. What hinders a card is over as soon as a worker has joined: at level 0 nobody makes a step. */
    @Test
    void aHeaterTriesAgainAfterStartsInVainAndAfterItsCoordinatorHasStopped() throws Exception {
        try (var parts = parts(1000, 25, "silenceSeconds: 5")) {
            var notes = new CopyOnWriteArrayList<String>();
            var tries = new AtomicInteger();
            TrainingWork.Start start = meter -> {
                if (tries.getAndIncrement() < 3) {
                    throw new IOException("no router");
                }
                return parts.unstarted("card", meter);
            };
            try (var work =
                    TrainingWork.measured("card", start, () -> OptionalDouble.of(100), System::nanoTime, notes::add)) {
                parts.await(PATIENCE, "a hindrance", () -> work.hindrance().isPresent());
                assertEquals(Optional.of("it does not train: no router"), work.hindrance());
                assertFalse(work.standing().takesPart());
                parts.await(PATIENCE, "its membership", () -> work.standing().takesPart());
                assertEquals(Optional.empty(), work.hindrance(), "it is at level 0, and may be set higher");
                assertEquals(List.of("training card: no router"), notes);
                work.setThreads(1);
                parts.await(PATIENCE, "its round", () -> !parts.roundsSince(0).isEmpty());

                // as of a full disk
                var checkpoints = parts.place().resolve("checkpoints");
                Files.move(checkpoints, folder.resolve("aside"));
                parts.await(
                        PATIENCE,
                        "the job's stop",
                        () -> parts.coordinator().state().phase() == Phase.FAILED);
                parts.await(PATIENCE, "word of it", () -> notes.size() > 1);
                assertTrue(notes.get(1).endsWith("it is asked again"), notes.toString());
                assertFalse(work.standing().takesPart() || work.standing().over());
                parts.stop();
                Files.move(folder.resolve("aside"), checkpoints);
                parts.start();
                var round = parts.coordinator().state().round();
                parts.await(
                        PATIENCE,
                        "another round of it",
                        () -> parts.roundsSince(round).size() > 1);
                assertTrue(work.standing().takesPart());
            }
        }
    }

    @Test
    void whoWasExcludedHearsWhyHoweverOftenItComesBackAndGoesOnWhenThatIsTakenBack() throws Exception {
        try (var parts = parts(100_000, 5, "silenceSeconds: 5")) {
            var command = Child.command(
                    Main.class,
                    "worker",
                    "join",
                    parts.address().toString(),
                    parts.token(),
                    "--folder",
                    parts.place().resolve(WORKER).toString());
            try (var program = Child.of(command)) {
                parts.await(PATIENCE, "its round", () -> parts.roundsSince(0).size() > 1);
                parts.coordinator().exclude("worker-1", "its owner asked for it");
                program.await("the reason", PATIENCE, line -> line.contains("excluded: its owner asked for it"));
            }
            try (var program = Child.of(command)) {
                program.await("the same reason", PATIENCE, line -> line.contains("excluded: its owner asked for it"));
            }
            parts.coordinator().readmit("worker-1");
            var round = parts.coordinator().state().round();
            try (var _ = Child.of(command)) {
                parts.await(
                        PATIENCE,
                        "a round of it",
                        () -> parts.roundsSince(round).size() > 1);
                assertEquals(
                        List.of("worker-1"), parts.roundsSince(round).getFirst().workers());
            }
        }
    }

    /** Nobody would take what it does, and its room should know that no heat comes any more. */
    @Test
    void whoIsPausedInTheMiddleOfARoundHearsThatTheJobIsOver() throws Exception {
        try (var parts = parts(1, 2500, "quorum: 0.5")) {
            var paused = parts.worker("paused");
            parts.await(PATIENCE, "some steps", () -> step(parts, "worker-1") > 2);
            paused.paused(true);
            parts.await(
                    PATIENCE,
                    "its pause",
                    () -> parts.coordinator().workers().get("worker-1").beat().doing() == Messages.Doing.PAUSED);
            parts.worker("other");
            assertTrue(parts.coordinator().awaitEnd(PATIENCE), () -> "not over: " + parts.stopped());
            parts.coordinator().awaitGoodbyes(PATIENCE);
            assertEquals(Map.of(), parts.coordinator().workers());
            assertEquals(Set.of(), parts.stopped());
        }
    }

    private static int step(JobParts parts, String worker) {
        var seen = parts.coordinator().workers().get(worker);
        return seen == null ? 0 : seen.beat().step();
    }

    /** Number of the first round since {@code round} in which two counted. */
    private static long awaitRoundOfBoth(JobParts parts, long round) throws InterruptedException {
        parts.await(
                PATIENCE,
                "round of both",
                () -> parts.roundsSince(round).stream()
                        .anyMatch(ended -> ended.workers().size() == 2));
        return parts.roundsSince(round).stream()
                .filter(ended -> ended.workers().size() == 2)
                .findFirst()
                .orElseThrow()
                .round();
    }

    @Test
    @Timeout(450)
    void overALineThatStallsAndBreaksNothingIsLostAndNothingCountsTwice() throws Exception {
        try (var parts = parts(BAD_ROUNDS, 15, "leastWorkers: 2");
                var line = new BadLine(parts.address(), 5)) {
            parts.worker("first", line.address());
            parts.worker("second", line.address());
            assertTrue(
                    parts.coordinator().awaitEnd(BAD_LINE),
                    () -> "not over: " + parts.stopped() + " "
                            + parts.coordinator().state() + " "
                            + parts.coordinator().workers() + ", " + line.breaks() + " breaks");
            assertEquals(Phase.DONE, parts.coordinator().state().phase());
            assertTrue(line.breaks() > 2 && line.stalls() > 2, line.breaks() + " breaks, " + line.stalls() + " stalls");
            for (var round : parts.coordinator().history()) {
                assertEquals(2, Set.copyOf(round.workers()).size(), round.toString());
                assertEquals(Set.of(), round.dropped().keySet());
            }
            assertEquals(
                    BAD_ROUNDS * 2 * parts.coordinator().spec().tokensOfRound(),
                    parts.coordinator().tokens());
            assertEquals(2, workers(parts.place()).size(), "a lost answer makes no other worker");
            var account = Receipts.check(parts.place());
            assertEquals(List.of(), account.problems());
            assertEquals(BAD_ROUNDS * 2, account.good().size());
        }
    }

    private static Set<String> workers(Path place) throws IOException {
        var names = new TreeSet<String>();
        for (var line : Files.readAllLines(place.resolve("members.jsonl"))) {
            if (line.contains("\"worker\"")) {
                names.add(line.replaceAll(".*\"worker\":\"([^\"]*)\".*", "$1"));
            }
        }
        return names;
    }
}
