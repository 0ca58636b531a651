package org.athanor.network.training;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.athanor.network.training.JobState.Counted;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Phase;
import org.athanor.training.mailbox.Messages.Published;
import org.athanor.training.outer.Contribution;
import org.athanor.training.outer.GlobalModel;
import org.athanor.training.rounds.RoundRules;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;

/**
 * Runs a job: takes updates, closes rounds, publishes. Everything that was told to a worker is on disk before, so that a
 * coordinator that dies at any instant goes on with the same round.
 */
public final class Coordinator implements AutoCloseable {
    private static final String FLOATS = "float32";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final JobFolder folder;
    private final JobSpec spec;
    private final RoundRules rules;
    private final InstantSource clock;
    private final RoundListener listener;
    private final Map<String, Seen> workers = new HashMap<>();
    private final Map<String, Counted> delivered = new TreeMap<>();
    private final Thread rounds;
    private JobState state;
    private GlobalModel model;
    private Instant began;
    private String failure;
    private volatile boolean closed;

    /** Hears of a round as soon as it is published, on the thread that closes rounds. */
    @FunctionalInterface
    public interface RoundListener {
        /**
         * @param round   that ended
         * @param weights after the round
         * @return loss on text that nobody trains on; null when it was not asked
         */
        Double ended(long round, float[] weights) throws InterruptedException;
    }

    /** A worker as it was last heard of. */
    public record Seen(Instant at, Messages.Beat beat) {}

    private Coordinator(
            JobFolder folder,
            JobSpec spec,
            JobState state,
            RoundRules rules,
            InstantSource clock,
            RoundListener listener)
            throws IOException {
        this.folder = folder;
        this.spec = spec;
        this.state = state;
        this.rules = rules;
        this.clock = clock;
        this.listener = listener;
        began = clock.instant();
        model = new GlobalModel(
                spec.outer(),
                spec.fragments(),
                state.round(),
                folder.vector(state.exact()),
                folder.vector(state.published()),
                folder.vector(state.moved()));
        rounds = Thread.ofPlatform().name("rounds").unstarted(this::run);
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
        var snapshot = codec.encode(initial);
        var published = codec.decode(snapshot, initial.length);
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
                0));
    }

    /** The job in a folder, if there is one. */
    public static java.util.Optional<JobSpec> find(Path path) throws IOException {
        var folder = new JobFolder(path);
        return folder.state().isPresent() ? folder.spec() : java.util.Optional.empty();
    }

    /** Goes on with the job in {@code path}. */
    public static Coordinator start(Path path, RoundRules rules, InstantSource clock, RoundListener listener)
            throws IOException {
        var folder = new JobFolder(path);
        var spec = folder.spec().orElseThrow(() -> new IOException(path + " holds no job"));
        var state = folder.state().orElseThrow(() -> new IOException(path + " holds no job that has begun"));
        var coordinator = new Coordinator(folder, spec, state, rules, clock, listener);
        coordinator.rounds.start();
        return coordinator;
    }

    public JobSpec spec() {
        return spec;
    }

    JobFolder folder() {
        return folder;
    }

    /** Rounds that are over, oldest first. */
    public List<RoundRecord> history() throws IOException {
        return folder.rounds();
    }

    /** All workers heard of since the start, by name. */
    public synchronized Map<String, Seen> workers() {
        return Map.copyOf(workers);
    }

    /** A worker says what it does. */
    public synchronized Messages.State beat(String worker, Messages.Beat beat) {
        workers.put(worker, new Seen(clock.instant(), beat));
        return state();
    }

    /** A worker goes: nobody waits for it. */
    public synchronized void leave(String worker) {
        workers.remove(worker);
    }

    public synchronized Messages.State state() {
        return new Messages.State(state.round(), phase(), state.snapshot(), state.changes(), failure);
    }

    private Phase phase() {
        if (failure != null) {
            return Phase.FAILED;
        }
        return state.round() >= spec.rounds() ? Phase.DONE : Phase.RUNNING;
    }

    /** The state as soon as its round is past {@code round} or the job is over, or as it is after {@code longest}. */
    public synchronized Messages.State await(long round, Duration longest) throws InterruptedException {
        var end = System.nanoTime() + longest.toNanos();
        while (state.round() <= round && phase() == Phase.RUNNING && !closed) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return state();
    }

    /** Waits until the job is over; false when {@code longest} has passed before. */
    public synchronized boolean awaitEnd(Duration longest) throws InterruptedException {
        var end = System.nanoTime() + longest.toNanos();
        while (phase() == Phase.RUNNING && !closed) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** A worker has done a round. The same update may come twice; another one in its place is refused. */
    public Messages.Verdict deliver(String worker, long round, Messages.Update update) throws IOException {
        String problem = problem(update, round);
        synchronized (this) {
            var late =
                    round == state.round() - 1 && rules.late() && spec.outer().fragments() == 1;
            var name = late ? worker + "@" + round : worker; // who is late may still do this round too
            if (problem == null && round != state.round() && !late) {
                problem = "round " + round + " is over; round " + state.round() + " is open";
            }
            if (problem == null && state.closing() != null) {
                problem = "round " + state.round() + " is being closed";
            }
            var before = delivered.get(name);
            if (problem == null && before != null && !before.hash().equals(update.hash())) {
                problem = "another update of this worker counts already in round " + state.round();
            }
            if (problem != null) {
                return new Messages.Verdict(false, state.round(), problem);
            }
            var tokens = (long) update.steps() * spec.sequences() * spec.model().context();
            var loss = update.losses().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
            delivered.put(
                    name,
                    new Counted(update.hash(), tokens, update.steps(), loss, update.cpuSeconds(), update.joules()));
            notifyAll();
            return new Messages.Verdict(true, state.round(), null);
        }
    }

    /** What is wrong with an update, whatever else is delivered; null when nothing is. */
    private String problem(Messages.Update update, long round) throws IOException {
        if (update.steps() < 1 || update.steps() > spec.outer().innerSteps()) {
            return "a round has 1 to " + spec.outer().innerSteps() + " steps, but not " + update.steps();
        }
        if (update.losses().size() != update.steps()) {
            return update.losses().size() + " losses are told of " + update.steps() + " steps";
        }
        if (!folder.objects().has(update.hash())) {
            return "the object " + update.hash() + " has not come";
        }
        try {
            var length = spec.fragments().inRound(round).size();
            spec.outer().upCodec().decode(folder.objects().read(update.hash()), length);
            return null;
        } catch (UpdateException garbled) {
            return garbled.getMessage();
        }
    }

    private void run() {
        try {
            while (!closed) {
                Map<String, Counted> updates;
                synchronized (this) {
                    if (phase() != Phase.RUNNING) {
                        return;
                    }
                    if (state.closing() == null && !over()) {
                        wait(BETWEEN_LOOKS.toMillis());
                        continue;
                    }
                    if (state.closing() == null) {
                        var decided = state.closingWith(delivered);
                        folder.write(decided);
                        state = decided;
                    }
                    updates = state.closing();
                }
                close(updates);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | UpdateException | RuntimeException broken) {
            synchronized (this) {
                failure = "the job stopped: " + broken.getMessage();
                notifyAll();
            }
        }
    }

    private boolean over() {
        return rules.over(clock.instant(), began, waitedFor(), delivered.keySet());
    }

    private Set<String> waitedFor() {
        var heardSince = clock.instant().minus(rules.silence());
        return workers.entrySet().stream()
                .filter(worker -> worker.getValue().at().isAfter(heardSince))
                .filter(worker -> worker.getValue().beat().doing().works())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void close(Map<String, Counted> updates) throws IOException, UpdateException, InterruptedException {
        var contributions = new ArrayList<Contribution>();
        long tokens = 0;
        long steps = 0;
        double loss = 0;
        double cpuSeconds = 0;
        double joules = 0;
        for (var update : updates.values()) {
            var bytes = folder.objects().read(update.hash());
            contributions.add(
                    new Contribution(spec.outer().upCodec().decode(bytes, model.updateLength()), update.tokens()));
            tokens += update.tokens();
            steps += update.steps();
            loss += update.loss() * update.tokens();
            cpuSeconds += update.cpuSeconds();
            joules += update.joules() == null ? 0 : update.joules();
        }
        var round = state.round();
        var change = model.close(contributions);
        var after = publish(round, change, tokens, steps);
        folder.checkpoint(spec, round + 1, model.exact());
        var old = state;
        synchronized (this) {
            folder.write(after);
            state = after;
            delivered.clear();
            began = clock.instant();
            notifyAll();
        }
        var validation = listener.ended(round, model.exact());
        folder.append(new RoundRecord(
                round,
                clock.instant(),
                loss / tokens,
                validation,
                List.copyOf(new java.util.TreeSet<>(updates.keySet())),
                after.tokens(),
                cpuSeconds,
                joules));
        forget(old, after, updates);
    }

    private JobState publish(long round, byte[] change, long tokens, long steps) throws IOException {
        var changes = new ArrayList<>(state.changes());
        changes.add(new Published(
                round, folder.objects().put(change), change.length, spec.outer().down()));
        var published = folder.put(model.published());
        var snapshot = state.snapshot();
        var whole = (long) spec.parameters() * Float.BYTES;
        if (snapshot.bytes() + changes.stream().mapToLong(Published::bytes).sum() > whole) {
            // from here on a joiner fetches less when it begins with whole weights
            snapshot = new Published(round + 1, published, whole, FLOATS);
            changes.removeIf(old -> old.round() < round); // who is a round behind still needs the last
        }
        return new JobState(
                round + 1,
                folder.put(model.exact()),
                published,
                folder.put(model.moved()),
                snapshot,
                changes,
                null,
                state.tokens() + tokens,
                state.steps() + steps);
    }

    /** Objects that nobody can ask for any more. */
    private void forget(JobState old, JobState now, Map<String, Counted> updates) throws IOException {
        var kept = new java.util.HashSet<>(List.of(
                now.exact(), now.published(), now.moved(), now.snapshot().hash()));
        now.changes().forEach(change -> kept.add(change.hash()));
        var gone = new ArrayList<>(List.of(
                old.exact(), old.published(), old.moved(), old.snapshot().hash()));
        old.changes().forEach(change -> gone.add(change.hash()));
        updates.values().forEach(update -> gone.add(update.hash()));
        for (var hash : gone) {
            if (!kept.contains(hash)) {
                folder.objects().delete(hash);
            }
        }
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
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            rounds.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
