package org.athanor.cli.heater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.athanor.cli.Main;
import org.athanor.cli.train.JobParts;
import org.athanor.edge.Snapshot;
import org.athanor.edge.Tick;
import org.athanor.network.training.Receipts;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.engine.EngineLimits.Isolation;
import org.athanor.training.mailbox.Messages.Doing;
import org.athanor.units.Celsius;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** This computer as a heater that trains, by a heater file, with a real coordinator and a real engine. */
@Timeout(300)
class TrainingHeaterTest {
    private static final Instant START = Instant.parse("2019-01-05T06:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double WATTS = 20;

    @TempDir
    private Path folder;

    private final List<Snapshot> cycles = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private final AtomicReference<Throwable> broken = new AtomicReference<>();

    private String file(JobParts job) throws IOException {
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
                  - id: pc
                    name: The PC
                    kind: computer
                    threads: 1
                    wattsPerThread: %s
                    training: {url: "%s", token: %s, memoryMiB: 2048, pays: 0.5}
                """.formatted(WATTS, job.address(), job.token());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "no " + what);
            Thread.sleep(20);
        }
    }

    /** Of the engine's processes, as Linux tells it. */
    private List<String> engineStates() {
        return Engines.states(folder.resolve("state").resolve("training").resolve("pc"));
    }

    private Optional<String> level() {
        return cycles.isEmpty()
                ? Optional.empty()
                : cycles.getLast().heaters().getFirst().level();
    }

    @Test
    void theRoomSetsTheThreadsAndOutlivesTheEngine() throws Exception {
        try (var job = JobParts.small(folder.resolve("elsewhere"), 1000, 40);
                var ground = HomeOnPorts.open(folder.resolve("heater.yaml"), file(job), START, 1)) {
            var ticker = new WorldTicker(ground.world(), START) {
                @Override
                public Tick next() throws InterruptedException {
                    Thread.sleep(100); // a minute of the home in a tenth of a second
                    if (ended)
                        throw new InterruptedException("between two cycles, and not while the journal is written");
                    return super.next();
                }
            };
            try (var home = HeaterHome.open(ground.setup(), ticker, ticker, notes::add)) {
                var control = Thread.ofPlatform().name("control").start(() -> {
                    try {
                        home.house().run(cycle -> cycles.add(cycle.getValue()));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException | Error e) {
                        broken.set(e);
                    }
                });
                var work = home.trainings().get("pc");
                await("cold room", () -> level().equals(Optional.of("1 thread")));
                await("two rounds", () -> job.coordinator().state().round() >= 2);

                // its engine dies: the room goes on, and so does the training
                var before = cycles.size();
                var round = job.coordinator().state().round();
                work.killEngine();
                await(
                        "training after the engine's death",
                        () -> job.coordinator().state().round() >= round + 2);
                assertTrue(cycles.size() > before);
                assertEquals(Optional.of("1 thread"), level());

                // the room gets warm
                var edge = home.house().parts().getFirst().edge();
                await("a running engine", () -> engineStates().stream().noneMatch("T"::equals));
                edge.setpoint(new Celsius(10));
                await("level 0", () -> level().equals(Optional.of("off")));
                var frozen = System.nanoTime();
                await("frozen engine", () -> engineStates().stream().allMatch("T"::equals));
                assertTrue(System.nanoTime() - frozen < 1_000_000_000L, "within a second");
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
                assertEquals(null, broken.get());
                assertTrue(control.isAlive());
                ended = true;
                control.join();
                double trained = work.standing().joules() / 3.6e6;
                double paid = cycles.getLast().books().expected().amount();
                assertTrue(paid > 0 && paid <= 0.5 * trained + 1e-12, paid + " for " + trained + " kWh");
                assertEquals(0.5 * trained, paid, 0.5 * WATTS * 5 / 3.6e6, "but for the last seconds");
            }
            assertEquals(List.of(), engineStates(), "nothing is left");
            metered(job);
        }
    }

    /** What the receipts say was drawn, by the level's watts: no more than the time that the job was worked on. */
    private static void metered(JobParts job) throws IOException {
        var account = Receipts.check(job.place());
        assertEquals(List.of(), account.problems());
        assertFalse(account.good().isEmpty());
        double seconds = 0;
        for (var receipt : account.good()) {
            var joules = receipt.claim().joules();
            assertTrue(joules != null && joules > 0, receipt.toString());
            seconds += joules / WATTS;
        }
        var history = job.coordinator().history();
        var cpuSeconds =
                history.stream().mapToDouble(round -> round.cpuSeconds()).sum();
        assertTrue(seconds > 0.8 * cpuSeconds, seconds + " s at the level's watts, " + cpuSeconds + " s of processor");
        var joules = history.stream().mapToDouble(round -> round.joules()).sum();
        assertEquals(seconds * WATTS, joules, 1e-6 * joules);
    }

    @Test
    void aHeaterFileSaysWhatIsTrainedAndAllThatIsWrong() throws Exception {
        var good = """
                tariff: {kind: flat, price: 0.3}
                rooms:
                  - {id: study, floorArea: 15, thermometer: {kind: shelly, address: 127.0.0.1}}
                heaters:
                  - id: pc
                    kind: computer
                    threads: 2
                    terahashesPerWatt: 0.001
                    work: WORK
                    training: {url: "https://192.0.2.10:8650", token: TOKEN, up: 5, pays: 0.0001}
                mining: {pool: "stratum+tcp://pool.example.com:3333", user: me}
                """.replace("TOKEN", "A".repeat(64));
        var setup = HeaterFile.parse("heater.yaml", good.replace("WORK", "training"), folder);
        var computer = (HomeSetup.Computer) setup.heaters().getFirst().source();
        assertEquals(625_000, computer.training().orElseThrow().upBytes());
        assertFalse(setup.toString().contains("AAAA"), "a token stays out of messages");
        assertEquals(new HomePay.Work(true, 0.0001), HomePay.best(computer, setup));
        assertEquals(
                new EngineLimits(4L << 30, 1, Isolation.WHERE_POSSIBLE),
                computer.training().orElseThrow().limits());
        var best = HeaterFile.parse("heater.yaml", good.replace("WORK", "best"), folder);
        var pay = HomePay.best((HomeSetup.Computer) best.heaters().getFirst().source(), best);
        assertFalse(pay.trains(), "mining pays more: " + pay);
        assertTrue(pay.perKwh() > 0.0001, pay.toString());
        var dearer =
                HeaterFile.parse("heater.yaml", good.replace("WORK", "best").replace("0.0001", "0.2"), folder);
        assertTrue(HomePay.best((HomeSetup.Computer) dearer.heaters().getFirst().source(), dearer)
                .trains());

        var text = good.replace("WORK", "training").replace("up: 5", "withoutSandbox: true");
        var file = Files.writeString(folder.resolve("open.yaml"), text);
        var open =
                (HomeSetup.Computer) HeaterFile.read(file).heaters().getFirst().source();
        assertEquals(Isolation.NONE, open.training().orElseThrow().limits().sandbox());
        var checked = new StringWriter();
        new CommandLine(new Main()).setOut(new PrintWriter(checked)).execute("heater", "check", file.toString());
        assertTrue(
                checked.toString().contains("without a sandbox: The engine is not shut in: a TorchScript module may"),
                checked.toString());

        var said = mistakes(good.replace("WORK", "knitting")
                .replace("https:", "http:")
                .replace("A".repeat(64), "short")
                .replace("up: 5", "upp: 5, withoutSandbox: maybe"));
        for (var part : List.of(
                "line 9, heaters[0].work: knitting: one of mining, training, best is accepted",
                "line 10, heaters[0].training.url: http://192.0.2.10:8650: an address such as https://",
                "line 10, heaters[0].training.token: what stands there: a join token such as",
                "line 10, heaters[0].training.upp: unknown key; did you mean up?",
                "line 10, heaters[0].training.withoutSandbox: maybe: one of true, false is accepted"))
            assertTrue(said.contains(part), part + " in\n" + said);
        assertTrue(mistakes(good.replace("WORK", "mining")).contains("training is said of what only mines"));
        assertTrue(mistakes(good.replace("WORK", "best").replaceFirst("    training:.*\n", ""))
                .contains("heaters[0].training: missing; with work, the job as"));
        assertTrue(mistakes(good.replace("WORK", "best").replace("kind: computer", "kind: element\n    watts: 100"))
                .contains("heaters[0].work: only the work of this computer and its GPUs can be chosen"));
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
