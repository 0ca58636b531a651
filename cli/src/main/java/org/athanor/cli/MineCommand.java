package org.athanor.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.mining.KernelChooser;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.network.MetricsEndpoint;
import org.athanor.stratum.PoolAddress;
import org.athanor.stratum.PoolTrust;
import org.athanor.units.Watts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mines with this computer. */
@Command(
        name = "mine",
        mixinStandardHelpOptions = true,
        header = "Mines with this computer for any Stratum V1 pool.",
        description = {
            "Mines at once, and faster some seconds later: the fastest kernels have to be compiled first (\"warming\").",
            "Watts are the whole processor's, where it measures them (RAPL; on most systems only root may read it)."
        },
        footer = {
            "",
            "Examples:",
            "  athanor mine --pool stratum+tcp://127.0.0.1:3333 --user me",
            "  athanor mine --pool stratum+tcp://pool.example:3333 --user ADDRESS.worker --threads 2 --for 10m",
            "  athanor mine --pool stratum+ssl://pool.example:3334 --user me --metrics 127.0.0.1:9643",
            "  athanor mine --bench                          every kernel on this processor",
            "  athanor mine --bench --seconds 20 --threads 1 --json"
        })
final class MineCommand implements Callable<Integer> {
    private static final Duration REPORT_EVERY = Duration.ofSeconds(2);
    private static final int MOST_SECONDS = 3600;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pool",
            paramLabel = "URL",
            description = "The pool, as stratum+tcp://HOST:PORT, or by TLS as stratum+ssl://HOST:PORT.")
    private String pool;

    @Option(names = "--user", paramLabel = "NAME", description = "User name at the pool.")
    private String user;

    @Option(
            names = "--pool-certificate",
            paramLabel = "SHA256",
            description = {
                "The pool must show this very certificate, named by the SHA-256 of its DER in hex",
                "(default: one from an authority that Java trusts)."
            })
    private String certificate;

    @Option(names = "--threads", paramLabel = "N", description = "Hashing threads (default: one per core).")
    private Integer threads;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            description = "Ends after this time, such as 30s or 2m (default: Ctrl-C).")
    private Duration span;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "Answers Prometheus here, at /metrics (default: not; a port alone is on 127.0.0.1).")
    private InetSocketAddress metrics;

    @Mixin
    private KernelOptions kernels;

    @Option(names = "--bench", description = "Measures every kernel, and needs no pool.")
    private boolean bench;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "With --bench: measures each kernel for so long, once it is compiled (default: 5).")
    private Integer seconds;

    @Option(names = "--json", description = "With --bench: prints JSON.")
    private boolean json;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        int hashing = threads();
        return bench ? bench(hashing) : mine(hashing);
    }

    private int threads() {
        int cores = Runtime.getRuntime().availableProcessors();
        int hashing = threads == null ? cores : threads;
        if (hashing < 1 || hashing > 4 * cores)
            throw wrong("--threads " + hashing + ": 1 to " + 4 * cores + " is accepted on this computer");
        return hashing;
    }

    private int bench(int hashing) throws InterruptedException {
        if (pool != null || user != null) throw wrong("--bench needs no pool: leave out --pool and --user");
        if (span != null)
            throw wrong("--for " + span + ": with --bench, --seconds N says how long a kernel is measured");
        if (metrics != null) throw wrong("--metrics: there is none with --bench");
        if (kernels.given()) throw wrong("--kernel: --bench measures them all");
        int measured = seconds == null ? 5 : seconds;
        if (measured < 1 || measured > MOST_SECONDS)
            throw wrong("--seconds " + measured + ": 1 to " + MOST_SECONDS + " is accepted");
        new MineBench(hashing, Duration.ofSeconds(measured), System.err).run(json, Screen.standardOutput());
        return 0;
    }

    private int mine(int hashing) throws InterruptedException {
        if (seconds != null) throw wrong("--seconds " + seconds + ": only with --bench; --for ends mining");
        if (json) throw wrong("--json: only with --bench");
        if (pool == null || user == null)
            throw wrong((pool == null
                            ? user == null ? "--pool URL and --user NAME are" : "--pool URL is"
                            : "--user NAME is")
                    + " missing (only --bench needs neither)");
        var address = address();
        var config = config(address);
        var out = Screen.standardOutput();
        var power = new ProcessorPower();
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var screen = Screen.standard();
                var chooser = kernels.start(note -> note(screen, note))) {
            var tally = new MinerTally();
            var worker = MiningWorker.start(config, tally, chooser);
            var watts = new Gauge();
            Supplier<MinerFigures> figures = () -> figures(worker, hashing, watts.last, tally, chooser);
            long start = System.nanoTime();
            try (worker;
                    var scraped = metrics(figures)) {
                if (scraped != null)
                    note(screen, "metrics on http://" + Addresses.text(scraped.address()) + "/metrics");
                if (!power.trouble().isEmpty()) note(screen, power.trouble());
                worker.setThreads(hashing);
                while (!ended(start)) {
                    watts.last = power.sinceLast();
                    var line = figures.get().line(address.toString(), user);
                    screen.show(lines(line), line);
                }
                worker.setThreads(0);
            } // closing waits for the verdicts that are still out
            return conclude(worker, tally.shares(), out, (System.nanoTime() - start) / 1e9);
        }
    }

    /** A live screen shows what was noted below its line; elsewhere it is a line of its own. */
    private void note(Screen screen, String note) {
        notes.add(note);
        if (!screen.live()) screen.status(note);
    }

    private List<String> lines(String line) {
        return Stream.concat(Stream.of(line), notes.stream())
                .flatMap(text -> Wrap.at(Wrap.WIDTH, 2, text).stream())
                .toList();
    }

    /** Written by one thread, read by those that answer Prometheus. */
    private static final class Gauge {
        volatile Optional<Watts> last = Optional.empty();
    }

    private PoolAddress address() {
        try {
            return PoolAddress.parseWithTls(pool);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--pool: " + e.getMessage(), e);
        }
    }

    private MiningWorker.Config config(PoolAddress address) {
        var config = MiningWorker.Config.of(address.socket(), user, "athanor/0.1");
        if (certificate == null) return address.tls() ? config.withTls(new PoolTrust.SystemStore()) : config;
        if (!address.tls())
            throw wrong("--pool-certificate: only a pool that is reached by stratum+ssl:// shows one, not " + address);
        try {
            return config.withTls(new PoolTrust.Pinned(certificate));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--pool-certificate: " + e.getMessage(), e);
        }
    }

    /** Null when nobody asked for them. */
    private MetricsEndpoint metrics(Supplier<MinerFigures> figures) {
        if (metrics == null) return null;
        try {
            return MetricsEndpoint.start(metrics, () -> figures.get().prometheus());
        } catch (IOException e) {
            throw new UserMistake(
                    "--metrics " + Addresses.text(metrics) + ": cannot be listened on: " + e.getMessage(), e);
        }
    }

    private static MinerFigures figures(
            MiningWorker worker, int hashing, Optional<Watts> watts, MinerTally tally, KernelChooser chooser) {
        var counters = worker.counters();
        var status = worker.status();
        return new MinerFigures(
                counters.rate(),
                counters.noncesTried(),
                hashing,
                watts,
                tally.shares(),
                chooser.state(),
                status.connected() ? Optional.empty() : Optional.of(status.connection()));
    }

    private boolean ended(long start) throws InterruptedException {
        long wait = REPORT_EVERY.toNanos();
        if (span != null) wait = Math.min(wait, span.toNanos() - (System.nanoTime() - start));
        return wait <= 0 || stop.await(wait, TimeUnit.NANOSECONDS);
    }

    private int conclude(MiningWorker worker, MinerTally.Shares shares, PrintStream out, double seconds) {
        var counters = worker.counters();
        out.printf(
                Locale.ROOT,
                "%d nonces in %.1f s (%.3f MH/s), %d shares accepted, %d rejected, %d stale, %d blocks%n",
                counters.noncesTried(),
                seconds,
                counters.noncesTried() / seconds / 1e6,
                shares.accepted(),
                shares.rejected(),
                shares.stale(),
                shares.blocks());
        var problem = worker.status().lastProblem();
        if (counters.accepted() == 0 && counters.noncesTried() == 0)
            throw new UserMistake(
                    "nothing was mined: " + (problem.isEmpty() ? worker.status().connection() : problem)
                            + ". Check that a pool listens on " + pool + " and knows the user.");
        return 0;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
