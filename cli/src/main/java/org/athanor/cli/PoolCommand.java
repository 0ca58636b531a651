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
            "Blocks come from a Bitcoin node, or from a local chain, which lives in this process and has regtest's",
            "rules; its coins are worth nothing.",
            "",
            "Examples:",
            "  athanor pool --local-chain",
            "  athanor pool --listen 127.0.0.1:3333 --local-chain --chain-difficulty 0.05 --difficulty 0.001",
            "  athanor pool --local-chain --difficulty 2e-10     every hash is a share",
            "  athanor pool --local-chain --share-log pool-data",
            "  athanor pool --local-chain --metrics 127.0.0.1:9642",
            "  athanor pool --node http://127.0.0.1:8332 --node-cookie ~/.bitcoin/.cookie --payout ADDRESS \\",
            "      --share-log pool-data                         solo, before Bitcoin Core",
            "  athanor pool account --share-log pool-data        its books, computed again"
        },
        subcommands = {PoolAccountCommand.class, PoolCreditCommand.class})
final class PoolCommand implements Callable<Integer> {
    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final Duration REFRESH_EVERY = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:3333",
            converter = Addresses.class,
            description = "Where miners connect (default: ${DEFAULT-VALUE}; port 0 takes a free one).")
    private InetSocketAddress listen;

    @Option(names = "--local-chain", description = "Mine on a chain inside this process.")
    private boolean localChain;

    @Mixin
    private NodeOptions node;

    @Option(
            names = "--chain-difficulty",
            paramLabel = "D",
            defaultValue = "0.05",
            description = "Difficulty of the local chain, any positive number (default: ${DEFAULT-VALUE}).")
    private BigDecimal chainDifficulty;

    @Option(
            names = "--difficulty",
            paramLabel = "D",
            defaultValue = "0.001",
            description = "Difficulty of shares, any positive number (default: ${DEFAULT-VALUE}).")
    private BigDecimal difficulty;

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

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (localChain == node.given())
            throw new ParameterException(
                    spec.commandLine(),
                    (localChain ? "two sources of blocks" : "no source of blocks")
                            + ": accepted is either --local-chain, or --node with --payout");
        node.check(spec.commandLine());
        positive("--chain-difficulty", chainDifficulty);
        positive("--difficulty", difficulty);
        var out = Screen.standardOutput();
        return node.given() ? serveNode(out) : serveLocalChain(out);
    }

    private int serveNode(PrintStream out) throws InterruptedException, IOException {
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(shareLog, "pool", "--share-log");
                var source = node.start(folder, out)) {
            if (!source.awaitTemplate(stop, span)) return 0;
            try (var pool = start(folder.path(), source.templates());
                    var scraped = metrics(address -> source.metrics(address, pool))) {
                out.println("pool on stratum+tcp://" + Addresses.text(pool.address()) + ", " + source.description()
                        + ", share log in " + folder);
                run(pool, scraped, source::problem, out);
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
                var pool = start(folder.path(), chain);
                var scraped = metrics(address -> PoolMetrics.start(address, pool))) {
            out.println("pool on stratum+tcp://" + Addresses.text(pool.address()) + ", local chain at difficulty "
                    + chain.target().difficulty().round(new MathContext(6)) + ", share log in " + folder);
            run(pool, scraped, () -> "", out);
        }
        return 0;
    }

    /** @param problem what is wrong with the source of blocks; empty when nothing is */
    private void run(Pool pool, PoolMetrics scraped, Supplier<String> problem, PrintStream out)
            throws InterruptedException {
        if (scraped != null) out.println("metrics on http://" + Addresses.text(scraped.address()) + "/metrics");
        serve(pool, problem, out);
        for (var line : pool.settle(user -> Weighting.REAL)) out.println(text(line));
        out.println(status(pool) + problem.get());
    }

    private Pool start(Path folder, TemplateSource chain) {
        try {
            return Pool.start(
                    PoolConfig.of(listen, DifficultyPolicy.fixed(difficulty), folder, MiningScenario.JULY_2025),
                    chain,
                    line -> {},
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

    private void serve(Pool pool, Supplier<String> problem, PrintStream out) throws InterruptedException {
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
                for (var line : pool.settle(user -> Weighting.REAL)) out.println(text(line));
                settled = now;
            }
            out.println(status(pool) + problem.get());
        }
    }

    private static String status(Pool pool) {
        var status = pool.status();
        var total = status.total();
        return String.format(
                Locale.ROOT,
                "%d miners, %d users, %d shares accepted, %d rejected, %d blocks (%.1f expected)",
                status.clients().size(),
                status.users().size(),
                total.accepted(),
                total.rejectedCount(),
                status.blocksFound(),
                status.expectedBlocks());
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
