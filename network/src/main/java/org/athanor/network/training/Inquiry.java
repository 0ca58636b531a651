package org.athanor.network.training;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Draws;
import org.athanor.training.data.ShardRef;
import org.athanor.training.engine.EngineException;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.DamagedObjectException;
import org.athanor.training.outer.Contribution;
import org.athanor.training.trust.CenteredClip;
import org.athanor.training.trust.Jury;
import org.athanor.training.trust.Norms;
import org.athanor.training.trust.Replay;
import org.athanor.training.trust.Score;
import org.athanor.training.trust.Standing;

/** Looks into the updates of a round: lengths and scores of all, replays of those that were drawn. */
final class Inquiry {
    /** An engine that died is begun anew when it is asked again. */
    private static final int TRIES = 2;

    private static final String UNEXAMINED =
            "its round was drawn and could not be examined: the coordinator's engine or disk failed"
                    + " (its log says why); nothing is held against the worker";

    private static final System.Logger LOGGER = System.getLogger(Inquiry.class.getName());

    private final JobFolder folder;
    private final JobSpec spec;
    private final Examiner examiner;
    private final String secret;
    private final long round;
    private final long firstStep;
    private final float[] published;
    private final Set<String> told;
    private final BooleanSupplier closed;
    private final int trained;

    /**
     * @param secret    what is drawn depends on it, so that no worker can foresee it
     * @param counted   tokens behind all updates that counted before the round
     * @param published weights from which the round began
     * @param told      of whose machines it was said already that they are of another class
     * @param closed    whether the coordinator ends; a replay that runs is ended first
     */
    Inquiry(
            JobFolder folder,
            JobSpec spec,
            Examiner examiner,
            String secret,
            long round,
            long counted,
            float[] published,
            Set<String> told,
            BooleanSupplier closed) {
        this.told = told;
        this.closed = closed;
        this.folder = folder;
        this.spec = spec;
        this.examiner = examiner;
        this.secret = secret;
        this.round = round;
        firstStep = spec.firstStep(round, counted);
        this.published = published;
        trained = spec.fragments().trained();
    }

    /**
     * What is to be thought of updates, and of their workers from now on.
     *
     * @param standings of workers before the round
     * @param norms     medians of the lengths of updates in the last rounds
     * @throws InterruptedException when the coordinator ended before all was looked at; the round is judged when it is back
     */
    Jury.Verdict judge(Collection<Delivery> deliveries, Map<String, Standing> standings, List<Double> norms)
            throws IOException, InterruptedException {
        var jury = spec.bfloat16()
                ? new Jury(Replay.Tolerance.BFLOAT16, Replay.Tolerance.OTHER_CLASS_BFLOAT16)
                : new Jury(Replay.Tolerance.USUAL, Replay.Tolerance.OTHER_CLASS);
        return jury.judge(evidence(deliveries), standings, norms);
    }

    private List<Jury.Evidence> evidence(Collection<Delivery> deliveries) throws IOException, InterruptedException {
        var updates = new TreeMap<String, Delivery>();
        deliveries.forEach(delivery -> updates.put(delivery.worker(), delivery));
        var scores = scores(updates);
        var evidence = new ArrayList<Jury.Evidence>();
        for (var delivery : deliveries) {
            if (closed.getAsBoolean()) {
                throw new InterruptedException("closed");
            }
            var update = update(delivery);
            var missing = missing(delivery);
            var wanted = delivery.replayed() && missing == null;
            var replay = wanted ? replay(delivery, update) : null;
            evidence.add(new Jury.Evidence(
                    delivery.worker(),
                    Norms.of(update, trained),
                    scores.get(delivery.worker()),
                    replay,
                    missing,
                    sameClass(delivery, replay != null),
                    wanted && replay == null ? UNEXAMINED : null));
        }
        return evidence;
    }

    /** Read anew each time, so that one is in memory however many there are. */
    private float[] update(Delivery delivery) {
        return folder.update(
                delivery.update().hash(),
                bytes -> spec.fragments().drift(spec.outer().upCodec(), round, bytes, published));
    }

    /** What no machine here can do as the worker's did is held against a wider tolerance; that is said once of each machine. */
    private boolean sameClass(Delivery delivery, boolean replayed) {
        var theirs = delivery.update().residual().machine();
        var ours = examiner.machineClass();
        var same = theirs != null && theirs.equals(ours);
        if (!same && replayed && told.add(delivery.worker() + theirs)) {
            LOGGER.log(
                    Level.WARNING,
                    "{0} works on a machine of another class ({1}) than replays are done on ({2}): they are held against"
                            + " the wider tolerance between classes",
                    delivery.worker(),
                    theirs == null ? "it does not say which" : theirs,
                    ours);
        }
        return same;
    }

    private String missing(Delivery delivery) {
        for (var hash : delivery.owed()) {
            if (!folder.objects().has(hash)) {
                return "it did not bring the residual that its replay needs";
            }
        }
        return null;
    }

    /** Null when the engine failed at it as often as it was tried, or the disk has lost what it needs. */
    private Replay replay(Delivery delivery, float[] update) throws IOException, InterruptedException {
        for (var tried = 1; tried <= TRIES; tried++) {
            try {
                return replayOnce(delivery, update);
            } catch (DamagedObjectException lost) {
                say("the round of " + delivery.worker() + " was not replayed", lost);
                return null;
            } catch (EngineException failed) {
                say(
                        "the round of " + delivery.worker() + " was not replayed (try " + tried + " of " + TRIES + ")",
                        failed);
            }
        }
        return null;
    }

    private Replay replayOnce(Delivery delivery, float[] update)
            throws EngineException, IOException, InterruptedException {
        var told = delivery.update();
        var before = residual(told.residual().before());
        var after = residual(told.residual().after());
        var replayed = examiner.replay(published, delivery.worker(), round, firstStep, told.steps());
        var change = new float[published.length];
        for (var index = 0; index < change.length; index++) {
            change[index] = published[index] - replayed.weights()[index];
        }
        return Replay.of(
                told.losses(),
                replayed.losses(),
                before,
                after,
                update,
                spec.outer().keep(),
                change,
                Arrays.copyOfRange(published, trained, published.length),
                faded(told.steps()));
    }

    /** Changes grow and fade with the learning rate. */
    private double faded(int steps) {
        var now = LongStream.range(firstStep, firstStep + steps)
                .mapToDouble(spec.rate()::at)
                .average()
                .orElse(0);
        return now > 0 ? Math.max(1, spec.rate().mostUntil(firstStep + steps) / now) : 1;
    }

    private float[] residual(String hash) throws IOException {
        if (hash == null) {
            return new float[published.length];
        }
        float[] residual;
        try {
            residual = folder.vector(hash);
        } catch (DamagedObjectException lost) {
            folder.delete(hash); // so that it can come again
            throw lost;
        }
        // of another length it is no residual: none that a replay could confirm
        return residual.length == published.length ? residual : filledWithNothing();
    }

    private float[] filledWithNothing() {
        var wrong = new float[published.length];
        Arrays.fill(wrong, Float.NaN);
        return wrong;
    }

    /** Those that could be made. */
    private Map<String, Score> scores(Map<String, Delivery> updates) throws IOException, InterruptedException {
        var scores = new HashMap<String, Score>();
        for (var tried = 1; tried <= TRIES && !updates.isEmpty(); tried++) {
            try {
                score(updates, scores);
                break;
            } catch (EngineException failed) {
                say("not all updates of round " + round + " were scored (try " + tried + " of " + TRIES + ")", failed);
            }
        }
        return scores;
    }

    private void score(Map<String, Delivery> updates, Map<String, Score> scores)
            throws EngineException, IOException, InterruptedException {
        // which data it is, must not be known to any worker
        var drawn = new Assignment(spec.seed(), round, secret, "scoring");
        var shard = spec.shards().get(drawn.shard(spec.shards().size()));
        var sequences = Score.sequences(updates.size());
        var others = starts(drawn, shard, 0, sequences);
        var mean = weightsAfter(CenteredClip.USUAL
                .apart(trained)
                .of(
                        updates.values().stream()
                                .map(delivery -> new Contribution(() -> update(delivery), 1))
                                .toList(),
                        published.length));
        var lossBefore = examiner.loss(published, shard, others);
        var lossOfMean = examiner.loss(mean, shard, others);
        for (var worker : updates.keySet()) {
            if (closed.getAsBoolean()) {
                throw new InterruptedException("closed");
            }
            if (scores.containsKey(worker)) {
                continue; // before the engine died
            }
            var assignment = new Assignment(spec.seed(), round, worker, Assignment.TRAINING);
            var ownShard = spec.shards().get(assignment.shard(spec.shards().size()));
            var step = Draws.of(secret + worker, round).below(spec.outer().innerSteps());
            var own = starts(assignment, ownShard, step, sequences);
            var after = weightsAfter(update(updates.get(worker)));
            var ownAfter = examiner.loss(after, ownShard, own);
            var otherAfter = examiner.loss(after, shard, others);
            scores.put(
                    worker,
                    new Score(
                            Math.min(own.size(), others.size()),
                            lossBefore,
                            examiner.loss(published, ownShard, own) - ownAfter,
                            lossBefore - otherAfter,
                            (examiner.loss(mean, ownShard, own) - ownAfter) - (lossOfMean - otherAfter)));
        }
    }

    /** Sequences of some steps, from {@code first} on. */
    private List<Integer> starts(Assignment assignment, ShardRef shard, int first, int most) {
        var starts = new ArrayList<Integer>();
        for (var passed = 0; starts.size() < most && passed < spec.outer().innerSteps(); passed++) {
            var step = (first + passed) % spec.outer().innerSteps();
            for (var start :
                    assignment.starts(step, spec.sequences(), spec.model().context(), shard.tokens())) {
                if (starts.size() < most) {
                    starts.add(start);
                }
            }
        }
        return starts;
    }

    private float[] weightsAfter(float[] update) {
        var after = published.clone();
        for (var index = 0; index < after.length; index++) {
            after[index] -= update[index];
        }
        return after;
    }

    private static void say(String what, Exception why) {
        LOGGER.log(Level.WARNING, "{0}: {1}", what, why.getMessage());
    }
}
