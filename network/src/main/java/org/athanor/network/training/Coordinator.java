package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.athanor.network.training.JobState.Judged;
import org.athanor.training.data.Draws;
import org.athanor.training.data.ShardRef;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.CoordinatorClient;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.Messages.Published;
import org.athanor.training.model.ModelSpec;
import org.athanor.training.outer.Contribution;
import org.athanor.training.outer.GlobalModel;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.trust.AdaptiveReplication;
import org.athanor.training.trust.CenteredClip;
import org.athanor.training.trust.Peers;
import org.athanor.training.trust.Standing;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;

/**
 * Runs a job: takes updates, closes rounds, publishes. Everything that was told to a worker is on disk before, so that a
 * coordinator that dies at any instant goes on with the same round.
 */
public final class Coordinator implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Coordinator.class.getName());
    private static final String FLOATS = "float32";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /** So long too few work before it is said: while workers come, or change their rounds, it is no news. */
    private static final Duration UNTIL_SAID = Duration.ofSeconds(5);

    private final JobFolder folder;
    private final Exchange exchange;
    private final JobSpec spec;
    private final RoundRules rules;
    private final InstantSource clock;
    private final RoundListener listener;
    private final Attendance attendance = new Attendance();
    private final RoundClock time;
    private final Deliveries delivered;
    private final Keeper keeper;
    private final Examiner examiner;
    private final Admission admission;
    private final Payroll payroll;
    private final String secret;
    private final Thread rounds;
    private final Operator operator;
    private final Set<String> data;
    private final Set<String> otherClasses = new HashSet<>();
    private final Publications publications = new Publications();

    private JobState state;
    private GlobalModel model;
    private Instant idle;
    private boolean judging;
    private String failure;
    private volatile boolean closed;

    /** Hears of a round as soon as it is published, on the thread that closes rounds. */
    @FunctionalInterface
    public interface RoundListener {
        /**
         * @param round   that ended
         * @param last    whether the job is done with it
         * @param weights after the round
         * @return loss on text that nobody trains on; null when it was not asked
         */
        Double ended(long round, boolean last, float[] weights) throws InterruptedException;

        /** The program ends before the job is done: what is being asked will not be waited for. From another thread. */
        default void stop() {}
    }

    /** A worker as it was last heard of. */
    public record Seen(Instant at, Messages.Beat beat) {}

    private Coordinator(
            JobFolder folder,
            JobSpec spec,
            JobState state,
            RoundRules rules,
            InstantSource clock,
            RoundListener listener,
            Examiner examiner,
            Exchange exchange,
            Payroll payroll)
            throws IOException {
        this.folder = folder;
        this.exchange = exchange;
        this.examiner = examiner;
        admission = new Admission(spec, folder.objects());
        this.payroll = payroll;
        secret = folder.secret();
        this.spec = spec;
        this.state = state;
        this.rules = rules;
        this.clock = clock;
        this.listener = listener;
        data = spec.shards().stream().map(ShardRef::hash).collect(Collectors.toUnmodifiableSet());
        time = new RoundClock(rules, clock, attendance);
        if (state.round() == 0) {
            time.begins(0);
        }
        model = new GlobalModel(
                spec.outer(),
                spec.fragments(),
                state.round(),
                folder.vector(state.exact()),
                folder.vector(state.published()),
                folder.vector(state.moved()));
        delivered = new Deliveries(folder, state.round());
        keeper = new Keeper(this, folder, exchange, clock, this::offered, this::own);
        if (state.round() > 0 || !delivered.isEmpty()) {
            time.resumes(state.round() > 0 ? Optional.of(expected()) : Optional.empty());
        }
        rounds = Thread.ofPlatform().name("rounds").unstarted(this::run);
        operator = new Operator(folder, this);
    }

    /**
     * Begins a job in an empty folder.
     *
     * @param initial the fresh model's weights
     */
    public static void create(Path path, JobSpec spec, float[] initial) throws IOException, UpdateException {
        var folder = new JobFolder(path);
        if (folder.state().isPresent()) {
            throw new IOException(path + " holds a job already");
        }
        // what workers begin with is what a byte a weight can say; the rest goes with the first changes
        var codec = Codec.named(spec.outer().down().equals(FLOATS) ? FLOATS : "int8");
        var coding = spec.fragments().whole(codec);
        var snapshot = coding.encode(initial);
        var published = coding.decode(snapshot);
        folder.write(spec);
        folder.checkpoint(spec, 0, initial);
        var moved = new float[initial.length];
        folder.write(new JobState(
                0,
                folder.put(initial),
                folder.put(published),
                folder.put(moved),
                new Published(0, folder.objects().put(snapshot), snapshot.length, codec.name()),
                List.of(),
                null,
                0,
                0,
                Map.of(),
                List.of(),
                Map.of(),
                Map.of()));
    }

    /** The job in a folder, if there is one. */
    public static Optional<JobSpec> find(Path path) throws IOException {
        var folder = new JobFolder(path);
        return folder.state().isPresent() ? folder.spec() : Optional.empty();
    }

    /** Goes on with a job in {@code path} whose workers are known. */
    public static Coordinator start(Path path, RoundRules rules, InstantSource clock, RoundListener listener)
            throws IOException {
        return start(path, rules, clock, listener, null);
    }

    /**
     * Goes on with the job in {@code path}.
     *
     * @param examiner of what workers say; null for a job whose workers are known
     */
    public static Coordinator start(
            Path path, RoundRules rules, InstantSource clock, RoundListener listener, Examiner examiner)
            throws IOException {
        return start(path, rules, clock, listener, examiner, null, new Receipts(path));
    }

    /**
     * The same with a store outside, which is filled with what workers may ask for.
     *
     * @param outside from which workers fetch and to which they bring; null where they get everything from the coordinator. It
     *     is the caller's to close
     * @param payroll that hears of all work that counted; the job's own receipts, where nothing else is said
     */
    public static Coordinator start(
            Path path,
            RoundRules rules,
            InstantSource clock,
            RoundListener listener,
            Examiner examiner,
            OutsideStore outside,
            Payroll payroll)
            throws IOException {
        return start(new JobFolder(path), rules, clock, listener, examiner, outside, payroll);
    }

    static Coordinator start(
            JobFolder folder,
            RoundRules rules,
            InstantSource clock,
            RoundListener listener,
            Examiner examiner,
            OutsideStore outside,
            Payroll payroll)
            throws IOException {
        var path = folder.path();
        var spec = folder.spec().orElseThrow(() -> new IOException(path + " holds no job"));
        var state = folder.state().orElseThrow(() -> new IOException(path + " holds no job that has begun"));
        if (spec.open() && examiner == null) {
            throw new IllegalArgumentException("a job that is open to anybody needs an examiner");
        }
        folder.check(spec, state);
        var exchange = new Exchange(folder.objects(), outside, clock);
        var coordinator = new Coordinator(folder, spec, state, rules, clock, listener, examiner, exchange, payroll);
        coordinator.keeper.settle();
        coordinator.operator.start();
        coordinator.rounds.start();
        return coordinator;
    }

    public JobSpec spec() {
        return spec;
    }

    JobFolder folder() {
        return folder;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Whether an object is a part of what is trained on. */
    boolean isData(String hash) {
        return data.contains(hash);
    }

    /** Rounds that are over, oldest first. */
    public List<RoundRecord> history() throws IOException {
        return folder.rounds();
    }

    /** All workers heard of since the start, by name. */
    public synchronized Map<String, Seen> workers() {
        return attendance.all();
    }

    /** A worker says what it does. */
    public synchronized Messages.State beat(String worker, Messages.Beat beat) {
        attendance.heard(worker, clock.instant(), beat);
        return state();
    }

    /** A worker goes: nobody waits for it. */
    public synchronized void leave(String worker) {
        attendance.left(worker);
        notifyAll();
    }

    /** Waits until all who were heard of lately have left, so that they know that the job is over; no longer than {@code longest}. */
    public synchronized void awaitGoodbyes(Duration longest) throws InterruptedException {
        waitWhile(() -> attendance.isAnybodyThere(clock.instant(), rules.silence()), longest);
    }

    /** False when so long has passed, and it is so still. Not after the end. */
    private synchronized boolean waitWhile(BooleanSupplier isSo, Duration longest) throws InterruptedException {
        var end = System.nanoTime() + longest.toNanos();
        while (isSo.getAsBoolean() && !closed) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    public synchronized Messages.State state() {
        return new Messages.State(state.round(), phase(), state.snapshot(), state.changes(), failure, state.tokens());
    }

    private Phase phase() {
        if (failure != null) {
            return Phase.FAILED;
        }
        return spec.isDone(state.round(), state.tokens()) ? Phase.DONE : Phase.RUNNING;
    }

    /**
     * Why the open round does not go on: nobody works on it, or fewer than it needs, for some seconds already. Empty while it goes
     * on, and when the job is over.
     */
    public synchronized Optional<String> waiting() {
        var now = clock.instant();
        return closed || phase() != Phase.RUNNING || judging || idle == null || now.isBefore(idle.plus(UNTIL_SAID))
                ? Optional.empty()
                : Optional.ofNullable(idleness());
    }

    /** Null while enough work on the round, or have. */
    private String idleness() {
        var some = new HashSet<>(waitedFor());
        some.addAll(onTime());
        if (some.size() >= rules.leastWorkers()) {
            return null;
        }
        return some.isEmpty()
                ? attendance.idleness(clock.instant(), rules.silence(), this::mayWork)
                : some.size() + " of the " + rules.leastWorkers() + " workers that a round needs "
                        + (some.size() == 1 ? "is" : "are") + " at work";
    }

    /** The state as soon as its round is past {@code round} or the job is over, or as it is after {@code longest}. */
    public synchronized Messages.State await(long round, Duration longest) throws InterruptedException {
        waitWhile(() -> state.round() <= round && phase() == Phase.RUNNING, longest);
        return state();
    }

    /** Waits until the job is over; false when {@code longest} has passed before. */
    public synchronized boolean awaitEnd(Duration longest) throws InterruptedException {
        return waitWhile(() -> phase() == Phase.RUNNING, longest);
    }

    /** What is known of workers, by name; empty of a job whose workers are known anyway. */
    public synchronized Map<String, Standing> standings() {
        return JobState.known(state.standings(), state.barred());
    }

    /** Why nothing of {@code worker} counts any more; null while it may work. */
    synchronized String excluded(String worker) {
        return state.excluded(worker);
    }

    /** The operator wants nothing more of {@code worker}: its updates of the open round count not either. */
    public synchronized void exclude(String worker, String reason) throws IOException {
        var barred = new HashMap<>(state.barred());
        if (!reason.equals(barred.put(worker, reason))) {
            bar(barred);
            LOGGER.log(Level.INFO, "{0} is excluded by the operator: {1}", worker, reason);
        }
    }

    /** Takes back what the operator said of {@code worker}; what its own rounds brought about stays as it is. */
    public synchronized void readmit(String worker) throws IOException {
        var barred = new HashMap<>(state.barred());
        if (barred.remove(worker) != null) {
            bar(barred);
            LOGGER.log(Level.INFO, "{0} may work again, as the operator says", worker);
        }
    }

    private void bar(Map<String, String> barred) throws IOException {
        var now = state.barring(barred);
        folder.write(now);
        state = now;
        notifyAll();
    }

    /** Whether all workers may read an object. */
    boolean isForAll(String hash) {
        return data.contains(hash) || isProgram(hash) || publishes(hash);
    }

    /** Whether workers are told of an object by the state. */
    synchronized boolean publishes(String hash) {
        return publications.with(state).contains(hash);
    }

    private boolean isProgram(String hash) {
        return spec.model().program().map(ModelSpec.TorchScript::file).stream().anyMatch(hash::equals);
    }

    /** What workers may ask for. */
    private synchronized Set<String> offered() {
        var offered = publications.with(state);
        offered.addAll(data);
        spec.model().program().ifPresent(program -> offered.add(program.file()));
        return offered;
    }

    private synchronized Set<String> own() {
        return state.own(delivered.all());
    }

    /** Forgets an update that was refused. */
    void discard(String hash) throws IOException {
        keeper.discard(List.of(hash));
    }

    /** A worker without a key to sign with has done a round; for jobs whose workers are known. */
    public Messages.Verdict deliver(String worker, long round, Messages.Update update) throws IOException {
        return deliver(worker, null, round, update);
    }

    /**
     * A worker has done a round. The same update may come as often as its answer is lost, also when the round is over: it is told
     * the same again, and counts once. Another one in its place is refused.
     *
     * @param publicKey with which the worker signs; null when it told none
     */
    public Messages.Verdict deliver(String worker, String publicKey, long round, Messages.Update update)
            throws IOException {
        var before = earlier(worker, round, update);
        if (before != null) {
            return before;
        }
        var problem = admission.problem(update, round);
        if (problem == null) {
            problem = admission.unsigned(worker, publicKey, round, update);
        }
        synchronized (this) {
            if (problem == null) {
                awaitTheNext(round);
            }
            var meanwhile = earlier(worker, round, update); // its round may just have ended
            if (meanwhile != null) {
                return meanwhile;
            }
            var late = round == state.round() - 1 && takesLate();
            var name = late ? worker + "@" + round : worker; // who is late may still do this round too
            if (problem == null && phase() != Phase.RUNNING) {
                problem = failure == null ? "the job is over" : failure;
            }
            if (problem == null && !folder.objects().has(update.hash())) {
                problem = "the object " + update.hash() + " is gone"; // it was of a round that has just ended
            }
            if (problem == null && round < state.round() && time.inTime(round)) {
                attendance.cameInTime(worker, round);
            }
            if (problem == null && round != state.round() && !late) {
                problem = "round " + round + " is over; round " + state.round() + " is open";
            }
            var here = delivered.get(name);
            if (problem == null && here != null && here.update().hash().equals(update.hash())) {
                return new Messages.Verdict(true, state.round(), null, delivered.stillOwed(here));
            }
            if (problem == null && (judging || state.closing() != null)) {
                problem = "round " + state.round() + " is being closed";
            }
            if (problem == null && here != null) {
                return Messages.Verdict.doneTwice(
                        state.round(), "another update of this worker counts already in round " + state.round());
            }
            var standing = state.standings().getOrDefault(worker, Standing.NEW);
            if (problem == null) {
                problem = excluded(worker);
            }
            if (problem == null && spec.open()) {
                problem = Admission.uncommitted(standing, update);
            }
            if (problem == null && spec.open()) {
                problem = time.since(round)
                        .map(took -> Admission.overstated(update, took))
                        .orElse(null);
            }
            if (problem != null) {
                return new Messages.Verdict(false, state.round(), problem);
            }
            var peers = Peers.of(standings().values());
            var replayed = spec.open() && AdaptiveReplication.replays(standing, peers, draw(worker, round));
            var delivery = new Delivery(state.round(), round, worker, publicKey, update, replayed);
            var owed = delivered.stillOwed(delivery);
            delivered.add(delivery);
            notifyAll();
            return new Messages.Verdict(true, state.round(), null, owed);
        }
    }

    private boolean takesLate() {
        return rules.late()
                && spec.outer().fragments() == 1
                && !spec.open(); // what it began from is gone, so that it cannot be replayed
    }

    /** What comes while its round is being closed is late, which it can be only when the next one is open. */
    private void awaitTheNext(long round) {
        try {
            waitWhile(
                    () -> takesLate()
                            && round == state.round()
                            && (judging || state.closing() != null)
                            && phase() == Phase.RUNNING,
                    CoordinatorClient.LONG_POLL);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether an update has no signature that its job can use. */
    boolean isUnsigned(String worker, String publicKey, long round, Messages.Update update) {
        return admission.unsigned(worker, publicKey, round, update) != null;
    }

    /** What a worker was told of an update, if that came into a round that is over; null if none of this round did. */
    private synchronized Messages.Verdict earlier(String worker, long round, Messages.Update update) {
        var taken = state.taken().get(worker);
        if (taken == null || taken.round() != round) {
            return null;
        }
        return taken.update().equals(update.hash())
                ? new Messages.Verdict(true, taken.open(), null)
                : Messages.Verdict.doneTwice(
                        state.round(),
                        "another update of this worker for round " + round + " counts already in round "
                                + taken.open());
    }

    private double draw(String worker, long round) {
        return (Draws.of(secret + "\0replay\0" + worker, round).next() >>> 11) * 0x1p-53;
    }

    private void run() {
        try {
            validateTheEnd();
            while (!closed) {
                synchronized (this) {
                    if (phase() != Phase.RUNNING) {
                        return;
                    }
                    if (state.closing() == null && !over()) {
                        wait(BETWEEN_LOOKS.toMillis());
                        continue;
                    }
                    if (state.closing() == null) {
                        time.ends(waitedFor(), onTime());
                    }
                    judging = true;
                }
                if (state.closing() == null) {
                    judge();
                } else {
                    leaveOutDamaged();
                }
                close(state.closing());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | UpdateException | RuntimeException broken) {
            synchronized (this) {
                failure = "the job stopped: " + broken.getMessage();
                notifyAll();
            }
        } catch (OutOfMemoryError full) {
            synchronized (this) {
                failure = "the job stopped: the coordinator needs more memory (" + full.getMessage()
                        + "): ATHANOR_OPTS=-Xmx4g gives it 4 GiB, and the same command goes on";
                notifyAll();
            }
        }
    }

    /** Of the last round it is not known whether a crash came before it was validated: nobody would ask again. */
    private void validateTheEnd() throws IOException, InterruptedException {
        if (state().phase() != Phase.DONE) {
            return;
        }
        var rounds = folder.rounds();
        if (!rounds.isEmpty() && rounds.getLast().validation() == null) {
            var last = rounds.getLast();
            var validation = listener.ended(last.round(), true, model.exact());
            if (validation != null) {
                folder.append(last.validated(validation));
            }
        }
    }

    private boolean over() {
        if (idleness() == null) {
            idle = null;
        } else if (idle == null) {
            idle = clock.instant();
        }
        return time.over(
                waitedFor(),
                onTime(),
                () -> delivered.owing(this::mayWork).findAny().isPresent(),
                this::owedThatCame);
    }

    /** Of what goes straight to a store nothing is known before it is whole: there it comes while its worker says that it sends. */
    private long owedThatCame() {
        if (!exchange.isOutside()) {
            return delivered.owedThatCame(this::mayWork);
        }
        var now = clock.instant();
        return delivered.owing(this::mayWork).anyMatch(worker -> attendance.isSending(worker, now, rules.silence()))
                ? now.toEpochMilli()
                : 0;
    }

    /** Whose updates counted in the round before, of a round that was open when a coordinator ended. */
    private Set<String> expected() {
        return state.taken().entrySet().stream()
                .filter(taken -> taken.getValue().open() == state.round() - 1)
                .map(Map.Entry::getKey)
                .filter(this::mayWork)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Set<String> onTime() {
        return delivered.onTime(this::mayWork);
    }

    private boolean mayWork(String worker) {
        return excluded(worker) == null;
    }

    /** Decides which updates count. That may take as long as the replays; nothing can be delivered meanwhile. */
    private void judge() throws IOException, UpdateException, InterruptedException {
        var problems = new HashMap<String, String>();
        var wanted = new ArrayList<Delivery>();
        for (var delivery : delivered.all()) {
            var excluded = excluded(delivery.worker());
            var problem = excluded == null ? delivered.damaged(delivery) : excluded;
            if (problem == null) {
                wanted.add(delivery);
            } else {
                // also if that is taken back before the round is over: nobody looked at it
                problems.put(delivery.name(), problem);
            }
        }
        var standings = new HashMap<>(state.standings());
        var norms = state.norms();
        if (spec.open()) {
            var inquiry = new Inquiry(
                    folder,
                    spec,
                    examiner,
                    secret,
                    state.round(),
                    state.tokens(),
                    model.published(),
                    otherClasses,
                    () -> closed);
            var verdict = inquiry.judge(wanted, standings, norms);
            problems.putAll(verdict.problems());
            standings.putAll(verdict.standings());
            for (var delivery : delivered.all()) {
                var left = delivery.update().residual().after();
                var standing = standings.getOrDefault(delivery.worker(), Standing.NEW);
                var right = delivery.replayed() && !problems.containsKey(delivery.name());
                standings.put(delivery.worker(), (right ? standing.provenIn(state.round()) : standing).leaving(left));
            }
            norms = verdict.norms();
        }
        synchronized (this) {
            var judged = judged(problems);
            var decided = state.closingWith(judged, standings, norms);
            folder.write(decided);
            state = decided;
        }
    }

    /** @param problems that were found; the operator may have excluded somebody while they were looked for */
    private Map<String, Judged> judged(Map<String, String> problems) {
        var judged = new TreeMap<String, Judged>();
        for (var delivery : delivered.all()) {
            var problem = problems.getOrDefault(delivery.name(), excluded(delivery.worker()));
            var update = delivery.update();
            var loss = update.losses().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
            judged.put(delivery.name(), new Judged(delivery, admission.tokens(update), loss, problem));
        }
        return judged;
    }

    /** A round that a coordinator before this one has decided: what the disk has lost since then would stop every one after it. */
    private void leaveOutDamaged() throws IOException {
        var judged = new TreeMap<String, Judged>();
        state.closing().forEach((name, one) -> {
            var problem = one.problem() == null ? delivered.damaged(one.delivery()) : one.problem();
            judged.put(name, new Judged(one.delivery(), one.tokens(), one.loss(), problem));
        });
        if (judged.equals(state.closing())) {
            return;
        }
        synchronized (this) {
            var decided = state.closingWith(judged, state.standings(), state.norms());
            folder.write(decided);
            state = decided;
        }
    }

    private Set<String> waitedFor() {
        return attendance.waitedFor(clock.instant(), rules.silence()).stream()
                .filter(this::mayWork)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void close(Map<String, Judged> updates) throws IOException, UpdateException, InterruptedException {
        var counted = new TreeMap<>(updates); // sums of floats depend on their order
        counted.values().removeIf(judged -> judged.problem() != null);
        var round = state.round();
        // what is delivered meanwhile is not unpacked beside it: that much memory nobody has set aside
        admission.unpacking().acquireUninterruptibly(Admission.AT_ONCE);
        byte[] change;
        try {
            change = model.close(drift(counted.values()));
        } finally {
            admission.unpacking().release(Admission.AT_ONCE);
        }
        for (var judged : counted.values()) {
            payroll.credit(work(judged));
        }
        withdraw(updates.values());
        var after = publish(change, updates);
        var told = state.trail().hashes();
        for (var hash : after.trail().hashes()) {
            if (!told.contains(hash)) {
                offer(hash);
            }
        }
        folder.checkpoint(spec, round + 1, model.exact());
        var old = state;
        var ended = RoundRecord.of(round, clock.instant(), updates, after.tokens());
        folder.append(ended); // if the round is ended again after a crash, so is its line
        synchronized (this) {
            var next = after.barring(state.barred()); // somebody may have been excluded meanwhile
            folder.write(next);
            state = next;
            delivered.forget();
            time.begins(next.round());
            idle = null;
            judging = false;
            notifyAll();
        }
        var validation = listener.ended(round, spec.isDone(after.round(), after.tokens()), model.exact());
        if (validation != null) {
            folder.append(ended.validated(validation));
        }
        forget(old, updates);
    }

    /** Of who was caught in this round, what was credited unseen before it. */
    private void withdraw(Collection<Judged> updates) throws IOException {
        for (var judged : updates) {
            var worker = judged.delivery().worker();
            var standing = state.standings().getOrDefault(worker, Standing.NEW);
            if (standing.caught()) {
                // of rounds before proofs were kept nobody knows whether they were seen
                var proven = standing.proven() == null ? state.round() : standing.proven();
                payroll.withdraw(worker, proven, standing.excluded());
            }
        }
    }

    private float[] drift(Collection<Judged> counted) {
        if (counted.isEmpty()) {
            return new float[model.updateLength()]; // nothing was learned: the weights go on as they moved
        }
        var contributions = counted.stream().map(this::contribution).toList();
        if (!spec.open()) {
            return GlobalModel.mean(contributions, model.updateLength());
        }
        var trained =
                spec.fragments().coding(spec.outer().upCodec(), state.round()).trained();
        return CenteredClip.USUAL.apart(trained).of(contributions, model.updateLength());
    }

    /** Read when it is needed: one is in memory at a time, however many have joined. */
    private Contribution contribution(Judged judged) {
        var hash = judged.delivery().update().hash();
        return new Contribution(() -> folder.update(hash, model::drift), judged.tokens());
    }

    private Payroll.Work work(Judged judged) {
        var delivery = judged.delivery();
        var flops = spec.model().flopsPerToken(spec.parameters()) * judged.tokens();
        var claim = admission.claim(delivery.worker(), delivery.round(), delivery.update());
        return new Payroll.Work(
                claim, flops, delivery.publicKey(), delivery.update().signature());
    }

    private JobState publish(byte[] change, Map<String, Judged> updates) throws IOException {
        var weights = new JobState.Weights(
                folder.put(model.exact()), folder.put(model.published()), folder.put(model.moved()));
        var trail = state.trail()
                .with(
                        new Published(
                                state.round(),
                                folder.put(change),
                                change.length,
                                spec.outer().down()),
                        new Published(
                                state.round() + 1, weights.published(), (long) spec.parameters() * Float.BYTES, FLOATS),
                        spec.outer().delay() + 2);
        // a worker keeps what it owes so long: who asks later what became of an update has nothing of it left to send
        // again
        var kept = (long) LocalModel.STALE_AFTER * spec.outer().fragments();
        return state.after(weights, trail, updates, kept);
    }

    /** Until a store outside takes it: what is not there must not be told. */
    private void offer(String hash) throws IOException, InterruptedException {
        for (var pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
            try {
                exchange.offer(hash);
                return;
            } catch (IOException unreachable) {
                if (!exchange.isOutside()) {
                    throw unreachable;
                }
                LOGGER.log(Level.WARNING, "round {0} waits: {1}", state.round(), unreachable.getMessage());
            }
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            synchronized (this) {
                if (!closed) {
                    wait(pause.toMillis());
                }
                if (closed) {
                    throw new InterruptedException("closed");
                }
            }
        }
    }

    /** Objects that nobody can ask for any more. */
    private void forget(JobState old, Map<String, Judged> updates) throws IOException {
        Set<String> gone;
        synchronized (this) {
            gone = publications.ended(old, clock.instant());
        }
        gone.addAll(List.of(old.exact(), old.published(), old.moved()));
        for (var judged : updates.values()) {
            gone.add(judged.delivery().update().hash());
            gone.addAll(judged.delivery().owed());
            Optional.ofNullable(judged.delivery().update().residual())
                    .map(Messages.Residual::before) // it may lie there from a replay of the round before
                    .ifPresent(gone::add);
        }
        keeper.discard(gone);
        keeper.settleNowAndThen();
    }

    /** Tokens that all counted updates have learned from. */
    public synchronized long tokens() {
        return state.tokens();
    }

    /** Steps of all counted updates. */
    public synchronized long steps() {
        return state.steps();
    }

    /** Ends with the round that is open left as it is; what was published is on disk and told. */
    public void stop() {
        boolean before;
        synchronized (this) {
            closed = true;
            before = phase() == Phase.RUNNING;
            notifyAll();
        }
        if (before) {
            listener.stop();
        }
        operator.close();
        try {
            rounds.join();
            operator.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
