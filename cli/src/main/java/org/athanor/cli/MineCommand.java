package org.athanor.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.athanor.edge.mining.MiningWorker;
import org.athanor.stratum.PoolAddress;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mines with this computer. */
@Command(
        name = "mine",
        mixinStandardHelpOptions = true,
        description = "Mines with this computer for any Stratum V1 pool.",
        footer = {
            "",
            "Examples:",
            "  athanor mine --pool stratum+tcp://127.0.0.1:3333 --user me",
            "  athanor mine --pool stratum+tcp://pool.example:3333 --user ADDRESS.worker --threads 2 --for 10m"
        })
final class MineCommand implements Callable<Integer> {
    private static final Duration REPORT_EVERY = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pool",
            required = true,
            paramLabel = "URL",
            description = "The pool, as stratum+tcp://HOST:PORT.")
    private String pool;

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "User name at the pool.")
    private String user;

    @Option(names = "--threads", paramLabel = "N", description = "Hashing threads (default: one per core).")
    private Integer threads;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            description = "Ends after this time, such as 30s or 2m (default: Ctrl-C).")
    private Duration span;

    private final LongAdder blocks = new LongAdder();
    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        int hashing = threads == null ? cores : threads;
        if (hashing < 1 || hashing > 4 * cores)
            throw new ParameterException(
                    spec.commandLine(),
                    "--threads " + hashing + ": 1 to " + 4 * cores + " is accepted on this computer");
        var address = address();
        var out = Screen.standardOutput();
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var screen = Screen.standard()) {
            var worker = MiningWorker.start(MiningWorker.Config.of(address.socket(), user, "athanor/0.1"), this::count);
            long start = System.nanoTime();
            try (worker) {
                worker.setThreads(hashing);
                while (!ended(start)) screen.status(line(worker, address, hashing));
                worker.setThreads(0);
            } // closing waits for the verdicts that are still out
            return conclude(worker, out, (System.nanoTime() - start) / 1e9);
        }
    }

    private void count(ShareEvent event) {
        if (event.verdict() instanceof ShareVerdict.Accepted accepted && accepted.block()) blocks.increment();
    }

    private PoolAddress address() {
        try {
            return PoolAddress.parse(pool);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--pool " + e.getMessage(), e);
        }
    }

    private boolean ended(long start) throws InterruptedException {
        long wait = REPORT_EVERY.toNanos();
        if (span != null) wait = Math.min(wait, span.toNanos() - (System.nanoTime() - start));
        return wait <= 0 || stop.await(wait, TimeUnit.NANOSECONDS);
    }

    private String line(MiningWorker worker, PoolAddress address, int hashing) {
        var counters = worker.counters();
        var status = worker.status();
        return String.format(
                Locale.ROOT,
                "%s as %s  %s on %d thread%s  %d accepted, %d rejected, %d blocks%s",
                address,
                user,
                counters.rate(),
                hashing,
                hashing == 1 ? "" : "s",
                counters.accepted(),
                counters.rejected(),
                blocks.sum(),
                status.connected() ? "" : "  - " + status.connection());
    }

    private int conclude(MiningWorker worker, PrintStream out, double seconds) {
        var counters = worker.counters();
        out.printf(
                Locale.ROOT,
                "%d nonces in %.1f s (%.3f MH/s), %d shares accepted, %d rejected, %d blocks%n",
                counters.noncesTried(),
                seconds,
                counters.noncesTried() / seconds / 1e6,
                counters.accepted(),
                counters.rejected(),
                blocks.sum());
        var problem = worker.status().lastProblem();
        if (counters.accepted() == 0 && counters.noncesTried() == 0)
            throw new UserMistake(
                    "nothing was mined: " + (problem.isEmpty() ? worker.status().connection() : problem)
                            + ". Check that a pool listens on " + pool + " and knows the user.");
        return 0;
    }
}
