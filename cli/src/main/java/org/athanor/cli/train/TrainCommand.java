package org.athanor.cli.train;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.Addresses;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.training.ProcessorMeter;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.edge.training.WorkerStopped;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.EngineExaminer;
import org.athanor.network.training.NewJob;
import org.athanor.network.training.Receipts;
import org.athanor.network.training.S3Settings;
import org.athanor.network.training.S3Store;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.SteadyClock;
import org.athanor.network.training.TokenMembership;
import org.athanor.network.training.Validation;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.job.JobSpec;
import org.athanor.training.job.MemoryEstimate;
import org.athanor.training.mailbox.FolderLock;
import org.athanor.training.mailbox.JoinToken;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.ObjectStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                    + " goes on from there, with the job file as it was (athanor help job-file says what may change).",
            "The first training on a machine fetches libtorch, about 115 MB."
        },
        footer = {
            "",
            "Examples:",
            "  athanor train examples/jobs/quick.yaml",
            "  athanor train job.yaml --workers 4 --report report.json",
            "  athanor train job.yaml --listen 0.0.0.0:8650    other machines may help"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the job is done",
            "1:it is not: a line says why, or how to go on",
            "2:wrong usage",
            "130:Ctrl-C; the same command goes on"
        },
        subcommands = {ExportCommand.class, ReceiptsCommand.class, ExcludeCommand.class})
public final class TrainCommand implements Callable<Integer> {
    /** Workers elsewhere hear within two of their beats that the job is over. */
    private static final Duration GOODBYES = Duration.ofSeconds(6);

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);
    private static final long WORKER_MEMORY = 4L << 30;
    /** Of two residuals, with which a replayed round began and ended. */
    private static final double RESIDUALS = 2.0 * Float.BYTES;

    private static final double HOME_BYTES_PER_SECOND = 10e6 / 8;

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

    @Option(
            names = "--page",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            converter = Addresses.class,
            description = "Where the job's page is. Default: a free port of this computer, which is printed.")
    private InetSocketAddress page;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes a report in JSON at the end.")
    private Path report;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the job is kept. Default: JOB.training beside the job file.")
    private Path folder;

    @Mixin
    private SandboxOption sandbox;

    @Option(
            names = "--fresh",
            description = "Begins anew: deletes the job in its folder, whole or not, and nothing else there.")
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
        var place = folder == null ? Folders.besides(file) : folder;
        if (!fresh) requireUnchanged(job, place);
        var memory = requireRoom(job.job(), local(job));
        requireTime(job);
        if (job.store() != null) requireUsable(job.store());
        var limits = limits(memory, sandbox.isolation());
        try (var screen = Screen.standard()) {
            var libraries = EngineLibraries.get(
                    EngineLibraries.Places.usual(), (name, bytes, ofAll) -> fetching(screen, name, bytes, ofAll));
            if (libraries.notice() != null) screen.status(libraries.notice());
            return train(job, place, libraries, limits, screen);
        } catch (EngineException failed) {
            throw new UserMistake(failed.getMessage(), failed);
        } catch (BindException taken) {
            throw new UserMistake(
                    "--listen " + Addresses.text(listen) + ": this computer cannot listen there (" + taken.getMessage()
                            + ")",
                    taken);
        } catch (IOException failed) {
            throw cannotGoOn(place, failed);
        }
    }

    /** A full or damaged disk: nothing that was published is lost by it. */
    private static UserMistake cannotGoOn(Path place, IOException failed) {
        return new UserMistake("the job in " + place + " cannot go on: " + failed.getMessage(), failed);
    }

    /** Before anything is fetched or computed for what the job would not do. */
    private void requireUnchanged(TrainingFile job, Path place) {
        try {
            JobChanges.refuse(file, job, place);
        } catch (IOException failed) {
            throw cannotGoOn(place, failed);
        }
    }

    /** @throws UserMistake when the workers of this computer, the coordinator and their engines have no room here */
    private MemoryEstimate requireRoom(JobSpec job, int local) {
        var memory = MemoryEstimate.of(job);
        var problem = memory.problem(local, job.open(), machineBytes());
        if (problem != null) {
            throw new UserMistake(file + ": this computer cannot hold the job: " + problem);
        }
        var heap = MemoryEstimate.problemOfHeap(
                MemoryEstimate.parameters(job),
                job.open(),
                local,
                Runtime.getRuntime().maxMemory());
        if (heap != null) {
            throw new UserMistake(file + ": " + heap);
        }
        return memory;
    }

    /** @throws UserMistake when a stranger on a home's line cannot bring in time what the replay of its round needs */
    private void requireTime(TrainingFile job) {
        var parameters = MemoryEstimate.parameters(job.job());
        var needed = (long) Math.ceil(RESIDUALS * parameters / HOME_BYTES_PER_SECOND);
        var deadline = job.rules().deadline().toSeconds();
        if (job.job().open() && needed > deadline) {
            throw new UserMistake(file + ": round.deadlineSeconds must be at least " + needed
                    + " where strangers (trust: open) train " + parameters + " parameters, but is " + deadline
                    + ": so long a worker sends what its replay needs over a line of 10 Mbit/s");
        }
    }

    /** Of an engine that trains, asks or samples a model of that size. */
    static EngineLimits limits(MemoryEstimate memory, EngineLimits.Isolation isolation) {
        return new EngineLimits(Math.max(WORKER_MEMORY, 2 * memory.engineBytes()), 1, isolation);
    }

    static void fetching(Screen screen, String name, long bytes, long ofAll) {
        if (screen.live() || bytes == ofAll) {
            screen.status("fetching %s: %d of %d MB".formatted(name, bytes >> 20, ofAll >> 20));
        }
    }

    private int local(TrainingFile job) {
        return workers == null ? job.workers() : workers;
    }

    /** Before anything is fetched or reckoned. */
    private void requireUsable(S3Settings store) {
        try {
            S3Store.check(store);
        } catch (IOException unusable) {
            throw new UserMistake(file + ": store: " + unusable.getMessage(), unusable);
        }
    }

    private static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    private JobSpec description(
            TrainingFile job, Path place, EngineLibraries libraries, EngineLimits limits, Screen screen)
            throws IOException, InterruptedException, EngineException {
        var known = Coordinator.find(place);
        if (known.isPresent()) {
            screen.status("going on with the job in " + place + " (--fresh begins anew)");
            return known.get();
        }
        try {
            return NewJob.create(
                    place,
                    job.job(),
                    job.module(),
                    job.job().tokenizer().encode(job.text()),
                    job.held(),
                    libraries,
                    limits);
        } catch (IllegalArgumentException ofModule) { // such as fragments: of a module its layers are known only now
            throw new UserMistake(file + ": " + ofModule.getMessage(), ofModule);
        }
    }

    private Integer train(TrainingFile job, Path place, EngineLibraries libraries, EngineLimits limits, Screen screen)
            throws IOException, InterruptedException, EngineException {
        Files.createDirectories(place);
        var lock = FolderLock.take(place, Duration.ZERO);
        if (fresh) {
            for (var kept : Folders.delete(place)) { // the lock with it
                screen.status(place.resolve(kept) + " is kept: it is no part of a job");
            }
            lock.close();
            Files.createDirectories(place);
            lock = FolderLock.take(place, Duration.ZERO);
        } else if (Folders.deleteUnfinished(place)) {
            screen.status("the job in " + place + " was left unfinished, and is begun again");
        }
        try (var _ = lock) {
            return trainIn(job, place, libraries, limits, screen);
        }
    }

    private Integer trainIn(
            TrainingFile job, Path place, EngineLibraries libraries, EngineLimits atFirst, Screen screen)
            throws IOException, InterruptedException, EngineException {
        var description = description(job, place, libraries, atFirst, screen);
        // how large somebody's module is, is known for certain only now
        var limits = limits(requireRoom(description, local(job)), sandbox.isolation());
        var identity = ServerIdentity.in(place);
        var membership = new TokenMembership(place, identity.sha256());
        var clock = new SteadyClock(InstantSource.system());
        try (var validation = new Validation(
                        place, description, job.validateEvery(), job.validateTokens(), libraries, limits);
                var examiner = new EngineExaminer(place, description, libraries, limits);
                var store = job.store() == null ? null : S3Store.open(job.store(), storeName(description, place));
                var coordinator =
                        Coordinator.start(place, job.rules(), clock, validation, examiner, store, new Receipts(place));
                var server = CoordinatorServer.start(listen, identity, coordinator, membership);
                var shown = JobPage.start(page, new JobFigures(coordinator, server, clock));
                var crew = new Crew()) {
            var local = local(job);
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
            var progress = new TrainingProgress(coordinator, server, screen);
            progress.note("page", "the job's page: " + shown.url());
            var open = !listen.getAddress().isLoopbackAddress() || local == 0;
            try (var _ = ShutdownSignal.onStop(crew::stop)) {
                work(coordinator, crew, progress, open ? new Door(membership, server) : null, local);
            }
            crew.stop();
            if (coordinator.state().phase() != Phase.RUNNING) {
                coordinator.awaitGoodbyes(GOODBYES);
            }
            coordinator.stop(); // whatever is to be said of the last round is said
            progress.show();
            return end(coordinator, server, place, local, progress.waiting());
        }
    }

    private static void work(Coordinator coordinator, Crew crew, TrainingProgress progress, Door door, int local)
            throws IOException, InterruptedException {
        do {
            if (door != null) {
                progress.note("join", door.invitation());
            }
            if (!crew.closed()) { // whoever is told to leave is not missing
                progress.waiting(coordinator.waiting());
            }
            progress.show();
            if (crew.closed() || (local > 0 && door == null && crew.stopped())) {
                return;
            }
        } while (!coordinator.awaitEnd(BETWEEN_LINES));
    }

    private int end(Coordinator coordinator, CoordinatorServer server, Path place, int local, Optional<String> waiting)
            throws IOException {
        var statement = TrainingStatement.of(coordinator, server, local, waiting);
        var out = spec.commandLine().getOut();
        statement.lines().forEach(out::println);
        var phase = coordinator.state().phase();
        if (phase == Phase.RUNNING) {
            out.println("All " + coordinator.state().round() + " rounds are kept in " + place
                    + "; of the round that was open nothing is lost that had been sent.");
        }
        if (report != null) {
            statement.write(report);
        }
        return phase == Phase.DONE ? 0 : 1;
    }

    /** Another job of the same text, or the same in another folder, has other objects. */
    private static String storeName(JobSpec job, Path place) throws IOException {
        return ObjectStore.hash((job.id() + " " + place.toRealPath()).getBytes(StandardCharsets.UTF_8));
    }

    /** For workers of this computer. */
    private static URI address(CoordinatorServer server) {
        var listening = server.address();
        return URI.create(
                listening.getAddress().isAnyLocalAddress()
                        ? "https://127.0.0.1:" + listening.getPort()
                        : "https://" + Addresses.text(listening));
    }

    /** Lets workers of other computers in: there is always one token that is good. */
    private static final class Door {
        private final TokenMembership membership;
        private final CoordinatorServer server;
        private JoinToken token;

        Door(TokenMembership membership, CoordinatorServer server) {
            this.membership = membership;
            this.server = server;
        }

        String invitation() throws IOException {
            if (token == null || !membership.isGood(token)) {
                token = membership.invite();
            }
            var listening = server.address();
            var place = listening.getAddress().isAnyLocalAddress()
                    ? "HOST:" + listening.getPort()
                    : Addresses.text(listening);
            return "others join with: athanor worker join https://" + place + " " + token.text();
        }
    }

    /** The workers of this computer, a thread each. */
    private static final class Crew implements AutoCloseable {
        private final List<TrainingWorker> workers = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean closed;

        void add(WorkerConfig config) {
            var worker = new TrainingWorker(config, ProcessorMeter.ofThisMachine());
            workers.add(worker);
            threads.add(Thread.ofPlatform().name(config.name()).start(() -> {
                try {
                    worker.run();
                } catch (WorkerStopped stopped) {
                    if (!closed) {
                        System.err.println(
                                Printable.text("athanor: " + config.name() + " stopped: " + stopped.getMessage()));
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
            stop();
        }

        synchronized void stop() {
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
