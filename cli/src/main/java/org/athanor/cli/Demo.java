package org.athanor.cli;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.comfort.PlanningConfig;
import org.athanor.devices.cpu.CpuHeater;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.ControlledRoom;
import org.athanor.edge.Edge;
import org.athanor.edge.Snapshot;
import org.athanor.edge.journal.Earnings;
import org.athanor.edge.journal.Journal;
import org.athanor.edge.journal.JournalException;
import org.athanor.edge.journal.Terms;
import org.athanor.edge.mining.HashrateProbe;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.edge.page.PageException;
import org.athanor.edge.page.PageServer;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Report;
import org.athanor.network.Pool;
import org.athanor.network.PoolConfig;
import org.athanor.network.PoolStatus;
import org.athanor.network.ShareLogException;
import org.athanor.simulation.World;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.StratumRelay;
import org.athanor.units.Celsius;
import org.athanor.units.Hashrate;

/**
 * A simulated home, an edge and a pool in one process, wired as they would be over a network: the parts list of the
 * demo, in the order in which they are built.
 */
final class Demo {
    /** @param fresh whether the heater has never been in the home before */
    record Options(
            Duration span, double speed, long seed, int port, Celsius setpoint, LocalDate start, boolean fresh) {}

    static final String COMPUTER = "computer";
    static final String MINER = "miner";

    private static final String USER_PREFIX = "home.";
    static final String SIMULATED_AGENT = "athanor-simulated-avalon/0.1";
    /** A few per cent of a core. */
    private static final double SIMULATED_HASHES_PER_SECOND = 200_000;

    /** So that the flat's circuit carries the computer, the miner and the element at their nameplates. */
    private static final int MOST_THREADS = 2;

    private static final Duration PROBE = Duration.ofMillis(600);
    /** Of the first kernel; the vector kernels, compiled some seconds later, are up to four times as fast. */
    private static final double COMPUTER_SHARE_SECONDS = 0.6;

    private static final double MINER_SHARE_SECONDS = 0.3;
    private static final Duration SETTLE_VIRTUAL = Duration.ofMinutes(30);
    private static final Duration SETTLE_WALL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LIVE_EVERY = Duration.ofMillis(200);
    private static final Duration SUMMARY_EVERY = Duration.ofSeconds(5);

    private final Options options;
    private final DemoData data;
    private final MiningScenario scenario;
    private final WeightBook weights = new WeightBook();
    private final KernelOptions kernels;
    private final CountDownLatch stop;
    private final List<String> kernelNotes = new CopyOnWriteArrayList<>();
    private volatile Supplier<NonceScanner> scanners = NonceScanners::best;
    private volatile String trouble = "";

    /** @param stop ends the demo when it is counted down */
    Demo(Options options, DemoData data, MiningScenario scenario, KernelOptions kernels, CountDownLatch stop) {
        this.options = options;
        this.data = data;
        this.scenario = scenario;
        this.kernels = kernels;
        this.stop = stop;
    }

    /** Runs to the end and tells what it came to. */
    Report run(DataFolder folder, PrintStream out) throws Exception {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, MOST_THREADS);
        var living = past(threads);
        var computerRate = HashrateProbe.measure(PROBE, threads);
        var difficulty = new DemoDifficulty(computerRate.value() / threads, threads, SIMULATED_HASHES_PER_SECOND);
        var chain = new LocalChain(difficulty.target(), InstantSource.system());
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var journal = openJournal(folder)) {
            var earnings = new Earnings(
                    journal,
                    _ -> new Terms(Optional.empty(), Optional.of(scenario.rate())),
                    InstantSource.system(),
                    PATIENCE);
            var computerTally = new MiningTally(earnings);
            var minerTally = new MiningTally(earnings);
            try (var pool = Pool.start(
                            PoolConfig.of(
                                    loopback,
                                    difficulties(computerRate),
                                    folder.path().resolve("pool"),
                                    scenario),
                            chain,
                            line -> {
                                weights.add(line);
                                earnings.credited(line);
                            },
                            InstantSource.system());
                    var relay = StratumRelay.start(loopback, pool.address(), minerTally);
                    var computerWork = MiningWorker.start(
                            MiningWorker.Config.of(pool.address(), USER_PREFIX + COMPUTER, "athanor/0.1")
                                    .heatingWithoutPool(),
                            computerTally,
                            () -> scanners.get());
                    var minerWork = MiningWorker.start(
                            MiningWorker.Config.of(relay.address(), USER_PREFIX + MINER, SIMULATED_AGENT)
                                    .throttledTo(SIMULATED_HASHES_PER_SECOND),
                            _ -> {}); // its shares are witnessed by the relay, as a real device's would be
                    var home = new DemoHeaters(
                            options,
                            data,
                            living.join(),
                            threads,
                            computerWork,
                            minerWork,
                            computerTally,
                            minerTally)) {
                Runnable follow = () -> difficulty
                        .look(computerWork.counters().noncesTried(), computerWork.hashing())
                        .ifPresent(chain::setTarget);
                var past = living.join();
                past.ifPresent(lived -> journal.learned(ControlLoop.LEARNED, start(), lived.learned()));
                return heat(home, past, pool, follow, journal, earnings, List.of(computerWork, minerWork), out);
            }
        }
    }

    private Instant start() {
        return options.start().atStartOfDay().toInstant(offset());
    }

    /** Lived while this computer's hash rate is measured and the pool starts, on another core if there is one. */
    private CompletableFuture<Optional<DemoPast>> past(int threads) {
        if (options.fresh()) return CompletableFuture.completedFuture(Optional.empty());
        return CompletableFuture.supplyAsync(() -> {
            try (var computer = new CpuHeater(COMPUTER, new IdleChips(), threads, DemoHeaters.WATTS_PER_THREAD)) {
                var comfort = FlatEdge.comfort(computer.capabilities(), offset(), options.setpoint());
                return Optional.of(DemoPast.live(
                        data.weather(),
                        start(),
                        options.seed(),
                        new PlanningConfig(comfort, FlatEdge.PRIOR),
                        new DemoOutlook(data, scenario, options.seed())));
            }
        });
    }

    private Report heat(
            DemoHeaters home,
            Optional<DemoPast> past,
            Pool pool,
            Runnable followRate,
            Journal journal,
            Earnings earnings,
            List<MiningWorker> workers,
            PrintStream out)
            throws Exception {
        var pace = new Pace(options.speed(), System::nanoTime);
        var world = home.world();
        var start = world.clock().instant();
        var books = new DemoBooks();
        var settler = new Settler(
                () -> Duration.between(start, world.clock().instant()).toNanos(),
                System::nanoTime,
                home.avalon()::nominalHashes,
                () -> workers.getLast().counters().noncesTried());
        var steps = new DemoSteps(home, data, scenario, books, workers.getFirst());
        Runnable settle = () -> settle(settler, pool, home);
        var ticker = new DemoTicker(pace, options.speed(), world.clock(), start, step -> {
            steps.advance(step);
            followRate.run();
            if (settler.virtualSinceLast() >= SETTLE_VIRTUAL.toNanos()
                    || settler.wallSinceLast() >= SETTLE_WALL.toNanos()) trySettling(settle);
        });
        var config = home.edge(
                scenario, () -> new Snapshot.World(true, OptionalDouble.of(pace.reached()), offset(), notes(past)));
        var edge = new Edge(new ControlLoop(config, journal, earnings), journal, ticker);
        home.follow(edge::snapshot);
        try (edge;
                var page = openPage(edge);
                var chooser = kernels.start(kernelNotes::add); // not before the page is up: it needs a core for seconds
                var screen = Screen.standard()) {
            scanners = chooser;
            var url = "http://" + Addresses.text(page.address()) + "/";
            if (!screen.live()) {
                out.println("athanor demo: " + data.note());
                out.println("page on " + url + (options.span() == null ? "; Ctrl-C ends with a statement" : ""));
            }
            var day = new DemoDay(offset());
            var control = Thread.ofPlatform().name("control").unstarted(() -> control(edge, day));
            var failure = new AtomicReference<Throwable>();
            control.setUncaughtExceptionHandler((_, e) -> {
                failure.set(e);
                stop.countDown();
            });
            control.start();
            watch(edge, pool, screen, new DemoScreen(offset(), url, day));
            var speed = pace.reached();
            ticker.end();
            control.join();
            if (failure.get() != null) throw new IllegalStateException("the heater's control failed", failure.get());
            stopHeaters(edge, steps, out);
            settler.stopTime(); // waiting for the last verdicts is no time in which anything heated
            for (var worker : workers) worker.close();
            settle.run();
            awaitSettled(earnings);
            return report(home, books, pool.status(), earnings, start, speed);
        }
    }

    private static void control(Edge edge, DemoDay day) {
        try {
            edge.run(day::add);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shows the demo until it is to end. */
    private void watch(Edge edge, Pool pool, Screen screen, DemoScreen view) throws InterruptedException {
        long end = options.span() == null
                ? Long.MAX_VALUE
                : System.nanoTime() + options.span().toNanos();
        var every = screen.live() ? LIVE_EVERY : SUMMARY_EVERY;
        while (true) {
            long wait = Math.min(every.toNanos(), end - System.nanoTime());
            if (wait <= 0 || stop.await(wait, TimeUnit.NANOSECONDS)) return;
            var status = pool.status();
            var figures = new DemoFigures(status.blocksFound(), status.expectedBlocks());
            edge.snapshot().ifPresent(now -> screen.show(view.lines(now, figures), view.summary(now, figures)));
        }
    }

    /** Devices live in virtual time, so it goes on, at its own pace, until they have obeyed. */
    private static void stopHeaters(Edge edge, DemoSteps steps, PrintStream out) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        var outcome = new AtomicReference<List<ControlLoop.Stopped>>(List.of());
        var stopping = Thread.ofVirtual().start(() -> {
            try {
                outcome.set(edge.stop());
            } finally {
                stopped.countDown();
            }
        });
        while (!stopped.await(20, TimeUnit.MILLISECONDS)) steps.advance(Duration.ofSeconds(10));
        stopping.join();
        for (var heater : outcome.get()) if (!heater.off()) out.println("! " + heater.heater() + ": " + heater.how());
    }

    /** Books that cannot be written are no reason to let the room grow cold; the last settlement fails loudly. */
    private void trySettling(Runnable settle) {
        try {
            settle.run();
            trouble = "";
        } catch (JournalException | ShareLogException e) {
            trouble = "Not settled, and tried again with the next interval: " + e.getMessage();
        }
    }

    private void settle(Settler settler, Pool pool, DemoHeaters home) {
        var weights = new AtomicReference<Settler.Weightings>();
        pool.settle(user -> {
            if (weights.get() == null) weights.set(settler.close());
            return user.equals(USER_PREFIX + MINER)
                    ? weights.get().miner()
                    : weights.get().computer();
        });
        if (weights.get() != null) home.settled(weights.get());
    }

    private static void awaitSettled(Earnings earnings) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (earnings.waitingLines() > 0 && System.nanoTime() < deadline) Thread.sleep(10);
        earnings.review();
    }

    private Report report(
            DemoHeaters home, DemoBooks books, PoolStatus pool, Earnings earnings, Instant start, double speed) {
        var earnedMsat = earnings.earned();
        var credited = pool.total().credited();
        var money = books.accounts(scenario.value(earnedMsat), earnedMsat.value(), credited.value());
        var offset = offset();
        return new Report(
                new Report.Period(
                        start.atOffset(offset).toString(),
                        home.world().clock().instant().atOffset(offset).toString()),
                null,
                scenario.currency().getCurrencyCode(),
                new Report.Scenario(
                        scenario.name(),
                        scenario.date().toString(),
                        scenario.hashprice(),
                        scenario.bitcoinPrice().doubleValue(),
                        data.weatherSource(),
                        data.priceSource()),
                books.comfort(),
                books.energy(home.world().balanceRelativeError()),
                mining(pool),
                money,
                null,
                books.claims(),
                null,
                null,
                weights(),
                speed,
                Advice.of(money, books.usefulKwh(), scenario.currency().getCurrencyCode()));
    }

    private static Report.Mining mining(PoolStatus pool) {
        var accepted = new LinkedHashMap<String, Long>();
        var rejected = new LinkedHashMap<String, Long>();
        var work = new LinkedHashMap<String, String>();
        for (var heater : List.of(COMPUTER, MINER)) {
            var user = pool.user(USER_PREFIX + heater);
            accepted.put(heater, user.map(status -> status.accepted()).orElse(0L));
            rejected.put(heater, user.map(status -> status.rejectedCount()).orElse(0L));
            work.put(
                    heater,
                    user.map(status -> status.work().hashes().toString()).orElse("0"));
        }
        var luck = pool.luck();
        return new Report.Mining(
                accepted,
                rejected,
                pool.blocksFound(),
                work,
                new Report.Blocks(luck.expected(), 0.999, luck.low(), luck.high(), luck.agrees()));
    }

    private Map<String, Report.HeaterWeight> weights() {
        var byHeater = new LinkedHashMap<String, Report.HeaterWeight>();
        for (var heater : List.of(COMPUTER, MINER)) {
            var weight = weights.of(USER_PREFIX + heater);
            if (weight != null) byHeater.put(heater, weight);
        }
        return byHeater;
    }

    private ZoneOffset offset() {
        return World.offset(data.weather().location());
    }

    private List<String> notes(Optional<DemoPast> past) {
        var notes = new ArrayList<>(List.of(
                "Home and miner are simulated, and time in them runs faster; this computer and all hashing are real.",
                data.note() + " Forecasts are the simulated weather with the errors of real ones.",
                past.map(lived -> "Before the start the heater lived in this home for " + DemoPast.DAYS
                                + " days under its thermostat, simulated more coarsely and without sockets, and got to know it to "
                                + lived.known() + " (--fresh leaves that out).")
                        .orElse("The heater is new in this home: until it knows the room, its thermostat decides."),
                String.format(
                        Locale.ROOT,
                        "Mining pays as in %s (%s): difficulty %.4g, %s BTC a block, %s %s per bitcoin, pool fee %s %%; "
                                + "that is %.4f %s per TH/s per day. The chain is a local one with regtest's rules.",
                        scenario.name(),
                        scenario.date(),
                        scenario.difficulty(),
                        scenario.subsidy()
                                .plus(scenario.fees())
                                .bitcoin()
                                .stripTrailingZeros()
                                .toPlainString(),
                        scenario.bitcoinPrice().toPlainString(),
                        scenario.currency(),
                        scenario.poolFee()
                                .movePointRight(2)
                                .stripTrailingZeros()
                                .toPlainString(),
                        scenario.hashprice(),
                        scenario.currency())));
        notes.addAll(kernelNotes);
        if (!trouble.isEmpty()) notes.addFirst(trouble);
        return notes;
    }

    private Journal openJournal(DataFolder folder) {
        try {
            return Journal.open(folder.path().resolve("journal"));
        } catch (JournalException e) {
            throw new UserMistake("the journal cannot be opened: " + e.getMessage(), e);
        }
    }

    private PageServer openPage(Edge edge) {
        try {
            var room = new ControlledRoom("flat", "Flat", edge);
            return PageServer.start(PageServer.Config.loopback(options.port()), List.of(room), Optional.empty());
        } catch (PageException e) {
            throw new UserMistake("--port: " + e.getMessage(), e);
        }
    }

    private static DifficultyPolicy difficulties(Hashrate computer) {
        var forComputer =
                DemoDifficulty.target(computer.value(), COMPUTER_SHARE_SECONDS).difficulty();
        var forMiner = DemoDifficulty.target(SIMULATED_HASHES_PER_SECOND, MINER_SHARE_SECONDS)
                .difficulty();
        return (agent, user) -> agent.equals(SIMULATED_AGENT) ? forMiner : forComputer;
    }
}
