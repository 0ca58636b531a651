package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.athanor.cli.Main;
import org.athanor.cli.train.JobParts;
import org.athanor.devices.testing.FakeNvml;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.network.training.Receipts;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.engine.EngineLibraries.Places;
import org.athanor.training.mailbox.Messages.Doing;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A GPU as a heater that trains, by a heater file, with a real coordinator and a real engine. No card is here: NVIDIA's library is one of
 * our own, whose card is busy while the engine's processes run, and the engine is told to take the processor for the card.
 */
@Timeout(300)
class TrainingCardTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double BUSY_WATTS = 270;
    private static final double IDLE_WATTS = 12;

    @TempDir
    private Path folder;

    private final List<Snapshot> cycles = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> broken = new AtomicReference<>();
    private volatile boolean ended;
    private Thread wires;

    private static String file(JobParts job) throws IOException {
        return """
                zone: UTC
                state: state
                tariff: {kind: flat, price: 0.3}
                rooms:
                  - id: study
                    floorArea: 15
                    setpoint: 23
                    thermometer: {kind: shelly, address: "127.0.0.1:PORT"}
                heaters:
                  - id: card
                    name: The card
                    kind: gpu
                    levels: [300]
                    work: training
                    training: {url: "%s", token: %s, memoryMiB: 2048, pays: 0.5}
                """.formatted(job.address(), job.token());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "no " + what);
            Thread.sleep(20);
        }
    }

    private List<String> engineStates() {
        return Engines.states(folder.resolve("state").resolve("training").resolve("card"));
    }

    private boolean engineRuns() {
        return engineStates().stream().anyMatch(state -> !state.equals("T"));
    }

    private Snapshot.HeaterView card() {
        return cycles.getLast().heaters().getFirst();
    }

    private boolean isAt(String level) {
        return !cycles.isEmpty() && card().level().equals(Optional.of(level));
    }

    private boolean draws(double watts) {
        return !cycles.isEmpty() && Math.abs(card().watts().orElseThrow().value() - watts) < 1;
    }

    /** The card is as busy as its engine. */
    private void wire(FakeNvml nvml, HeaterHome home) {
        wires = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    var training = home.trainings()
                            .get("card")
                            .standing()
                            .worker()
                            .filter(worker -> worker.doing() == Doing.TRAINING)
                            .isPresent();
                    nvml.busy(training && engineRuns());
                    Thread.sleep(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void unwire() throws InterruptedException {
        if (wires == null) return;
        wires.interrupt();
        wires.join();
    }

    private Thread control(HeaterHome home) {
        return Thread.ofPlatform().name("control").start(() -> {
            try {
                home.house().run(cycle -> cycles.add(cycle.getValue()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                broken.set(e);
            }
        });
    }

    /** A minute of the home in a tenth of a second. */
    private WorldTicker ticker(HomeOnPorts ground) {
        return new WorldTicker(ground.world(), START) {
            @Override
            public Tick next() throws InterruptedException {
                Thread.sleep(100);
                if (ended) throw new InterruptedException("between two cycles, and not while the journal is written");
                return super.next();
            }
        };
    }

    @Test
    void theRoomSetsThePowerLimitAndOutlivesEngineAndCoordinator() throws Exception {
        var nvml = new FakeNvml(folder);
        var cards = new TrainingCards(nvml.library(), _ -> Places.usual().onProcessor());
        try (var job = JobParts.small(folder.resolve("elsewhere"), 1000, 40);
                var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), file(job), START, 1)) {
            var ticker = ticker(ground);
            try (var home = HeaterHome.open(ground.setup(), cards, ticker, ticker, notes::add)) {
                wire(nvml, home);
                var control = control(home);
                var work = home.trainings().get("card");
                await("cold room", () -> isAt("300 W"));
                assertEquals(OptionalInt.of(300), nvml.limit());
                await("two rounds", () -> job.coordinator().state().round() >= 2);
                await("a card that works", () -> draws(BUSY_WATTS));

                // its engine dies: the room goes on, and so does the training
                var round = job.coordinator().state().round();
                work.killEngine();
                await(
                        "training after the engine's death",
                        () -> job.coordinator().state().round() >= round + 2);
                assertTrue(isAt("300 W"));

                // the room gets warm
                var edge = home.house().parts().getFirst().edge();
                await("a running engine", this::engineRuns);
                edge.setpoint(new Celsius(10));
                await("level 0", () -> work.level() == 0);
                var frozen = System.nanoTime();
                await("frozen engine", () -> !engineRuns());
                assertTrue(System.nanoTime() - frozen < 1_000_000_000L, "within a second");
                await("a card that is off", () -> isAt("off"));
                assertTrue(draws(IDLE_WATTS));
                assertEquals(OptionalInt.of(100), nvml.limit(), "the least");
                assertTrue(card().guarded(), "what computes ends with the program");
                // what it had done of a round just before may be on its way still
                await("a pause", () -> work.standing().worker().orElseThrow().doing() == Doing.PAUSED);
                var stands = job.coordinator().state().round();
                var steps = work.standing().worker().orElseThrow().step();
                Thread.sleep(1500);
                assertEquals(stands, job.coordinator().state().round());
                assertEquals(steps, work.standing().worker().orElseThrow().step());
                assertFalse(engineStates().isEmpty(), "a short pause keeps the engine");

                // and cold again: the same round goes on
                edge.setpoint(new Celsius(23));
                await("rounds after the pause", () -> job.coordinator().state().round() >= stands + 2);

                // without a coordinator the card idles at its level, and no more is counted than it draws
                job.stop();
                await("a card that idles", () -> isAt("300 W") && draws(IDLE_WATTS));
                assertEquals(Optional.empty(), card().fault());
                job.start();
                var alone = job.coordinator().state().round();
                await(
                        "metered rounds with the coordinator",
                        () -> metered(job, alone).count() >= 2);
                assertNull(broken.get());
                assertTrue(control.isAlive());
                ended = true;
                control.join();
                double trained = work.standing().joules() / 3.6e6;
                double paid = cycles.getLast().books().expected().amount();
                assertTrue(paid > 0, "training is paid");
                assertEquals(0.5 * trained, paid, 0.5 * BUSY_WATTS * 5 / 3.6e6, "but for the last seconds");
            }
            assertEquals(List.of(), engineStates(), "nothing is left");
            metered(job);
        }
    }

    /** What the receipts say was drawn is what the card showed in the rounds, or unknown. */
    private static void metered(JobParts job) throws IOException {
        var account = Receipts.check(job.place());
        assertEquals(List.of(), account.problems());
        var known = account.good().stream()
                .filter(receipt -> receipt.claim().joules() != null)
                .toList();
        assertEquals(metered(job, 0).count(), known.size(), account.good().toString());
        double seconds = 0;
        for (var receipt : known) seconds += receipt.claim().joules() / BUSY_WATTS;
        var cpuSeconds = metered(job, 0).mapToDouble(RoundRecord::cpuSeconds).sum();
        assertTrue(seconds > 0.3 * cpuSeconds, seconds + " s at work, " + cpuSeconds + " s of processor");
    }

    /** A round of less than a second may be over before the gauge is read. */
    private static Stream<RoundRecord> metered(JobParts job, long from) {
        try {
            return job.coordinator().history().stream()
                    .filter(round -> round.round() >= from && !round.metered().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutACardToTrainOnNothingIsTrainedAndTheRoomIsToldOnceWhy() throws Exception {
        assumeTrue(Places.usual().noCard().isPresent(), "a card is here");
        var nvml = new FakeNvml(folder);
        var cards = new TrainingCards(nvml.library(), uuid -> Places.usual().onCard(uuid));
        try (var job = JobParts.small(folder.resolve("elsewhere"), 1000, 40);
                var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), file(job), START, 1)) {
            var ticker = ticker(ground);
            try (var home = HeaterHome.open(ground.setup(), cards, ticker, ticker, notes::add)) {
                var control = control(home);
                await("cold room", () -> isAt("300 W"));
                assertTrue(draws(IDLE_WATTS), "it does not heat");
                await(
                        "an alarm",
                        () -> cycles.getLast().alarms().stream()
                                .anyMatch(alarm -> alarm.startsWith(
                                        "The card: it does not train: there is no card to train on: ")));
                await("a heater that is not counted on", () -> isAt("off"));
                ended = true;
                control.join();
            }
            assertNull(broken.get());
            var said = notes.stream()
                    .filter(note -> note.contains("no card to train on"))
                    .toList();
            assertEquals(1, said.size(), notes.toString());
            assertTrue(
                    said.getFirst().startsWith("training The card: there is no card to train on: "), said.getFirst());
            assertEquals(0, job.coordinator().state().round(), "and never on the processor");
            assertFalse(Files.exists(folder.resolve("state/training/card")), "nobody has joined");
        }
    }

    @Test
    void aCardWhoseJobIsOverIsNotCountedOn() throws Exception {
        var nvml = new FakeNvml(folder);
        var cards = new TrainingCards(nvml.library(), _ -> Places.usual().onProcessor());
        try (var job = JobParts.small(folder.resolve("elsewhere"), 2, 10);
                var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), file(job), START, 1)) {
            var ticker = ticker(ground);
            try (var home = HeaterHome.open(ground.setup(), cards, ticker, ticker, notes::add)) {
                wire(nvml, home);
                var control = control(home);
                await("a cold room", () -> isAt("300 W"));
                await(
                        "a fault",
                        () -> card().fault().equals(Optional.of("it does not train: the job is done after 2 rounds")));
                await("a heater that is not counted on", () -> isAt("off"));
                ended = true;
                control.join();
            }
            assertNull(broken.get());
            assertEquals(List.of("training The card: the job is done after 2 rounds"), notes);
        }
    }

    @Test
    void checkSaysWhatACardTrainsAndWhatItDoesBetweenRounds() throws Exception {
        var file = Files.writeString(folder.resolve("card.yaml"), """
                tariff: {kind: flat, price: 0.3}
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: 127.0.0.1}}
                heaters:
                  - id: card
                    kind: gpu
                    card: GPU-ffffffff-0000
                    training: {url: "https://192.0.2.10:8650", token: TOKEN}
                """.replace("TOKEN", "A".repeat(64)));
        var said = new StringWriter();
        int exit =
                new CommandLine(new Main()).setOut(new PrintWriter(said)).execute("heater", "check", file.toString());
        var text = said.toString();
        assertEquals(1, exit, text);
        assertTrue(
                text.contains("  card, protected\n    trains for https://192.0.2.10:8650, which pays nothing"), text);
        assertTrue(text.contains("fetched at the first start (480 MB, with libtorch for CUDA)"), text);
        assertTrue(text.contains("between rounds nothing else computes on the card"), text);
        assertTrue(text.contains("but heater card, kind gpu: "), text);
        assertFalse(text.contains("it will not heat"), text);
    }

    @Test
    void aHeaterFileSaysWhatACardTrainsAndAllThatIsWrong() {
        var good = """
                tariff: {kind: flat, price: 0.3}
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: 127.0.0.1}}
                heaters:
                  - id: card
                    kind: gpu
                    card: 1
                    work: training
                    training: {url: "https://192.0.2.10:8650", token: TOKEN, up: 5, pays: 0.1}
                """.replace("TOKEN", "A".repeat(64));
        var setup = HeaterFile.parse("heater.yaml", good, folder);
        var card = (HomeSetup.Gpu) setup.heaters().getFirst().source();
        assertEquals("1", card.card());
        assertEquals(0.1, card.training().orElseThrow().paysPerKwh());
        assertFalse(setup.toString().contains("AAAA"), "a token stays out of messages");
        var unsaid = HeaterFile.parse("heater.yaml", good.replace("    work: training\n", ""), folder);
        assertEquals(card, unsaid.heaters().getFirst().source());

        assertEquals(
                "heater.yaml, line 8, heaters[0].work: mining: training, which is all that is computed on a gpu, is accepted",
                mistakes(good.replace("work: training", "work: mining")));
        assertEquals(
                "heater.yaml, line 8, heaters[0].work: best: training, which is all that is computed on a gpu, is accepted",
                mistakes(good.replace("work: training", "work: best")));
        assertEquals(
                "heater.yaml, line 9, heaters[0].training.url: missing; an address such as https://192.0.2.10:8650 is accepted",
                mistakes(good.replace("url: \"https://192.0.2.10:8650\", ", "")));
        assertTrue(mistakes(good.replaceFirst("    training:.*\n", ""))
                .contains(
                        "heaters[0].training: missing; with work, the job as {url: https://HOST:8650, token: TOKEN}"));
    }

    private String mistakes(String text) {
        try {
            HeaterFile.parse("heater.yaml", text, folder);
            return "no mistake";
        } catch (HeaterMistakes wrong) {
            return wrong.getMessage();
        }
    }
}
