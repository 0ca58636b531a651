package org.athanor.edge.training;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.DataKey;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineCommand;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.EngineFiles;
import org.athanor.training.engine.EngineProcess;
import org.athanor.training.engine.EngineReply;
import org.athanor.training.job.JobSpec;
import org.athanor.training.model.ModelSpec;

/**
 * A worker's engine: started when a round needs it, and again when it has died, with the weights and moments of the round's
 * beginning. May be frozen and thawed from any thread.
 */
final class WorkerEngine implements AutoCloseable {
    /** Within the worker's. */
    private static final String FOLDER = "engine";
    /** Followed by the job and the steps that made them; outlive the program. */
    private static final String MOMENTS = "moments";
    /** Those that are being written. */
    private static final String NEW_MOMENTS = "moments.new";
    /** Those in the middle of a round: should the engine die, the round begins with the others again. */
    private static final String PAUSED_MOMENTS = "moments.paused";
    /** So long an engine that is ended for a long pause may work on, to its step's end; then what it did since its last save is done again. */
    private static final Duration LAST_STEP = Duration.ofSeconds(5);

    /** Of weights: themselves, and moments of two vectors each that are kept, new, of a pause, and replaced. */
    private static final long VECTORS_IN_FOLDER = 9;
    /** Beside them and the data, in an engine's folder. */
    private static final long ROOM_IN_FOLDER = 64 << 20;

    private static final long GLANCE_MILLIS = 20;

    private final WorkerConfig config;
    private final JobSpec job;
    private final DataKey key;
    private final Path folder;
    private EngineProcess process;
    private final Duration longestFreeze;
    private boolean frozen;
    private boolean busy;
    private boolean cutShort;
    private int freezes;
    private int threads;
    private long momentSteps;

    /**
     * @param key           with which the job's data is encrypted; null when it is not
     * @param longestFreeze after which a frozen engine is ended at a step's end, and what it holds is kept on disk
     */
    WorkerEngine(WorkerConfig config, JobSpec job, DataKey key, Duration longestFreeze) throws IOException {
        this.key = key;
        this.longestFreeze = longestFreeze;
        this.config = config;
        this.job = job;
        folder = config.folder().resolve(FOLDER);
        threads = config.limits().threads();
        momentSteps = keptMoments();
        clear();
    }

    /**
     * Deletes whatever is not this job's: what other jobs left, moments that were not whole, and what a model wrote. A folder must not grow
     * from job to job. An engine may have planted a link: what it leads to stays.
     */
    private void clear() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var kept = new HashSet<String>();
        job.shards().forEach(one -> kept.add(shardFile(one).getFileName().toString()));
        job.model().program().ifPresent(program -> kept.add(program.file()));
        kept.add(momentsFile(momentSteps));
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                if (!kept.contains(file.getFileName().toString())) {
                    EngineFiles.deleteAll(file);
                }
            }
        }
    }

    /** What a worker's engine kept of a job that this one is another time: its moments are not those of new weights. */
    static void forgetMoments(Path workerFolder) throws IOException {
        var folder = workerFolder.resolve(FOLDER);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                if (file.getFileName().toString().startsWith(MOMENTS)) {
                    EngineFiles.deleteAll(file);
                }
            }
        }
    }

    /** Of this job, what may lie in the engine's folder: it must not fill a heater's disk. */
    private long mostInFolder() {
        var data = job.shards().stream().mapToLong(job::bytes).sum();
        var program = job.model().program().map(ModelSpec.TorchScript::bytes).orElse(0L);
        return data + program + VECTORS_IN_FOLDER * Float.BYTES * job.parameters() + ROOM_IN_FOLDER;
    }

    private String momentsFile(long steps) {
        return MOMENTS + "-" + job.id().substring(0, 16) + "-" + steps;
    }

    /** Steps of the moments with which this program, or the one before it, ended a round; 0 when there are none. */
    private long keptMoments() throws IOException {
        if (job.moments() == JobSpec.Moments.RESTARTED || !Files.isDirectory(folder)) {
            return 0;
        }
        try (var files = Files.list(folder)) {
            // an engine writes here: only names that are ours are looked at
            var ours = Pattern.compile(Pattern.quote(
                            momentsFile(0).substring(0, momentsFile(0).length() - 1)) + "\\d{1,18}");
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> ours.matcher(name).matches())
                    .mapToLong(name -> Long.parseLong(name.substring(name.lastIndexOf('-') + 1)))
                    .max()
                    .orElse(0);
        }
    }

    /** The old ones are there until the new ones are whole. */
    private void keepMoments(long steps) throws IOException {
        Files.move(folder.resolve(NEW_MOMENTS), folder.resolve(momentsFile(steps)), StandardCopyOption.ATOMIC_MOVE);
        if (momentSteps != steps) {
            Files.deleteIfExists(folder.resolve(momentsFile(momentSteps)));
        }
        momentSteps = steps;
    }

    /** Where a shard's file has to lie. */
    Path shardFile(ShardRef shard) {
        return folder.resolve("shard-" + shard.hash());
    }

    /** Where the file of a model that somebody programmed has to lie. */
    Path programFile(ModelSpec.TorchScript program) {
        return folder.resolve(program.file());
    }

    /**
     * A worker's round.
     *
     * @param firstStep the job's step at which it begins
     * @param shard     from which it reads
     */
    record Round(String worker, long number, long firstStep, ShardRef shard) {}

    /**
     * A round of the job from {@code weights}, which are those after it when it returns. When it fails they are those
     * with which it began, or went on after its last long pause.
     *
     * @param progress hears of every step; of some again, from an earlier one on, where a pause cut the engine short
     */
    EngineReply.Trained train(Round round, float[] weights, Consumer<EngineReply.Step> progress)
            throws EngineException, IOException, InterruptedException {
        try {
            begin();
            return steps(round, weights, progress);
        } finally {
            synchronized (this) {
                busy = false;
            }
        }
    }

    /** No engine is started for a round that cannot begin. */
    private synchronized void begin() throws InterruptedException {
        while (frozen && !alive()) {
            wait();
        }
        busy = true;
    }

    /** Until the pause is over; then there is an engine to go on with, or one is to be started. */
    private synchronized void awaitThaw() throws InterruptedException {
        while (frozen) {
            wait();
        }
    }

    private EngineReply.Trained steps(Round round, float[] weights, Consumer<EngineReply.Step> progress)
            throws EngineException, IOException, InterruptedException {
        var to = job.outer().innerSteps();
        var done = new EngineReply.Trained(0, 0, 0);
        while (true) {
            try {
                done = segment(round, weights, done, progress);
            } catch (EngineException ended) {
                if (!wasCutShort()) {
                    close(); // its moments may be further than the round that is done again
                    clear();
                    throw ended;
                }
            }
            if (done.nextStep() == to) {
                return done;
            }
            awaitThaw();
        }
    }

    /** As far as the round goes until a long pause ends the engine. */
    private EngineReply.Trained segment(
            Round round, float[] weights, EngineReply.Trained before, Consumer<EngineReply.Step> progress)
            throws EngineException, IOException, InterruptedException {
        var engine = running(before);
        engine.load(weights);
        if (job.moments() == JobSpec.Moments.RESTARTED && before.nextStep() == 0) {
            ask(engine, new EngineCommand.RestartMoments());
        }
        var trained = (EngineReply.Trained)
                engine.ask(command(round, before.nextStep()), reply -> progress.accept((EngineReply.Step) reply));
        var done = new EngineReply.Trained(
                trained.nextStep(), before.cpuSeconds() + trained.cpuSeconds(), trained.momentSteps());
        var reached = engine.weights(weights.length);
        var whole = done.nextStep() == job.outer().innerSteps();
        if (!whole) {
            ask(engine, new EngineCommand.SaveMoments(NEW_MOMENTS)); // halted, since a pause is long
            Files.move(
                    folder.resolve(NEW_MOMENTS),
                    folder.resolve(PAUSED_MOMENTS),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } else if (job.moments() == JobSpec.Moments.KEPT && isFinite(reached)) { // or nothing of this round is good
            ask(engine, new EngineCommand.SaveMoments(NEW_MOMENTS));
            keepMoments(done.momentSteps());
        }
        if (!whole) {
            engine.close();
        }
        reached.get(weights); // not before the moments are there: an engine that is cut short until then did nothing
        return done;
    }

    private static boolean isFinite(FloatBuffer weights) {
        for (var index = 0; index < weights.limit(); index++) {
            if (!Float.isFinite(weights.get(index))) {
                return false;
            }
        }
        return true;
    }

    private synchronized boolean wasCutShort() {
        var was = cutShort;
        cutShort = false;
        return was;
    }

    private EngineCommand.Train command(Round round, int from) {
        return new EngineCommand.Train(
                shardFile(round.shard()).getFileName().toString(),
                new Assignment(job.seed(), round.number(), round.worker(), Assignment.TRAINING),
                from,
                job.outer().innerSteps(),
                job.sequences(),
                job.microBatch(),
                job.rate(),
                round.firstStep(),
                job.seedOf(round.number(), round.worker()),
                key);
    }

    /** @param done of the round so far, when its engine was ended in the middle of it */
    private EngineProcess running(EngineReply.Trained done) throws EngineException, InterruptedException {
        if (alive()) {
            return process;
        }
        var engine =
                EngineProcess.start(config.libraries(), folder, config.limits().around(job.model()));
        synchronized (this) {
            process = engine;
            cutShort = false;
            applyFreeze(); // it may have got warm while the process started
        }
        engine.folderMayHold(mostInFolder());
        try {
            var open = new EngineCommand.Open(job.model(), job.optimiser(), job.bfloat16(), threads);
            var opened = (EngineReply.Opened) engine.ask(open, _ -> {});
            opened.require(job.tensors());
            requireCard(config.libraries().card(), opened);
            if (done.nextStep() > 0) {
                ask(engine, new EngineCommand.LoadMoments(PAUSED_MOMENTS, done.momentSteps()));
            } else if (momentSteps > 0) {
                loadKeptMoments(engine);
            }
            return engine;
        } catch (EngineException refused) {
            engine.close(); // the next one is to be told all of it
            throw refused;
        }
    }

    /** What heats with a card must not train on the processor: its room would be told of heat that is not the card's. */
    static void requireCard(Optional<String> card, EngineReply.Opened opened) throws EngineException {
        if (card.isPresent() && !opened.graphics()) {
            throw new EngineException(
                    EngineException.Kind.NOT_STARTED,
                    "there is no card to train on: CUDA does not find " + card.get()
                            + ", so libtorch would use the processor (does the driver fit CUDA 13?)");
        }
    }

    private void loadKeptMoments(EngineProcess engine) throws EngineException, InterruptedException {
        var file = momentsFile(momentSteps);
        try {
            ask(engine, new EngineCommand.LoadMoments(file, momentSteps));
        } catch (EngineException refused) {
            if (refused.kind() != EngineException.Kind.REFUSED) {
                throw refused;
            }
            momentSteps = 0;
            try {
                Files.deleteIfExists(folder.resolve(file));
            } catch (IOException stays) {
                refused.addSuppressed(stays);
            }
            throw new EngineException(
                    EngineException.Kind.REFUSED,
                    "the optimiser's moments of the last round cannot be read (" + refused.getMessage()
                            + "): they begin anew",
                    refused);
        }
    }

    /** Whether there is a process, frozen or not. */
    synchronized boolean alive() {
        return process != null && process.alive();
    }

    private static void ask(EngineProcess engine, EngineCommand command) throws EngineException, InterruptedException {
        engine.ask(command, reply -> {});
    }

    /** Whether the engine may draw power from now on: stops it in the middle of a step if it must. */
    synchronized void frozen(boolean wanted) throws IOException, InterruptedException {
        if (frozen == wanted) {
            return;
        }
        frozen = wanted;
        freezes++;
        applyFreeze();
        notifyAll();
        if (wanted) {
            var freeze = freezes;
            Thread.ofVirtual().name("long-pause").start(() -> putAway(freeze));
        }
    }

    /** A pause that is long gives the memory back. */
    private void putAway(int freeze) {
        try {
            Thread.sleep(longestFreeze);
            synchronized (this) {
                if (!frozen || freezes != freeze || !alive()) {
                    return;
                }
                if (busy) {
                    process.tell(new EngineCommand.Halt());
                    process.thaw(); // for the rest of a step
                } else {
                    process.kill(); // all that it holds is on the disk since the round's end
                    return;
                }
            }
            for (var end = System.nanoTime() + LAST_STEP.toNanos(); alive() && System.nanoTime() < end; ) {
                Thread.sleep(GLANCE_MILLIS);
            }
            synchronized (this) {
                if (frozen && freezes == freeze && alive()) {
                    cutShort = true;
                    process.kill();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (EngineException | IOException gone) {
            kill(); // what does not obey is ended: the round is done again
        }
    }

    private synchronized void applyFreeze() throws InterruptedException {
        if (process == null || !process.alive()) {
            return;
        }
        try {
            if (frozen) {
                process.freeze();
            } else {
                process.thaw();
            }
        } catch (IOException cannot) {
            process.kill(); // what cannot be stopped gently is ended: the round is done again
        }
    }

    /** The heater's level: threads of a step. */
    synchronized void threads(int count) throws EngineException {
        threads = count;
        if (process != null && process.alive()) {
            process.tell(new EngineCommand.Threads(count));
        }
    }

    /** Ends the process whatever it does. */
    synchronized void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.close();
        }
    }
}
