package org.athanor.training.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.athanor.training.data.Assignment;
import org.athanor.training.data.Draws;
import org.athanor.training.outer.Contribution;
import org.athanor.training.outer.OuterOptimiser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten virtual workers learn a linear function from noisy examples, each from those that it was assigned; three of them lie.
 * They are honest until the twelfth round, so that they are trusted by then.
 */
class AttackTest {
    private static final int WORKERS = 10;
    private static final int LIARS = 3;
    private static final int ROUNDS = 40;
    private static final int HONEST_UNTIL = 12;
    private static final int DIMENSIONS = 60;
    private static final int EXAMPLES = 4000;
    private static final int STEPS = 10;
    private static final int BATCH = 8;
    private static final double RATE = 0.01;

    /** What a liar sends instead of what it owes. */
    enum Attack {
        NOTHING_WRONG,
        ZEROS,
        NOISE,
        SIGN_FLIP,
        SCALED,
        COPIED,
        LAZY,
        COLLUDING,
        /** Together a little off, within what honest workers differ by: Baruch et al. 2019. */
        A_LITTLE,
        /** Every other round commits to a residual that nobody owes, and the next one, all in order, sends it. */
        BY_RESIDUAL
    }

    /** What protects the job. */
    enum Defence {
        NONE,
        BOUNDS_AND_SCORES,
        ALL
    }

    private static final Run UNDISTURBED = new Run(Attack.NOTHING_WRONG, Defence.ALL);

    static {
        UNDISTURBED.go();
    }

    @Test
    void nobodyHonestIsAccused() {
        assertEquals(0, UNDISTURBED.dropped, UNDISTURBED.standings.toString());
        UNDISTURBED.standings.values().forEach(standing -> assertNull(standing.excluded()));
        var plain = new Run(Attack.NOTHING_WRONG, Defence.NONE);
        plain.go();
        assertTrue(UNDISTURBED.loss() < 1.01 * plain.loss(), UNDISTURBED.loss() + " against " + plain.loss());
        var always = WORKERS * ROUNDS;
        assertTrue(UNDISTURBED.replays < 0.5 * always, UNDISTURBED.replays + " replays of " + always + " rounds");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING_WRONG")
    void withAllDefencesLiarsAreNamedAndTheOthersLearn(Attack attack) {
        var run = new Run(attack, Defence.ALL);
        run.go();
        assertTrue(run.loss() < 1.01 * UNDISTURBED.loss(), attack + ": " + run.loss() + " of " + UNDISTURBED.loss());
        run.named();
    }

    /** What cannot be told from honest work by its effect alone (a copy, a few steps less) is left to replays. */
    @ParameterizedTest
    @EnumSource(names = {"ZEROS", "NOISE", "SIGN_FLIP", "SCALED", "COLLUDING"})
    void withoutReplaysLiarsAreNamedByTheirEffect(Attack attack) {
        var run = new Run(attack, Defence.BOUNDS_AND_SCORES);
        run.go();
        assertTrue(run.loss() < 1.01 * UNDISTURBED.loss(), attack + ": " + run.loss() + " of " + UNDISTURBED.loss());
        run.named();
    }

    /** What hides among honest differences is found by replays only; without them it is bounded. */
    @Test
    void aLittleOffIsBoundedWithoutReplays() {
        var bounded = new Run(Attack.A_LITTLE, Defence.BOUNDS_AND_SCORES);
        bounded.go();
        assertTrue(bounded.loss() < 1.01 * UNDISTURBED.loss(), bounded.loss() + " of " + UNDISTURBED.loss());
        var unprotected = new Run(Attack.A_LITTLE, Defence.NONE);
        unprotected.go();
        assertTrue(unprotected.loss() > 1.1 * UNDISTURBED.loss(), unprotected.loss() + " of " + UNDISTURBED.loss());
    }

    /** What a replay clears a worker of: twice the length of its work, and half of it whatever that does to the loss. */
    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 1, 2, 4})
    void whatAResidualSmugglesInIsBounded(double lengths) {
        for (var defence : Defence.values()) {
            var run = new Run(Attack.BY_RESIDUAL, defence);
            run.lengths = lengths;
            run.go();
            if (defence == Defence.ALL && lengths >= 2) run.named(); // less is found later than this run is long
            if (defence != Defence.NONE)
                assertTrue(run.loss() < 1.01 * UNDISTURBED.loss(), run.loss() + " of " + UNDISTURBED.loss());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NOISE", "SIGN_FLIP", "SCALED", "COLLUDING"})
    void withoutDefenceItWouldHurt(Attack attack) {
        var run = new Run(attack, Defence.NONE);
        run.go();
        assertTrue(run.loss() > 1.2 * UNDISTURBED.loss(), attack + ": " + run.loss() + " of " + UNDISTURBED.loss());
    }

    @ParameterizedTest
    @EnumSource(names = {"ZEROS", "COPIED", "LAZY"})
    void whoGivesLittleIsFoundByScores(Attack attack) {
        var run = new Run(attack, Defence.NONE);
        run.go();
        var liars = IntStream.range(0, LIARS).mapToDouble(run::gain).max().orElseThrow();
        var honest =
                IntStream.range(LIARS, WORKERS).mapToDouble(run::gain).min().orElseThrow();
        assertTrue(liars < honest, attack + ": " + liars + " and " + honest);
    }

    private static final class Run {
        private final Attack attack;
        private final Defence defence;
        private final double[][] inputs = new double[EXAMPLES][DIMENSIONS];
        private final double[] outputs = new double[EXAMPLES];
        private final double[][] held = new double[1000][DIMENSIONS];
        private final double[] heldOutputs = new double[1000];
        private final Jury jury = new Jury(Replay.Tolerance.USUAL);
        private final double[] gains = new double[WORKERS];
        private final float[][] owedBefore = new float[WORKERS][DIMENSIONS];
        private final float[][] owedAfter = new float[WORKERS][DIMENSIONS];
        private float[] weights = new float[DIMENSIONS];
        private Map<String, Standing> standings = new HashMap<>();
        private List<Double> norms = List.of();
        private int dropped;
        private int replays;

        private double lengths = 2;

        Run(Attack attack, Defence defence) {
            this.attack = attack;
            this.defence = defence;
            var random = new Random(11);
            var truth = random.doubles(DIMENSIONS, -1, 1).toArray();
            fill(random, truth, inputs, outputs);
            fill(random, truth, held, heldOutputs);
        }

        private static void fill(Random random, double[] truth, double[][] inputs, double[] outputs) {
            for (var example = 0; example < inputs.length; example++) {
                for (var index = 0; index < DIMENSIONS; index++) {
                    inputs[example][index] = random.nextGaussian();
                    outputs[example] += truth[index] * inputs[example][index];
                }
                outputs[example] += 0.5 * random.nextGaussian();
            }
        }

        void go() {
            var moved = new double[DIMENSIONS];
            for (var round = 0; round < ROUNDS; round++) {
                var updates = new ArrayList<float[]>();
                var honest = new ArrayList<float[]>();
                for (var worker = 0; worker < WORKERS; worker++) {
                    honest.add(learn(worker, round, STEPS));
                }
                for (var worker = 0; worker < WORKERS; worker++) {
                    var lies = worker < LIARS && round >= HONEST_UNTIL;
                    updates.add(lies ? lie(worker, round, honest) : honest.get(worker));
                }
                var problems = defence == Defence.NONE ? watched(round, updates) : judged(round, updates, honest);
                var counted = new ArrayList<Contribution>();
                for (var worker = 0; worker < WORKERS; worker++) {
                    if (!problems.containsKey(name(worker))) {
                        counted.add(new Contribution(updates.get(worker), 1));
                    }
                }
                dropped += WORKERS - counted.size();
                var aggregation = defence == Defence.NONE ? Aggregation.mean() : CenteredClip.USUAL;
                var drift = aggregation.of(counted, DIMENSIONS);
                for (var index = 0; index < DIMENSIONS; index++) {
                    moved[index] = OuterOptimiser.PLAIN.momentum() * moved[index] + drift[index];
                    weights[index] -= (float) moved[index];
                }
            }
        }

        private float[] lie(int worker, int round, List<float[]> honest) {
            var own = honest.get(worker);
            return switch (attack) {
                case NOTHING_WRONG -> own;
                case ZEROS -> new float[DIMENSIONS];
                case NOISE -> noise(worker, round, 2 * Norms.of(honest.getLast()));
                case SIGN_FLIP -> times(-2.5f, own);
                case SCALED -> times(60, own);
                case COPIED -> honest.getLast().clone();
                case LAZY -> learn(worker, round, 1);
                case COLLUDING ->
                    times(
                            -2.5f,
                            Aggregation.mean()
                                    .of(
                                            honest.stream()
                                                    .map(one -> new Contribution(one, 1))
                                                    .toList(),
                                            DIMENSIONS));
                case A_LITTLE -> aLittleOff(honest, 1.5);
                case BY_RESIDUAL -> withWhatIsOwed(worker, round, own);
            };
        }

        /** The opposite of what it learned, some lengths of it, goes through the residual. */
        private float[] withWhatIsOwed(int worker, int round, float[] own) {
            owedBefore[worker] = owedAfter[worker];
            owedAfter[worker] = round % 2 == 0 ? times((float) -lengths, own) : new float[DIMENSIONS];
            var sent = own.clone();
            for (var index = 0; index < DIMENSIONS; index++) {
                sent[index] += owedBefore[worker][index];
            }
            return sent;
        }

        /** The mean less some standard deviations, each coordinate by itself. */
        private static float[] aLittleOff(List<float[]> honest, double deviations) {
            var off = new float[DIMENSIONS];
            for (var index = 0; index < DIMENSIONS; index++) {
                double sum = 0;
                double squares = 0;
                for (var one : honest) {
                    sum += one[index];
                    squares += one[index] * one[index];
                }
                var mean = sum / honest.size();
                off[index] = (float) (mean - deviations * Math.sqrt(squares / honest.size() - mean * mean));
            }
            return off;
        }

        private static float[] noise(int worker, int round, double length) {
            var random = new Random(31L * round + worker);
            var values = new float[DIMENSIONS];
            for (var index = 0; index < DIMENSIONS; index++) {
                values[index] = (float) (length * 3 * random.nextGaussian() / Math.sqrt(DIMENSIONS));
            }
            return values;
        }

        private static float[] times(float factor, float[] values) {
            var result = new float[values.length];
            for (var index = 0; index < values.length; index++) {
                result[index] = factor * values[index];
            }
            return result;
        }

        /** Weights before minus weights after the steps. */
        private float[] learn(int worker, int round, int steps) {
            var own = weights.clone();
            for (var step = 0; step < steps; step++) {
                var gradient = new double[DIMENSIONS];
                for (var example : examples(worker, round, step, Assignment.TRAINING)) {
                    var error = error(own, inputs[example], outputs[example]);
                    for (var index = 0; index < DIMENSIONS; index++) {
                        gradient[index] += 2 * error * inputs[example][index] / BATCH;
                    }
                }
                for (var index = 0; index < DIMENSIONS; index++) {
                    own[index] -= (float) (RATE * gradient[index]);
                }
            }
            var change = new float[DIMENSIONS];
            for (var index = 0; index < DIMENSIONS; index++) {
                change[index] = weights[index] - own[index];
            }
            return change;
        }

        private static int[] examples(int worker, int round, int step, String purpose) {
            return new Assignment(1, round, name(worker), purpose).starts(step, BATCH, 1, EXAMPLES);
        }

        private static String name(int worker) {
            return "worker-" + worker;
        }

        private static double error(float[] weights, double[] input, double output) {
            double sum = -output;
            for (var index = 0; index < DIMENSIONS; index++) {
                sum += weights[index] * input[index];
            }
            return sum;
        }

        private Map<String, String> watched(int round, List<float[]> updates) {
            for (var worker = 0; worker < WORKERS; worker++) {
                if (round >= HONEST_UNTIL && round < HONEST_UNTIL + 15) {
                    var score = score(worker, round, updates);
                    gains[worker] += score.assigned() + score.advantage();
                }
            }
            return Map.of();
        }

        double gain(int worker) {
            return gains[worker];
        }

        private Map<String, String> judged(int round, List<float[]> updates, List<float[]> honest) {
            var evidence = new ArrayList<Jury.Evidence>();
            var peers = Peers.of(standings.values());
            for (var worker = 0; worker < WORKERS; worker++) {
                var name = name(worker);
                var standing = standings.getOrDefault(name, Standing.NEW);
                Replay replay = null;
                var draw = (Draws.of("secret" + name, round).next() >>> 11) * 0x1p-53;
                if (defence == Defence.ALL
                        && standing.excluded() == null
                        && AdaptiveReplication.replays(standing, peers, draw)) {
                    replay = Replay.of(
                            List.of(),
                            List.of(),
                            owedBefore[worker],
                            owedAfter[worker],
                            updates.get(worker),
                            1,
                            honest.get(worker));
                    replays++;
                }
                evidence.add(new Jury.Evidence(
                        name, Norms.of(updates.get(worker)), score(worker, round, updates), replay, null));
            }
            var verdict = jury.judge(evidence, standings, norms);
            standings = verdict.standings();
            norms = verdict.norms();
            return verdict.problems();
        }

        private Score score(int worker, int round, List<float[]> updates) {
            var own = IntStream.range(0, STEPS)
                    .flatMap(step -> IntStream.of(examples(worker, round, step, Assignment.TRAINING)))
                    .toArray();
            var other = IntStream.range(0, 2 * STEPS)
                    .flatMap(step -> IntStream.of(examples(0, round, step, "scoring")))
                    .toArray();
            var mean = CenteredClip.USUAL.of(
                    updates.stream().map(one -> new Contribution(one, 1)).toList(), DIMENSIONS);
            var none = new float[DIMENSIONS];
            var update = updates.get(worker);
            var assigned = loss(update, own);
            var unassigned = loss(update, other);
            return new Score(
                    loss(none, other),
                    loss(none, own) - assigned,
                    loss(none, other) - unassigned,
                    (loss(mean, own) - assigned) - (loss(mean, other) - unassigned));
        }

        private double loss(float[] change, int[] examples) {
            var changed = weights.clone();
            for (var index = 0; index < DIMENSIONS; index++) {
                changed[index] -= change[index];
            }
            double sum = 0;
            for (var example : examples) {
                sum += Math.pow(error(changed, inputs[example], outputs[example]), 2);
            }
            return sum / examples.length;
        }

        /** On examples that nobody learns from. */
        double loss() {
            double sum = 0;
            for (var example = 0; example < held.length; example++) {
                sum += Math.pow(error(weights, held[example], heldOutputs[example]), 2);
            }
            return sum / held.length;
        }

        /** Just the liars are excluded, and rated below everybody else. */
        void named() {
            for (var worker = 0; worker < LIARS; worker++) {
                assertNotNull(standings.get(name(worker)).excluded(), attack + ": " + name(worker) + " goes on");
            }
            for (var worker = LIARS; worker < WORKERS; worker++) {
                var standing = standings.get(name(worker));
                assertNull(standing.excluded(), attack + ": " + name(worker));
                for (var liar = 0; liar < LIARS; liar++) {
                    var below = standings.get(name(liar));
                    assertTrue(
                            below.rating().mean() < standing.rating().mean(),
                            attack + ": " + name(liar) + " " + below + " " + name(worker) + " " + standing);
                }
            }
        }
    }
}
