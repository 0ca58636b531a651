package org.athanor.edge.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineException;
import org.athanor.training.engine.MachineClass;
import org.athanor.training.job.JobSpec;
import org.athanor.training.job.MemoryEstimate;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.FolderLock;
import org.athanor.training.mailbox.MailboxException;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Doing;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.mailbox.OwnFolder;
import org.athanor.training.mailbox.Throttle;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.receipts.WorkClaim;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;

/**
 * Takes part in a training job until it is over: fetches what is published, does its steps, sends what they found. It survives the
 * death of its engine, of the line and of the coordinator, and draws no power while it is paused.
 */
public final class TrainingWorker implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(TrainingWorker.class.getName());

    private static final Duration BETWEEN_BEATS = Duration.ofSeconds(3);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /** A question for what is new is held open for longer than this, unless there is something. */
    private static final Duration LEAST_POLL = Duration.ofSeconds(1);

    private static final int MOST_DEATHS = 5;
    /** Of beats, some of which any line loses. */
    private static final int MOST_UNHEARD = 3;
    /** By all workers of this program. */
    private static final AtomicLong CLAIMED = new AtomicLong();

    private static final long ROOM = 1 << 20;
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    /** An engine that is frozen for longer is ended, so that its memory is free. */
    private static final Duration LONGEST_FREEZE = Duration.ofMinutes(1);

    private final WorkerConfig config;
    private final Duration longestFreeze;
    private final Meter meter;
    private final CoordinatorClient client;
    private final Object showing = new Object();
    private volatile Status status = new Status(null, 0, 0, Doing.FETCHING, null, null);
    private final Semaphore news = new Semaphore(0);
    private volatile Doing told = Doing.FETCHING;
    private volatile boolean paused;
    private int threads;
    private volatile boolean closed;
    private volatile Thread runner;
    /** What the coordinator said when the job was over; null before. */
    private volatile Messages.Heard over;

    private boolean inRounds;
    private Messages.State known;
    private WorkerEngine engine;
    private ShardCache shards;
    private Membership member;
    /** Null before its first weights have come, and when they are found to be of another copy of the job. */
    private Replica replica;

    private float[] weights;
    /** Whether the coordinator was not heard since it last told its state: it may go on from an older copy since then. */
    private volatile boolean unsure;
    /** Last round that it did; -1 before the first. */
    private long done;
    /** Beats since the last that was answered. */
    private final AtomicInteger unheard = new AtomicInteger();
    /** Whether something that it needs does not go over the line. */
    private volatile boolean stuck;

    private final AtomicLong delivered = new AtomicLong();

    /**
     * What a worker does just now.
     *
     * @param worker its name in the job; null before it has joined
     * @param loss   of the last step, nats a token; null before the first
     * @param note   what hinders it; null when nothing does
     */
    public record Status(String worker, long round, int step, Doing doing, Double loss, String note) {}

    /** On a machine that meters nothing. */
    public TrainingWorker(WorkerConfig config) {
        this(config, Meter.NONE);
    }

    /** @param meter of what a round draws, which goes into its receipt */
    public TrainingWorker(WorkerConfig config, Meter meter) {
        this(config, meter, LONGEST_FREEZE);
    }

    TrainingWorker(WorkerConfig config, Meter meter, Duration longestFreeze) {
        this.config = config;
        this.meter = meter;
        threads = config.limits().threads();
        this.longestFreeze = longestFreeze;
        client = new CoordinatorClient(
                config.address(),
                config.token().certificate(),
                new Throttle(config.upRate()),
                new Throttle(config.downRate()));
    }

    public Status status() {
        return status;
    }

    /** Whether it has joined the job, and is not without its coordinator, or a store of its, just now. */
    public boolean takesPart() {
        return status.worker() != null && over == null && !stuck && unheard.get() < MOST_UNHEARD;
    }

    /** Rounds that the coordinator has taken from it. */
    public long delivered() {
        return delivered.get();
    }

    /**
     * Works until the job is over or {@link #close} is called.
     *
     * @return the job's last state
     * @throws WorkerStopped when it cannot go on
     */
    public Messages.State run() throws WorkerStopped, InterruptedException {
        runner = Thread.currentThread();
        Thread beats = null;
        var claimed = 0L;
        FolderLock lock = null;
        try {
            OwnFolder.make(config.folder(), Membership.FILE, JoiningKeys.FILE);
            lock = FolderLock.take(config.folder(), GOODBYE.multipliedBy(2));
            member = patiently(this::join);
            var tooLarge =
                    MemoryEstimate.of(job()).problemOfEngine(config.limits().memoryBytes());
            if (tooLarge != null) {
                throw new WorkerStopped(tooLarge + ": give it more, or leave the job to others", null);
            }
            claimed = claimOwnMemory();
            beats = Thread.ofVirtual().name("beats").start(this::beat);
            synchronized (this) {
                engine = new WorkerEngine(config, member.job(), member.dataKey(), longestFreeze);
                setThreads();
                engine.frozen(paused);
            }
            shards = new ShardCache(
                    job(),
                    engine::shardFile,
                    client::get,
                    () -> Files.getFileStore(config.folder()).getUsableSpace());
            return untilItIsOver();
        } catch (IOException failed) {
            throw unusable(failed);
        } finally {
            CLAIMED.addAndGet(-claimed);
            if (shards != null) {
                shards.close();
            }
            synchronized (this) {
                if (engine != null) {
                    engine.close();
                }
            }
            if (beats != null) {
                beats.interrupt();
                leave();
            }
            client.close();
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** Says goodbye, so that nobody waits; whoever does not hear it soon learns it from the silence. */
    private void leave() {
        var goodbye = Thread.ofVirtual().start(() -> {
            try {
                client.leave();
            } catch (MailboxException _) {
                // silence says the same
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        var interrupted = Thread.interrupted();
        try {
            goodbye.join(GOODBYE);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Membership join() throws MailboxException, IOException, InterruptedException {
        var known = Membership.in(config.folder());
        if (known.isEmpty()) {
            return joinWithToken();
        }
        client.use(known.get().key());
        try {
            client.state(-1);
            return renewed(known.get());
        } catch (MailboxException unknown) {
            if (unknown.kind() != MailboxException.Kind.REFUSED) {
                throw unknown;
            }
            // it was a member of another job, or is excluded: it may be another member of this one with the token
            try {
                return joinWithToken();
            } catch (MailboxException refused) {
                if (refused.kind() != MailboxException.Kind.REFUSED) {
                    throw refused;
                }
                var both = refused.getMessage().equals(unknown.getMessage())
                        ? refused.getMessage()
                        : unknown.getMessage() + "; " + refused.getMessage();
                throw new MailboxException(MailboxException.Kind.REFUSED, both, refused);
            }
        }
    }

    /** What an older version of this program has kept of the job lacks what it did not know, and so names another one. */
    private Membership renewed(Membership known) throws MailboxException, IOException, InterruptedException {
        Messages.Joined told;
        try {
            told = client.job();
        } catch (MailboxException older) {
            if (older.kind() == MailboxException.Kind.REFUSED) {
                return known;
            }
            throw older;
        }
        var now = new Membership(known.worker(), known.key(), told.job(), known.signingKey(), told.dataKey());
        if (!now.equals(known)) {
            now.keep(config.folder());
        }
        return now;
    }

    private Membership joinWithToken() throws MailboxException, IOException, InterruptedException {
        var keys = JoiningKeys.in(config.folder());
        var secret = config.token().secret();
        var request = Messages.Join.proving(
                secret, config.name(), keys.publicKey(), Ed25519.privateKey(keys.privateKey()), machine());
        var joined = client.join(secret, request);
        var fresh = new Membership(joined.worker(), joined.key(), joined.job(), keys.privateKey(), joined.dataKey());
        WorkerEngine.forgetMoments(config.folder());
        fresh.keep(config.folder());
        JoiningKeys.forget(config.folder());
        return fresh;
    }

    private static String machine() {
        return System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors";
    }

    private String machineClass() {
        return MachineClass.of(config.libraries());
    }

    private JobSpec job() {
        return member.job();
    }

    /**
     * A heater's control runs in the same program: it must not run out of memory for a job.
     *
     * @return bytes to give back at the end
     */
    private long claimOwnMemory() throws WorkerStopped {
        var needed = MemoryEstimate.workerBytes(job().parameters());
        var most = (long) (MemoryEstimate.WORKERS_SHARE * Runtime.getRuntime().maxMemory());
        var others = CLAIMED.getAndAdd(needed);
        if (others + needed > most) {
            CLAIMED.addAndGet(-needed);
            throw new WorkerStopped(
                    "a model of " + job().parameters() + " parameters takes about " + (needed >> 20)
                            + " MiB beside its engine, and this program may give it "
                            + (Math.max(0, most - others) >> 20) + ": a larger -Xmx gives more, for example"
                            + " ATHANOR_OPTS=-Xmx2g",
                    null);
        }
        return needed;
    }

    /** What every round needs; data is fetched by the round that reads it. */
    private void fetchProgram() throws IOException, WorkerStopped, InterruptedException {
        var program = job().model().program();
        var missing = program.isPresent() && !Files.exists(engine.programFile(program.get()), LinkOption.NOFOLLOW_LINKS)
                ? program.get().bytes()
                : 0;
        var problem = shards.problem(missing);
        if (problem != null) {
            throw new WorkerStopped(problem + " (" + config.folder() + ")", null);
        }
        if (program.isPresent()) {
            doing(Doing.FETCHING);
            patiently(() -> {
                ShardCache.bring(
                        client::get, program.get().file(), program.get().bytes(), engine.programFile(program.get()));
                return null;
            });
        }
    }

    private void fetch(ShardRef shard) throws IOException, WorkerStopped, InterruptedException {
        if (!shards.has(shard)) {
            doing(Doing.FETCHING);
        }
        patiently(() -> {
            shards.fetch(shard);
            return null;
        });
    }

    /** Who is in the middle of a round, or paused in it, is told by the answer to a beat: nobody would take that round. */
    private void hear(Messages.Heard heard) {
        synchronized (this) {
            if (over != null || !heard.isOver() || closed) {
                return;
            }
            over = heard;
            if (engine != null) {
                engine.kill();
            }
            if (inRounds) {
                runner.interrupt();
            }
        }
    }

    private Messages.State untilItIsOver() throws IOException, WorkerStopped, InterruptedException {
        synchronized (this) {
            inRounds = true;
        }
        Messages.State last = null;
        try {
            fetchProgram();
            last = rounds();
        } catch (WorkerStopped | InterruptedException | IOException broken) {
            if (over == null || closed) {
                throw broken;
            }
        } finally {
            synchronized (this) {
                inRounds = false;
            }
        }
        if (over == null || closed) {
            return last;
        }
        Thread.interrupted(); // by what was heard
        return last != null && last.phase() != Phase.RUNNING ? last : lastState();
    }

    private Messages.State lastState() throws WorkerStopped, InterruptedException {
        try {
            return client.state(-1);
        } catch (MailboxException gone) {
            if (known == null) {
                throw new WorkerStopped("the job is over", gone);
            }
            return new Messages.State(
                    known.round(), over.phase(), known.snapshot(), known.changes(), over.reason(), known.tokens());
        }
    }

    private Messages.State state(long after) throws WorkerStopped, InterruptedException {
        var asked = System.nanoTime();
        known = patiently(() -> told(after));
        if (known.round() <= after && goesOn(known) && System.nanoTime() - asked < LEAST_POLL.toNanos()) {
            Thread.sleep(LEAST_POLL); // a coordinator that is ending holds no question open
        }
        return known;
    }

    private Messages.State told(long after) throws MailboxException, InterruptedException {
        if (replica != null && unsure) {
            unsure = false;
            var now = client.state(-1, Math.max(0, replica.round() - 1)); // with what was last taken
            if (isOfReplica(now) && now.round() > after) {
                return now;
            }
        }
        if (replica != null) {
            var now = client.state(after, replica.round());
            if (isOfReplica(now)) {
                return now;
            }
        }
        return client.state(-1);
    }

    /** If not, the coordinator goes on from an older copy, and what was done of the job since that is gone. */
    private boolean isOfReplica(Messages.State now) {
        if (replica.isOf(now)) {
            return true;
        }
        LOGGER.log( // and no note: it hinders nothing any more
                Level.WARNING,
                "the coordinator of {0} goes on from an older copy: round {1} here, {2} there",
                job().name(),
                replica.round(),
                now.round());
        replica = null;
        done = now.round() - 1;
        return false;
    }

    private Messages.State rounds() throws IOException, WorkerStopped, InterruptedException {
        var delay = job().outer().delay();
        var state = state(-1);
        done = -1;
        while (goesOn(state)) {
            state = caughtUp(state);
            if (!goesOn(state)) {
                break;
            }
            var round = Math.max(state.round(), done + 1);
            if (!job().mayReach(round) || round > replica.round() + delay) {
                doing(Doing.WAITING);
                state = state(state.round());
                continue;
            }
            done = round;
            round(round, job().firstStep(round, state.tokens()));
            state = state(-1);
            // what this round needs may have to be waited for; the next loop does
        }
        return state;
    }

    private void round(long round, long firstStep) throws IOException, WorkerStopped, InterruptedException {
        var losses = new ArrayList<Double>();
        var trained = train(round, firstStep, losses);
        if (unsure) {
            state(-1);
            if (replica == null) {
                return; // this round was one of another copy
            }
        }
        var local = replica.model();
        try {
            doing(Doing.SENDING);
            local.expire(round); // before it is committed what the round began with
            var before = job().open() ? local.residual() : null;
            var update = local.send(round, weights);
            var hash = patiently(() -> client.put(update));
            var residual =
                    before == null ? null : new Messages.Residual(hash(before), hash(local.residual()), machineClass());
            var told = new Messages.Update(
                    hash,
                    losses.size(),
                    losses,
                    trained.cpuSeconds(),
                    trained.joules(),
                    residual,
                    signature(round, hash, losses, trained.joules()));
            while (known.round() < round && goesOn(known)) {
                state(round - 1); // with overlap it may be ahead of the others
                if (replica == null) {
                    return;
                }
            }
            var verdict = patiently(() -> client.deliver(round, told));
            delivered.addAndGet(verdict.counts() ? 1 : 0);
            if (!verdict.counts()) {
                note(verdict.reason());
                if (before == null && !verdict.twice()) {
                    local.restore(round, update);
                } else if (before != null) {
                    local.owe(round, before); // what it last committed is what it has to begin with
                }
            }
            for (var wanted : owed(verdict, residual)) {
                var object = wanted.equals(residual.before()) ? before : local.residual();
                patiently(() -> client.put(bytes(object)));
            }
        } catch (UpdateException | IllegalArgumentException broken) {
            throw new WorkerStopped("the model has left the numbers: " + broken.getMessage(), broken);
        }
    }

    /**
     * What a round's replay needs of its worker.
     *
     * @param committed with the round; null where nothing is replayed
     * @throws WorkerStopped when more is wanted than what the round began and ended with
     */
    static Set<String> owed(Messages.Verdict verdict, Messages.Residual committed) throws WorkerStopped {
        for (var wanted : verdict.wanted()) {
            if (committed == null || !(wanted.equals(committed.before()) || wanted.equals(committed.after()))) {
                throw new WorkerStopped(
                        "the coordinator wants object " + wanted + ", which this round neither began nor ended with",
                        null);
            }
        }
        return verdict.counts() ? Set.copyOf(verdict.wanted()) : Set.of();
    }

    private static byte[] bytes(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    /** Null of nothing but zeros. */
    private static String hash(float[] residual) {
        for (var value : residual) {
            if (value != 0) {
                return ObjectStore.hash(bytes(residual));
            }
        }
        return null;
    }

    private String signature(long round, String update, List<Double> losses, Double joules) {
        if (member.signingKey() == null) {
            return null; // it joined before there were receipts
        }
        var tokens = (long) losses.size() * job().sequences() * job().model().context();
        var claim = new WorkClaim(job().id(), round, member.worker(), update, tokens, joules);
        return Ed25519.sign(Ed25519.privateKey(member.signingKey()), claim.bytes());
    }

    /**
     * What a round took.
     *
     * @param joules null where nothing meters
     */
    private record Taken(double cpuSeconds, Double joules) {}

    private Taken train(long round, long firstStep, List<Double> losses)
            throws IOException, WorkerStopped, InterruptedException {
        var shard = shardOf(round);
        fetch(shard);
        if (job().mayReach(round + 1)) {
            shards.ahead(shardOf(round + 1), shard);
        }
        var work = new WorkerEngine.Round(member.worker(), round, firstStep, shard);
        for (var deaths = 1; ; deaths++) {
            losses.clear();
            var before = weights.clone();
            try {
                change(old -> new Status(member.worker(), round, 0, doing(), old.loss(), old.note()));
                doing(Doing.TRAINING);
                var began = System.nanoTime();
                var energy = meter.begin();
                var trained = engine.train(work, weights, step -> {
                    if (step.step() < 0 || step.step() >= job().outer().innerSteps()) {
                        return; // no step of this round
                    }
                    while (losses.size() > step.step()) {
                        losses.removeLast(); // a pause cut the engine short, and the step is done again
                    }
                    losses.add(step.loss());
                    change(_ -> new Status(member.worker(), round, step.step() + 1, doing(), step.loss(), null));
                });
                var joules = energy.joules(trained.cpuSeconds());
                // a stranger's would be refused with more; a simulated home's meter may run faster than clocks do
                var seconds = job().open() ? (System.nanoTime() - began) / 1e9 : Double.POSITIVE_INFINITY;
                var most = Messages.MOST_WATTS * seconds;
                return new Taken(trained.cpuSeconds(), known(joules, Math.min(most, Messages.MOST_JOULES)));
            } catch (EngineException failed) {
                weights = before;
                if (closed) {
                    throw new InterruptedException("closed");
                }
                if (over != null) {
                    throw new WorkerStopped("the job is over", failed);
                }
                if (failed.kind() == EngineException.Kind.NOT_STARTED || deaths >= MOST_DEATHS) {
                    throw new WorkerStopped(failed.getMessage(), failed);
                }
                note(failed.getMessage() + "; the round is done again");
            }
        }
    }

    private ShardRef shardOf(long round) {
        var assignment = new Assignment(job().seed(), round, member.worker(), Assignment.TRAINING);
        return job().shards().get(assignment.shard(job().shards().size()));
    }

    private boolean goesOn(Messages.State state) {
        return !closed && over == null && state.phase() != Phase.DONE && state.phase() != Phase.FAILED;
    }

    /**
     * The job's state of which all that was published is here. Fetching takes time on a slow line, in which rounds may end: what is
     * learned for one that is over counts not.
     */
    private Messages.State caughtUp(Messages.State first) throws WorkerStopped, InterruptedException {
        var state = first;
        while (goesOn(state)) {
            if (replica != null && replica.round() == state.round()) {
                return state;
            }
            var missing = sync(state);
            var now = state(-1);
            if (now.round() == state.round() && (replica != null || missing.isPresent())) {
                if (missing.isPresent()) { // asking again and again would only load the line
                    throw new WorkerStopped(
                            "the coordinator tells of an object that it does not have: " + missing.get(), null);
                }
                return now;
            }
            state = now;
        }
        return state;
    }

    /**
     * Takes what was published.
     *
     * @return the hash of what was not there any more; empty when all of it is here now
     */
    private Optional<String> sync(Messages.State state) throws WorkerStopped, InterruptedException {
        try {
            var oldest = state.changes().isEmpty()
                    ? state.round()
                    : state.changes().getFirst().round();
            if (replica == null || replica.round() < oldest) {
                if (state.snapshot() == null) {
                    throw new WorkerStopped(
                            "the coordinator tells only of what was published from round " + oldest
                                    + " on, which is of no use without what was before",
                            null);
                }
                var snapshot = published(state.snapshot());
                if (snapshot.isEmpty()) {
                    return Optional.of(state.snapshot().hash());
                }
                begin(state.snapshot(), snapshot.get());
            }
            for (var change : state.changes()) {
                if (change.round() == replica.round()) {
                    var bytes = published(change);
                    if (bytes.isEmpty()) {
                        return Optional.of(change.hash());
                    }
                    replica.take(change, bytes.get(), weights);
                }
            }
            return Optional.empty();
        } catch (UpdateException garbled) {
            throw new WorkerStopped("the coordinator published what cannot be read: " + garbled.getMessage(), garbled);
        }
    }

    /** Empty when it is not published any more. */
    private Optional<byte[]> published(Messages.Published object) throws WorkerStopped, InterruptedException {
        fetching();
        requireSize(object);
        return patiently(() -> {
            try {
                return Optional.of(client.get(object.hash(), object.bytes()));
            } catch (MailboxException gone) {
                if (gone.kind() != MailboxException.Kind.GONE) {
                    throw gone;
                }
                return Optional.empty();
            }
        });
    }

    private void begin(Messages.Published snapshot, byte[] bytes) throws UpdateException {
        weights = job().fragments().whole(Codec.named(snapshot.codec())).decode(bytes);
        replica = new Replica(snapshot, new LocalModel(job().outer(), job().fragments(), weights));
    }

    /** Never longer than whole weights and the scales of their blocks. */
    private void requireSize(Messages.Published published) throws WorkerStopped {
        if (published.bytes() < 0 || published.bytes() > 5L * job().parameters() + ROOM) {
            throw new WorkerStopped(
                    "the coordinator publishes " + published.bytes() + " bytes for a model of " + job().parameters()
                            + " parameters",
                    null);
        }
    }

    private void fetching() {
        if (status.doing() != Doing.WAITING) {
            doing(Doing.FETCHING);
        }
    }

    /** Something that the line may break. */
    private interface Talk<T> {
        T once() throws MailboxException, IOException, InterruptedException;
    }

    /** Until it works, with pauses that grow; gives up only where trying again cannot help. */
    private <T> T patiently(Talk<T> talk) throws WorkerStopped, InterruptedException {
        var pause = FIRST_PAUSE;
        var garbled = 0;
        while (true) {
            try {
                var answer = talk.once();
                if (!pause.equals(FIRST_PAUSE)) {
                    stuck = false;
                    note(null); // what hindered it is over
                }
                return answer;
            } catch (MailboxException failed) {
                if (closed) {
                    throw new InterruptedException("closed"); // whatever broke, it is of no interest any more
                }
                if (over != null) {
                    throw new WorkerStopped("the job is over", failed);
                }
                var hopeless = failed.kind() == MailboxException.Kind.REFUSED
                        || failed.kind() == MailboxException.Kind.GONE
                        || (failed.kind() == MailboxException.Kind.GARBLED && ++garbled >= MOST_DEATHS);
                if (hopeless) {
                    throw new WorkerStopped(failed.getMessage(), failed);
                }
                stuck = true;
                unsure = true;
                note(failed.getMessage());
            } catch (IOException failed) {
                throw unusable(failed);
            }
            Thread.sleep(pause.toMillis() + ThreadLocalRandom.current().nextLong(pause.toMillis()));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** @throws InterruptedException when the file broke because its writer was told to end */
    private WorkerStopped unusable(IOException failed) throws InterruptedException {
        if (closed || failed instanceof ClosedByInterruptException) {
            throw new InterruptedException("closed");
        }
        return new WorkerStopped("the folder " + config.folder() + " cannot be used: " + failed.getMessage(), failed);
    }

    private void beat() {
        try {
            while (!closed) {
                var now = status;
                told = now.doing();
                try {
                    hear(client.beat(
                            new Messages.Beat(now.round(), now.step(), now.doing(), now.loss(), watts(now.doing()))));
                    unheard.set(0);
                } catch (MailboxException _) {
                    unheard.incrementAndGet(); // why, the worker's own requests tell
                    unsure = true;
                }
                if (news.tryAcquire(BETWEEN_BEATS.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is drawn while it waits is not drawn by training. */
    private Double watts(Doing doing) {
        var watts = known(meter.watts(), Messages.MOST_WATTS); // asked at every beat: some count only so
        return doing == Doing.TRAINING ? watts : null;
    }

    /** A meter that shows what no machine draws is broken: nothing is known then, and the work counts all the same. */
    static Double known(OptionalDouble metered, double most) {
        return metered.isPresent() && metered.getAsDouble() >= 0 && metered.getAsDouble() <= most
                ? Double.valueOf(metered.getAsDouble())
                : null;
    }

    private Doing doing() {
        return paused ? Doing.PAUSED : Doing.TRAINING;
    }

    private void doing(Doing now) {
        var shown = change(old -> doing(now, old)).doing();
        if (shown == Doing.PAUSED ? told != Doing.PAUSED : shown.works() && !told.works()) {
            news.release(); // from now on a round waits for it, or does not
        }
    }

    private Status doing(Doing now, Status old) {
        var shown = now == Doing.TRAINING ? doing() : now;
        return new Status(
                member == null ? null : member.worker(), old.round(), old.step(), shown, old.loss(), old.note());
    }

    private void note(String note) {
        change(old -> new Status(old.worker(), old.round(), old.step(), old.doing(), old.loss(), note));
    }

    /** Whoever sets its level does so from another thread than the one that works. */
    private Status change(UnaryOperator<Status> how) {
        synchronized (showing) {
            status = how.apply(status);
            return status;
        }
    }

    /** Whether it may draw power; a step that runs is frozen where it is, and goes on there later. */
    public void paused(boolean wanted) throws InterruptedException {
        paused = wanted;
        synchronized (this) {
            if (engine != null) {
                try {
                    engine.frozen(wanted);
                } catch (IOException cannot) {
                    engine.kill();
                }
            }
        }
        synchronized (showing) {
            if (status.doing() == Doing.TRAINING || status.doing() == Doing.PAUSED) {
                doing(Doing.TRAINING);
            }
        }
    }

    /** The heater's level: threads that a step may use. */
    public void threads(int count) throws EngineException {
        synchronized (this) {
            threads = count;
            if (engine != null) {
                engine.threads(count);
            }
        }
    }

    private void setThreads() {
        try {
            engine.threads(threads);
        } catch (EngineException impossible) {
            throw new IllegalStateException("an engine that is not there has died", impossible);
        }
    }

    /** Ends the engine as a crash would: for trials of what happens then. */
    public void killEngine() {
        synchronized (this) {
            if (engine != null) {
                engine.kill();
            }
        }
    }

    /** Leaves the job; what was not sent is lost to it. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (engine != null) {
                engine.kill();
            }
        }
        if (runner != null) {
            runner.interrupt();
        } else {
            client.close();
        }
    }
}
