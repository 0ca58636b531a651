package org.athanor.cli.train;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.edge.training.WorkerStopped;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.EngineExaminer;
import org.athanor.network.training.NewJob;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.TokenMembership;
import org.athanor.network.training.Validation;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model with workers on this computer, and with others that join. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        header = "Trains a model with the workers of this computer and all that join.",
        description = {
            "Reads a job file and trains: a coordinator and workers on this computer, which talk little enough for home"
                    + " lines. What is done is kept in a folder beside the job file after every round; the same command"
                    + " goes on from there.",
            "The first training on a machine fetches libtorch, about 115 MB."
        },
        footer = {
            "",
            "Examples:",
            "  athanor train examples/jobs/quick.yaml",
            "  athanor train job.yaml --workers 4 --report report.json",
            "  athanor train job.yaml --listen 0.0.0.0:8650    other machines may help"
        },
        subcommands = {ExportCommand.class, ReceiptsCommand.class})
public final class TrainCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);
    private static final long WORKER_MEMORY = 4L << 30;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "JOB.yaml",
            description = "The job: data, model, rounds (athanor help job-file).")
    private Path file;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Workers on this computer. Default: as the job file says, or 2.")
    private Integer workers;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = Addresses.class,
            description = "Where other workers reach the coordinator. Default: this computer only.")
    private InetSocketAddress listen;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes a report in JSON at the end.")
    private Path report;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the job is kept. Default: JOB.training beside the job file.")
    private Path folder;

    @Option(names = "--fresh", description = "Begins anew, whatever was done before.")
    private boolean fresh;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (file == null)
            throw new UserMistake("say which job: athanor train JOB.yaml, for example examples/jobs/quick.yaml");
        var asked = workers == null ? OptionalLong.empty() : OptionalLong.of(workers);
        if (workers != null && workers < 0) {
            throw new UserMistake("--workers must be 0 or more, but is " + workers);
        }
        if (report != null) ReportFile.requireWritable("--report", report);
        var job = TrainingFile.read(file, asked.isPresent() && workers > 0 ? asked : OptionalLong.empty());
        var place = folder == null ? besides(file) : folder;
        try (var screen = Screen.standard()) {
            var libraries = EngineLibraries.get(
                    EngineLibraries.Places.usual(), (name, bytes, ofAll) -> fetching(screen, name, bytes, ofAll));
            return train(job, place, libraries, screen);
        } catch (EngineException failed) {
            throw new UserMistake(failed.getMessage(), failed);
        }
    }

    private static Path besides(Path job) {
        var name = job.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return job.toAbsolutePath().resolveSibling(name + ".training");
    }

    private static void fetching(Screen screen, String name, long bytes, long ofAll) {
        if (screen.live() || bytes == ofAll) {
            screen.status("fetching %s: %d of %d MB".formatted(name, bytes >> 20, ofAll >> 20));
        }
    }

    private Integer train(TrainingFile job, Path place, EngineLibraries libraries, Screen screen)
            throws IOException, InterruptedException, EngineException {
        if (fresh) {
            Folders.delete(place);
        }
        var limits = new EngineLimits(WORKER_MEMORY, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
        Files.createDirectories(place);
        var known = Coordinator.find(place);
        var description = known.isPresent()
                ? known.get()
                : NewJob.create(
                        place,
                        job.job(),
                        job.module(),
                        job.job().tokenizer().encode(job.text()),
                        job.held(),
                        libraries,
                        limits);
        if (known.isPresent()) {
            screen.status("going on with the job in " + place + " (--fresh begins anew)");
        }
        var identity = ServerIdentity.in(place);
        var membership = new TokenMembership(place, identity.sha256());
        try (var validation = new Validation(
                        place, description, job.validateEvery(), job.validateTokens(), libraries, limits);
                var examiner = new EngineExaminer(place, description, libraries, limits);
                var coordinator = Coordinator.start(place, job.rules(), InstantSource.system(), validation, examiner);
                var server = CoordinatorServer.start(listen, identity, coordinator, membership)) {
            var local = workers == null ? job.workers() : workers;
            try (var crew = new Crew()) {
                for (var number = 1; number <= local; number++) {
                    crew.add(new WorkerConfig(
                            address(server),
                            membership.invite(),
                            place.resolve("workers").resolve(Integer.toString(number)),
                            "local " + number,
                            limits,
                            libraries,
                            0,
                            0));
                }
                if (!listen.getAddress().isLoopbackAddress() || local == 0) {
                    screen.status("others join with: athanor worker join https://HOST:"
                            + server.address().getPort() + " "
                            + membership.invite().text());
                }
                var progress = new TrainingProgress(coordinator, server, screen);
                try (var _ = ShutdownSignal.onStop(crew::close)) {
                    while (!coordinator.awaitEnd(BETWEEN_LINES)) {
                        progress.show();
                        if (crew.closed() || (local > 0 && crew.stopped())) {
                            break;
                        }
                    }
                }
                coordinator.stop(); // whatever is to be said of the last round is said
                progress.show();
            }
            var statement = TrainingStatement.of(coordinator, server, local);
            statement.lines().forEach(spec.commandLine().getOut()::println);
            if (report != null) {
                statement.write(report);
            }
            return coordinator.state().phase() == org.athanor.training.mailbox.Messages.Phase.DONE ? 0 : 1;
        }
    }

    private static URI address(CoordinatorServer server) {
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    /** The workers of this computer, a thread each. */
    private static final class Crew implements AutoCloseable {
        private final List<TrainingWorker> workers = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean closed;

        void add(WorkerConfig config) {
            var worker = new TrainingWorker(config);
            workers.add(worker);
            threads.add(Thread.ofPlatform().name(config.name()).start(() -> {
                try {
                    worker.run();
                } catch (WorkerStopped stopped) {
                    if (!closed) {
                        System.err.println("athanor: " + config.name() + " stopped: " + stopped.getMessage());
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        boolean closed() {
            return closed;
        }

        boolean stopped() {
            return threads.stream().noneMatch(Thread::isAlive);
        }

        @Override
        public void close() {
            closed = true;
            workers.forEach(TrainingWorker::close);
            for (var thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
