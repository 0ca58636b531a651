package org.athanor.cli.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BooleanSupplier;
import org.athanor.cli.Child;
import org.athanor.cli.Main;
import org.athanor.edge.training.Meter;
import org.athanor.edge.training.TrainingWorker;
import org.athanor.edge.training.WorkerConfig;
import org.athanor.edge.training.WorkerStopped;
import org.athanor.network.training.Coordinator;
import org.athanor.network.training.CoordinatorServer;
import org.athanor.network.training.EngineExaminer;
import org.athanor.network.training.NewJob;
import org.athanor.network.training.RoundRecord;
import org.athanor.network.training.ServerIdentity;
import org.athanor.network.training.TokenMembership;
import org.athanor.network.training.Validation;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineLibraries;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.job.JobSpec;

/** The parts of a job as {@code athanor train} puts them together, each to be stopped by itself. */
public final class JobParts implements AutoCloseable {
    private final EngineLimits limits = new EngineLimits(2L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE);
    private final EngineLibraries libraries;
    private final Path place;
    private final TrainingFile file;
    private final JobSpec job;
    private final ServerIdentity identity;
    private final List<TrainingWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> stopped = new ConcurrentSkipListSet<>();
    private int port;
    private TokenMembership membership;
    private Validation validation;
    private EngineExaminer examiner;
    private Coordinator coordinator;
    private CoordinatorServer server;

    /**
     * A small job that no worker has joined yet.
     *
     * @param folder for its files
     * @param steps  of a round
     */
    public static JobParts small(Path folder, int rounds, int steps)
            throws IOException, EngineException, InterruptedException {
        return new JobParts(smallJob(folder, rounds, steps), folder.resolve("job"));
    }

    /** Its job file, with its text beside it. */
    static Path smallJob(Path folder, int rounds, int steps) throws IOException {
        Files.createDirectories(folder);
        var text = new StringBuilder();
        for (var day = 0; day < 400; day++) {
            text.append("day ")
                    .append(day % 30)
                    .append(": the room was ")
                    .append(17 + day % 5)
                    .append(" degrees; ");
        }
        Files.writeString(folder.resolve("diary.txt"), text);
        return Files.writeString(folder.resolve("job.yaml"), """
                name: tiny
                data: diary.txt
                rounds: %d
                model: {layers: 1, heads: 2, width: 32, context: 32}
                inner: {sequences: 8, rate: 1.0e-2, warmup: 5}
                outer: {steps: %d, up: int4, down: int4}
                """.formatted(rounds, steps));
    }

    /** @param place folder of the job; one that has begun goes on */
    JobParts(Path jobFile, Path place) throws IOException, EngineException, InterruptedException {
        this.place = place;
        file = TrainingFile.read(jobFile, OptionalLong.empty());
        libraries = EngineLibraries.get(EngineLibraries.Places.usual(), (name, bytes, ofAll) -> {});
        Files.createDirectories(place);
        var known = Coordinator.find(place);
        job = known.isPresent()
                ? known.get()
                : NewJob.create(
                        place,
                        file.job(),
                        file.module(),
                        file.job().tokenizer().encode(file.text()),
                        file.held(),
                        libraries,
                        limits);
        identity = ServerIdentity.in(place);
        start();
    }

    /** The coordinator and its server, at the port that they had. */
    public void start() throws IOException {
        membership = new TokenMembership(place, identity.sha256());
        validation = new Validation(place, job, file.validateEvery(), file.validateTokens(), libraries, limits);
        examiner = new EngineExaminer(place, job, libraries, limits);
        coordinator = Coordinator.start(place, file.rules(), InstantSource.system(), validation, examiner);
        server = CoordinatorServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), identity, coordinator, membership);
        port = server.address().getPort();
    }

    /** Both of them. */
    public void stop() {
        server.close();
        coordinator.close();
        validation.close();
        examiner.close();
    }

    public Coordinator coordinator() {
        return coordinator;
    }

    CoordinatorServer server() {
        return server;
    }

    /** What workers said that stopped of themselves. */
    Set<String> stopped() {
        return stopped;
    }

    public URI address() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** Folder of the job. */
    public Path place() {
        return place;
    }

    /** A token for one more worker. */
    public String token() throws IOException {
        return membership.invite().text();
    }

    /** One on a thread of this program. */
    TrainingWorker worker(String name) throws IOException {
        return worker(name, address());
    }

    /** @param line at which it dials the coordinator */
    TrainingWorker worker(String name, URI line) throws IOException {
        return worker(name, line, 0);
    }

    /** @param memoryBytes that its engine may take */
    TrainingWorker worker(String name, long memoryBytes) throws IOException {
        var little = new EngineLimits(memoryBytes, limits.threads(), limits.sandbox());
        return worker(name, address(), little, 0);
    }

    /** @param downBytes a second that it may fetch; 0 for as many as come */
    TrainingWorker worker(String name, URI line, long downBytes) throws IOException {
        return worker(name, line, limits, downBytes);
    }

    private TrainingWorker worker(String name, URI line, EngineLimits limits, long downBytes) throws IOException {
        var worker = new TrainingWorker(config(name, line, limits, downBytes));
        workers.add(worker);
        threads.add(Thread.ofPlatform().start(() -> {
            try {
                worker.run();
            } catch (WorkerStopped failed) {
                stopped.add(name + ": " + failed.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }));
        return worker;
    }

    private WorkerConfig config(String name, URI line, EngineLimits limits, long downBytes) throws IOException {
        return new WorkerConfig(line, membership.invite(), place.resolve(name), name, limits, libraries, 0, downBytes);
    }

    /** One that somebody else runs. */
    TrainingWorker unstarted(String name, Meter meter) throws IOException {
        return new TrainingWorker(config(name, address(), limits, 0), meter);
    }

    /** One that is a program of its own: {@code athanor worker join}. */
    Process program(String name) throws IOException {
        return program(name, List.of());
    }

    /** @param before words of a program that starts it */
    Process program(String name, List<String> before) throws IOException {
        var words = new ArrayList<>(before);
        words.addAll(Child.command(
                Main.class,
                "worker",
                "join",
                address().toString(),
                token(),
                "--folder",
                place.resolve(name).toString()));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
                .start();
    }

    /** What a program has said. */
    Path log(String name) {
        return place.resolve(name + ".log");
    }

    /** A worker's engine with all that is around it. */
    void killEngine(String name) {
        ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains(place.resolve(name) + "/engine"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    void await(Duration patience, String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + what + "; state: " + coordinator.state() + ", workers: "
                        + coordinator.workers() + ", stopped: " + stopped);
            }
            Thread.sleep(20);
        }
    }

    List<RoundRecord> roundsSince(long round) {
        try {
            var history = coordinator.history();
            return history.subList((int) Math.min(round, history.size()), history.size());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        workers.forEach(TrainingWorker::close);
        stop();
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
