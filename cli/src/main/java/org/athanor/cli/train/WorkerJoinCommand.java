package org.athanor.cli.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.training.ProcessorMeter;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.edge.training.WorkerStopped;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.Messages.Phase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A worker of a job that runs elsewhere. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        header = "Joins a job as a worker, at any time and as often as it likes.",
        description = {
            "Only dials out. Ctrl-C leaves; the same command comes back, for which the token is not needed again."
        },
        footer = {"", "Example:", "  athanor worker join https://192.0.2.10:8650 TOKEN --up 5"})
final class WorkerJoinCommand implements Callable<Integer> {
    private static final double BYTES_PER_MEGABIT = 125_000;
    private static final long MIB = 1L << 20;

    @Parameters(index = "0", paramLabel = "https://HOST:PORT", description = "The coordinator.")
    private URI address;

    @Parameters(index = "1", paramLabel = "TOKEN", description = "As the coordinator printed it.")
    private String token;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "What the worker keeps. Default: athanor-worker in the current folder.")
    private Path folder = Path.of("athanor-worker");

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads of a step. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "4096",
            description = "MiB that the engine may take. Default: ${DEFAULT-VALUE}.")
    private long memory;

    @Option(
            names = "--up",
            paramLabel = "MBIT",
            defaultValue = "0",
            description = "Mbit/s at most that it sends. Default: no limit.")
    private double up;

    @Option(
            names = "--down",
            paramLabel = "MBIT",
            defaultValue = "0",
            description = "Mbit/s at most that it fetches. Default: no limit.")
    private double down;

    @Mixin
    private SandboxOption sandbox;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (threads < 1 || threads > 1024) throw new UserMistake("--threads must be 1 to 1024, but is " + threads);
        if (memory < 256 || memory > 1 << 24)
            throw new UserMistake("--memory must be 256 to " + (1 << 24) + " MiB, but is " + memory);
        if (!(up >= 0)) throw new UserMistake("--up must be 0 (no limit) or more Mbit/s, but is " + up);
        if (!(down >= 0)) throw new UserMistake("--down must be 0 (no limit) or more Mbit/s, but is " + down);
        var invitation = invitation();
        try (var screen = Screen.standard()) {
            var libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (name, bytes, ofAll) -> {
                if (screen.live() || bytes == ofAll)
                    screen.status("fetching " + name + ": " + bytes / MIB + " of " + ofAll / MIB + " MiB");
            });
            if (libraries.notice() != null) screen.status(libraries.notice());
            var config = new WorkerConfig(
                    address,
                    invitation,
                    folder,
                    host(),
                    new EngineLimits(memory * MIB, threads, sandbox.isolation()),
                    libraries,
                    up * BYTES_PER_MEGABIT,
                    down * BYTES_PER_MEGABIT);
            return work(config, screen);
        } catch (IllegalArgumentException | EngineException wrong) {
            throw new UserMistake(wrong.getMessage(), wrong);
        }
    }

    /** Before anything is fetched. */
    private JoinToken invitation() {
        try {
            return JoinToken.parse(token);
        } catch (IllegalArgumentException wrong) {
            throw new UserMistake(wrong.getMessage(), wrong);
        }
    }

    private static Integer work(WorkerConfig config, Screen screen) throws InterruptedException {
        try (var worker = new TrainingWorker(config, ProcessorMeter.ofThisMachine());
                var _ = ShutdownSignal.onStop(worker::close)) {
            var reporter = Thread.ofVirtual().start(() -> report(worker, screen));
            try {
                var state = worker.run();
                screen.status(
                        switch (state.phase()) {
                            case DONE -> "the job is over: " + state.round() + " rounds";
                            case FAILED -> "the job has failed: " + state.reason();
                            case RUNNING ->
                                "left the job in round " + (state.round() + 1) + "; the same command comes back";
                        });
                return state.phase() == Phase.DONE ? 0 : 1;
            } finally {
                reporter.interrupt();
            }
        } catch (InterruptedException left) {
            screen.status("left the job; the same command comes back");
            return 1;
        } catch (WorkerStopped stopped) {
            throw new UserMistake(stopped.getMessage(), stopped);
        }
    }

    private static void report(TrainingWorker worker, Screen screen) {
        String last = null;
        try {
            while (true) {
                var now = worker.status();
                var news = now.round() + " " + now.note();
                if (screen.live() || !news.equals(last)) {
                    screen.status(String.format(
                            Locale.ROOT,
                            "%s: %s, round %d, step %d%s%s",
                            now.worker() == null ? "joining" : now.worker(),
                            now.doing().name().toLowerCase(Locale.ROOT),
                            now.round() + 1,
                            now.step(),
                            now.loss() == null ? "" : String.format(Locale.ROOT, ", loss %.3f", now.loss()),
                            now.note() == null ? "" : " (" + now.note() + ")"));
                    last = news;
                }
                Thread.sleep(1000);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "worker";
        }
    }
}
