package org.athanor.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.hash.Target;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Weighting;
import org.athanor.network.Pool;
import org.athanor.network.PoolConfig;
import org.athanor.network.PoolMetrics;
import org.athanor.network.ShareLogException;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.LocalChain;
import org.athanor.stratum.StratumException;
import org.athanor.stratum.TemplateSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A Stratum pool with books. */
@Command(
        name = "pool",
        mixinStandardHelpOptions = true,
        description = "Serves miners by Stratum V1, checks every share and keeps the books.",
        footer = {
            "",
            "Work comes from a Bitcoin node, from other pools (then this one is a proxy), or from a local chain, which",
            "lives in this process and has regtest's rules; its coins are worth nothing.",
            "",
            "Each miner's difficulty follows it, from small computers to ASICs, unless --difficulty fixes it. The hash",
            "rates are of the last five minutes or so; +- is one standard deviation, 1/sqrt(n) for n equal shares.",
            "",
            "Examples:",
            "  athanor pool --local-chain",
            "  athanor pool --listen 127.0.0.1:3333 --local-chain --chain-difficulty 0.05 --difficulty 0.001",
            "  athanor pool --local-chain --difficulty 2e-10     every hash is a share",
            "  athanor pool --local-chain --share-log pool-data",
            "  athanor pool --local-chain --metrics 127.0.0.1:9642",
            "  athanor pool --node http://127.0.0.1:8332 --node-cookie ~/.bitcoin/.cookie --payout ADDRESS \\",
            "      --share-log pool-data                         solo, before Bitcoin Core",
            "  ATHANOR_UPSTREAM_PASSWORD=secret athanor pool --upstream stratum+ssl://ADDRESS@pool.example:3334 \\",
            "      --upstream stratum+tcp://ADDRESS@other.example:3333 --listen 0.0.0.0:3333 --share-log pool-data",
            "                                                    a proxy, and a pool to fall back to",
            "  athanor pool account --share-log pool-data        its books, computed again"
        },
        subcommands = {PoolAccountCommand.class, PoolCreditCommand.class})
final class PoolCommand implements Callable<Integer> {
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(names = "--local-chain", description = "Mine on a chain inside this process.")
    private boolean localChain;

    @Mixin
    private NodeOptions node;

    @Mixin
    private UpstreamOptions upstream;

    @Mixin
    private DifficultyOptions difficulty;

    @Option(
            names = "--chain-difficulty",
            paramLabel = "D",
            defaultValue = "0.05",
            description = "Difficulty of the local chain, any positive number (default: ${DEFAULT-VALUE}).")
    private BigDecimal chainDifficulty;

    @Option(
            names = {"--share-log", "--data"},
            paramLabel = "DIR",
            description = "Keeps the share log here (default: a temporary folder that is deleted at the end).")
    private Path shareLog;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "Answers Prometheus here, at /metrics (default: not; a port alone is on 127.0.0.1).")
    private InetSocketAddress metrics;

    @Option(
            names = "--interval",
            paramLabel = "SPAN",
            defaultValue = "10m",
            description = "Settles this often (default: ${DEFAULT-VALUE}); an orderly end settles too.")
    private Duration interval;

    @Option(names = "--for", paramLabel = "SPAN", description = "Ends after this time (default: Ctrl-C).")
    private Duration span;

    private final CountDownLatch stop = new CountDownLatch(1);
    private DifficultyPolicy policy;

    @Override
    public Integer call() throws InterruptedException, IOException {
        long sources = Stream.of(localChain, node.given(), upstream.given())
                .filter(given -> given)
                .count();
        if (sources != 1)
            throw new ParameterException(
                    spec.commandLine(),
                    (sources > 1 ? "several sources of work" : "no source of work")
                            + ": accepted is one of --local-chain, --node with --payout, and --upstream");
        node.check(spec.commandLine());
        upstream.check(spec.commandLine());
        server.check(spec.commandLine());
        positive("--chain-difficulty", chainDifficulty);
        policy = difficulty.policy(spec.commandLine());
        var out = Screen.standardOutput();
        if (upstream.given()) return serveUpstream(out);
        return node.given() ? serveNode(out) : serveLocalChain(out);
    }

    private int serveUpstream(PrintStream out) throws InterruptedException, IOException {
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(shareLog, "pool", "--share-log")) {
            var connected = upstream.connect(stop, span, out);
            if (connected.isEmpty()) return 0;
            try (var above = connected.get();
                    var pool = start(folder, (config, clock) -> Pool.start(config, above, line -> {}, clock));
                    var scraped = metrics(address -> PoolMetrics.start(address, pool))) {
                run(pool, scraped, "proxy for " + above.status().upstream(), folder, () -> "", out);
            }
        }
        return 0;
    }

    private int serveNode(PrintStream out) throws InterruptedException, IOException {
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(shareLog, "pool", "--share-log");
                var source = node.start(folder, out)) {
            if (!source.awaitTemplate(stop, span)) return 0;
            try (var pool = start(folder, source.templates());
                    var scraped = metrics(address -> source.metrics(address, pool))) {
                source.tell(pool);
                run(pool, scraped, source.description(), folder, source::problem, out);
            }
        }
        return 0;
    }

    private int serveLocalChain(PrintStream out) throws InterruptedException, IOException {
        var chain = new LocalChain(Target.ofDifficulty(chainDifficulty), InstantSource.system());
        if (chain.clamped())
            out.println("chain difficulty " + chainDifficulty.toPlainString()
                    + " is below regtest's floor: the chain takes the floor, "
                    + chain.target().difficulty().round(new MathContext(3)));
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(shareLog, "pool", "--share-log");
                var pool = start(folder, chain);
                var scraped = metrics(address -> PoolMetrics.start(address, pool))) {
            var description =
                    "local chain at difficulty " + chain.target().difficulty().round(new MathContext(6));
            run(pool, scraped, description, folder, () -> "", out);
        }
        return 0;
    }

    /** @param problem what is wrong with the source of blocks; empty when nothing is */
    private void run(
            Pool pool,
            PoolMetrics scraped,
            String description,
            DataFolder folder,
            Supplier<String> problem,
            PrintStream out)
            throws InterruptedException {
        var title = "pool on " + server.url(pool.address()) + ", " + description + ", share log in " + folder;
        out.println(title);
        if (server.tls()) out.println("certificate with SHA-256 " + server.certificate());
        var figures = scraped == null ? "" : "metrics on http://" + Addresses.text(scraped.address()) + "/metrics";
        if (scraped != null) out.println(figures);
        try (var screen = Screen.standard()) {
            serve(pool, figures.isEmpty() ? title : title + ", " + figures, problem, screen, out);
        }
        for (var line : pool.settle(user -> Weighting.REAL)) out.println(text(line));
        out.println(PoolTable.summary(pool.status()) + problem.get());
    }

    /** A pool, once it is known where its work comes from. */
    private interface Starter {
        Pool start(PoolConfig config, InstantSource clock);
    }

    private Pool start(DataFolder folder, TemplateSource templates) {
        return start(folder, (config, clock) -> Pool.start(config, templates, line -> {}, clock));
    }

    private Pool start(DataFolder folder, Starter starter) {
        try {
            return starter.start(
                    new PoolConfig(server.config(policy), folder.path(), MiningScenario.JULY_2025),
                    InstantSource.system());
        } catch (StratumException | ShareLogException e) {
            throw new UserMistake("the pool cannot start: " + e.getMessage(), e);
        }
    }

    private interface MetricsStart {
        PoolMetrics on(InetSocketAddress address) throws IOException;
    }

    /** Null when nobody asked for them. */
    private PoolMetrics metrics(MetricsStart start) {
        if (metrics == null) return null;
        try {
            return start.on(metrics);
        } catch (IOException e) {
            throw new UserMistake(
                    "--metrics " + Addresses.text(metrics) + ": cannot be listened on: " + e.getMessage(), e);
        }
    }

    private void serve(Pool pool, String title, Supplier<String> problem, Screen screen, PrintStream out)
            throws InterruptedException {
        long start = System.nanoTime();
        long settled = start;
        long refreshed = start;
        long wait = REPORT_EVERY.toNanos();
        while (true) {
            if (span != null) wait = Math.min(REPORT_EVERY.toNanos(), span.toNanos() - (System.nanoTime() - start));
            if (wait <= 0 || stop.await(wait, TimeUnit.NANOSECONDS)) return;
            long now = System.nanoTime();
            if (now - refreshed >= REFRESH_EVERY.toNanos()) {
                pool.refresh();
                refreshed = now;
            }
            if (now - settled >= interval.toNanos()) {
                for (var line : pool.settle(user -> Weighting.REAL)) if (!screen.live()) out.println(text(line));
                settled = now;
            }
            var status = pool.status();
            var trouble = problem.get();
            screen.show(PoolTable.lines(status, title, trouble), PoolTable.summary(status) + trouble);
        }
    }

    private static String text(CreditLine line) {
        return String.format(
                Locale.ROOT,
                "interval %d: %s has %d shares, %s, credited %d msat",
                line.interval(),
                line.user(),
                line.shares(),
                line.work(),
                line.msat().value());
    }

    private void positive(String option, BigDecimal value) {
        if (value.signum() <= 0)
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + ": any positive number is accepted, fractions too");
    }
}
