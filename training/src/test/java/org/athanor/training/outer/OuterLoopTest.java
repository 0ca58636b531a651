package org.athanor.training.outer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.athanor.training.model.GptShape;
import org.athanor.training.model.TensorSpec;
import org.athanor.training.update.Codec;
import org.athanor.training.update.UpdateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hundreds of virtual workers, each pulling the weights to a target of its own, all of them together to the middle of the targets. */
class OuterLoopTest {
    private static final int SIZE = 1200;
    private static final List<TensorSpec> TENSORS = List.of(
            new TensorSpec("wte.weight", List.of(200L)),
            new TensorSpec("h.0.weight", List.of(200L)),
            new TensorSpec("h.1.weight", List.of(400L)),
            new TensorSpec("h.2.weight", List.of(200L)),
            new TensorSpec("h.3.weight", List.of(200L)));

    static List<OuterSettings> schemes() {
        return List.of(
                OuterSettings.diLoCo(20, "float32"),
                OuterSettings.diLoCo(20, "int8"),
                OuterSettings.diLoCo(20, "int4"),
                OuterSettings.streaming(5, "int4", 4),
                OuterSettings.sparseLoCo(20, 256, 512));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void manyWorkersFindTheMiddleOfWhatTheyWant(OuterSettings settings) throws UpdateException {
        var town = new Town(settings, 200);
        var before = town.distance();
        for (var round = 0; round < 100; round++) {
            town.round(worker -> true);
        }
        assertTrue(town.distance() < 0.05 * before, settings + ": " + town.distance() + " of " + before);
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void workersThatComeAndGoDoNotHinderIt(OuterSettings settings) throws UpdateException {
        var town = new Town(settings, 200);
        var random = new Random(5);
        var before = town.distance();
        for (var round = 0; round < 100; round++) {
            town.round(worker -> random.nextInt(3) > 0);
        }
        assertTrue(town.distance() < 0.1 * before, settings + ": " + town.distance() + " of " + before);
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void everyWorkerHoldsWhatThePublisherThinksItHolds(OuterSettings settings) throws UpdateException {
        var town = new Town(settings, 3);
        for (var round = 0; round < 9; round++) {
            town.round(worker -> true);
            assertArrayEquals(town.global.published(), town.workers.getFirst().anchor());
        }
        var resumed = new GlobalModel(
                settings,
                town.fragments,
                town.global.round(),
                town.global.exact(),
                town.global.published(),
                town.global.moved());
        var drift = new float[resumed.updateLength()];
        java.util.Arrays.fill(drift, 0.01f);
        assertArrayEquals(
                town.global.close(List.of(new Contribution(drift, 1))),
                resumed.close(List.of(new Contribution(drift, 1))));
    }

    @Test
    void whatWasNotSentIsSentLaterAndADroppedUpdateIsOwedAgain() throws UpdateException {
        var settings = new OuterSettings(1, "sparse-1", "float32", OuterOptimiser.PLAIN, 1, 1, 0, 0);
        var local = new LocalModel(settings, Fragments.of(TENSORS.subList(0, 1), 1), new float[200]);
        var weights = new float[200];
        weights[10] = -3;
        weights[20] = -2;
        var first = local.send(0, weights);
        assertEquals(3, settings.upCodec().decode(first, 200)[10]);
        assertEquals(2, local.residual()[20]);
        local.restore(0, first);
        assertEquals(3, local.residual()[10]);
    }

    /** Half of what was sent in vain is in the worker's own weights still, and is told with them. */
    @Test
    void whereWeightsAreMixedADroppedUpdateIsToldOnceAndNotOneAndAHalfTimes() throws UpdateException {
        var mixing = new OuterSettings(1, "float32", "float32", OuterOptimiser.PLAIN, 1, 1, 1, 0.5);
        var fragments = Fragments.of(TENSORS.subList(0, 1), 1);
        var local = new LocalModel(mixing, fragments, new float[200]);
        var weights = new float[200];
        weights[10] = -4;
        local.restore(0, local.send(0, weights));
        local.take(0, Codec.named("float32").encode(new float[200]), weights);
        assertEquals(-2, weights[10], "half of its own");
        var next = Codec.named("float32").decode(local.send(1, weights), 200);
        assertEquals(4, next[10]);
    }

    private static LocalModel owing(OuterSettings settings, int fragments) {
        return new LocalModel(settings, Fragments.of(TENSORS, fragments), new float[SIZE]);
    }

    private static boolean owes(LocalModel local) {
        for (var value : local.residual()) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatIsOwedForTooManyRoundsIsForgotten() throws UpdateException {
        var settings = new OuterSettings(1, "sparse-1", "float32", OuterOptimiser.PLAIN, 1, 1, 0, 0);
        var learned = new float[SIZE];
        learned[10] = -3;
        learned[20] = -2;
        var local = owing(settings, 1);
        local.send(7, learned);
        local.expire(7 + LocalModel.STALE_AFTER);
        assertTrue(owes(local), "of that age it still goes with the next update");
        var next = settings.upCodec().decode(local.send(7 + LocalModel.STALE_AFTER, local.anchor()), SIZE);
        assertEquals(2, next[20]);

        var away = owing(settings, 1);
        away.send(7, learned);
        var late = settings.upCodec().decode(away.send(8 + LocalModel.STALE_AFTER, away.anchor()), SIZE);
        assertArrayEquals(new float[SIZE], late);
        assertFalse(owes(away), "what is stale is neither sent nor kept");
    }

    @Test
    void updatesThatAreDroppedAgainAndAgainDoNotKeepOldOnesYoung() throws UpdateException {
        var settings = new OuterSettings(1, "sparse-1", "float32", OuterOptimiser.PLAIN, 1, 1, 0, 0);
        var local = owing(settings, 1);
        var learned = new float[SIZE];
        learned[10] = -1;
        for (var round = 0; round <= LocalModel.STALE_AFTER; round++) {
            local.restore(round, local.send(round, learned));
            assertEquals(round + 1, local.residual()[10]);
        }
        local.restore(LocalModel.STALE_AFTER + 1, local.send(LocalModel.STALE_AFTER + 1, learned));
        assertEquals(1, local.residual()[10], "only the last is left");
        // one that counts makes what is left young again
        learned[20] = -0.5f;
        local.send(LocalModel.STALE_AFTER + 2, learned);
        local.expire(2 * LocalModel.STALE_AFTER + 2);
        assertEquals(0, local.residual()[10]);
        assertEquals(0.5, local.residual()[20]);
    }

    @Test
    void whatACommittedResidualGoesBackToHasItsAge() throws UpdateException {
        var settings = new OuterSettings(1, "sparse-1", "float32", OuterOptimiser.PLAIN, 1, 1, 0, 0);
        var local = owing(settings, 1);
        var learned = new float[SIZE];
        learned[10] = -3;
        learned[20] = -2;
        local.send(0, learned);
        var committed = local.residual();
        for (var round = 1; round <= LocalModel.STALE_AFTER; round++) {
            local.expire(round);
            local.send(round, learned);
            local.owe(round, committed);
        }
        assertArrayEquals(committed, local.residual());
        local.expire(LocalModel.STALE_AFTER + 1);
        assertFalse(owes(local));
    }

    @Test
    void eachPartOfTheModelAgesByItsOwnTurns() throws UpdateException {
        var settings = new OuterSettings(1, "sparse-1", "float32", OuterOptimiser.PLAIN, 1, 4, 0, 0);
        var local = owing(settings, 4);
        var learned = new float[SIZE];
        java.util.Arrays.fill(learned, -2);
        local.send(1, learned);
        local.expire(2 + 4L * LocalModel.STALE_AFTER);
        assertTrue(owes(local), "another part's turn says nothing of this one");
        local.expire(1 + 4L * LocalModel.STALE_AFTER);
        assertTrue(owes(local));
        local.expire(5 + 4L * LocalModel.STALE_AFTER);
        assertFalse(owes(local));
    }

    /** Weights of seven values, then a mean and a variance as batch norm keeps them. */
    private static final List<TensorSpec> WITH_STATISTICS = List.of(
            new TensorSpec("h.0.weight", List.of(4L)),
            new TensorSpec("h.1.weight", List.of(3L)),
            new TensorSpec("h.0.norm.running_mean", List.of(1L), false),
            new TensorSpec("h.1.norm.running_var", List.of(1L), false));

    @ParameterizedTest
    @ValueSource(strings = {"float32", "int8", "int4", "sparse-1"})
    void runningStatisticsBecomeTheMeanOfTheWorkersWhateverTheCode(String code) throws UpdateException {
        var settings = OuterSettings.diLoCo(1, code);
        var fragments = Fragments.of(WITH_STATISTICS, 1);
        var begun = new float[] {1, 2, 3, 4, 5, 6, 7, 0, 1};
        var global = new GlobalModel(settings, fragments, begun);
        var first = new LocalModel(settings, fragments, begun);
        var second = new LocalModel(settings, fragments, begun);
        var ofFirst = new float[] {2, 3, 4, 5, 6, 7, 8, 40, 1e-4f};
        var ofSecond = new float[] {3, 4, 5, 6, 7, 8, 9, -20, 3e-4f};
        var change = global.close(List.of(
                new Contribution(global.drift(first.send(0, ofFirst)), 1),
                new Contribution(global.drift(second.send(0, ofSecond)), 1)));
        first.take(0, change, ofFirst);
        second.take(0, change, ofSecond);
        assertArrayEquals(global.published(), first.anchor());
        assertArrayEquals(first.anchor(), ofFirst);
        assertArrayEquals(first.anchor(), ofSecond);
        assertEquals(10, ofFirst[7], 1e-5);
        assertEquals(2e-4, ofFirst[8], 1e-7, "neither overshot nor coarsened");
        assertEquals(ofFirst[8], global.exact()[8]);
        assertEquals(0, first.residual()[7], "nothing is owed of statistics");
        assertEquals(0, first.residual()[8], "nothing is owed of statistics");
    }

    @Test
    void aLateOrDroppedUpdateMakesNoVarianceNegative() throws UpdateException {
        var settings = OuterSettings.diLoCo(1, "int4");
        var fragments = Fragments.of(WITH_STATISTICS, 1);
        var begun = new float[] {1, 2, 3, 4, 5, 6, 7, 0, 1};
        var global = new GlobalModel(settings, fragments, begun);
        var quick = new LocalModel(settings, fragments, begun);
        var slow = new LocalModel(settings, fragments, begun);
        var late = slow.send(0, new float[] {1, 2, 3, 4, 5, 6, 7, 0, 0.2f});
        var weights = new float[] {1, 2, 3, 4, 5, 6, 7, 0, 0.1f};
        var change = global.close(List.of(new Contribution(global.drift(quick.send(0, weights)), 1)));
        slow.take(0, change, begun);
        assertEquals(0.1f, begun[8], 1e-7);
        global.close(List.of(new Contribution(global.drift(late), 1)));
        assertEquals(0.2f, global.exact()[8], 1e-7, "by what it was before, it would be -0.7");

        slow.restore(0, late);
        assertEquals(0, slow.residual()[8]);
        var next = fragments.coding(settings.upCodec(), 1).decode(slow.send(1, begun));
        assertEquals(begun[8], next[8]);
    }

    @Test
    void statisticsGoWithTheirFragment() throws UpdateException {
        var settings = OuterSettings.streaming(1, "int4", 2);
        var fragments = Fragments.of(WITH_STATISTICS, 2);
        var begun = new float[] {1, 2, 3, 4, 5, 6, 7, 0, 1};
        var global = new GlobalModel(settings, fragments, begun);
        var local = new LocalModel(settings, fragments, begun);
        var weights = new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9};
        local.take(0, global.close(List.of(new Contribution(global.drift(local.send(0, weights)), 1))), weights);
        assertEquals(8, global.published()[7]);
        assertEquals(1, global.published()[8], "its turn is the next round");
        local.take(1, global.close(List.of(new Contribution(global.drift(local.send(1, weights)), 1))), weights);
        assertEquals(9, global.published()[8]);
        assertArrayEquals(global.published(), local.anchor());
    }

    /** A fragment may hold nothing but statistics, of layers that are frozen. */
    @ParameterizedTest
    @ValueSource(strings = {"float32", "int8", "int4", "sparse-1"})
    void statisticsAloneAreAPartToo(String code) throws UpdateException {
        var coding = new PartCodec(Codec.named(code), 0, 2);
        assertArrayEquals(new float[] {-3, 7}, coding.decode(coding.encode(new float[] {-3, 7})));
    }

    @Test
    void anUpdateOfTheWrongLengthIsNone() {
        var coding = Fragments.of(WITH_STATISTICS, 1)
                .coding(OuterSettings.diLoCo(1, "int8").upCodec(), 0);
        var right = coding.encode(new float[9]);
        for (var length = 0; length < right.length; length++) {
            var shorter = java.util.Arrays.copyOf(right, length);
            assertThrows(UpdateException.class, () -> coding.decode(shorter));
        }
        var noStatistic = right.clone();
        noStatistic[right.length - 1] = (byte) 0xFF;
        noStatistic[right.length - 2] = (byte) 0xFF;
        assertThrows(UpdateException.class, () -> coding.decode(noStatistic));
    }

    @Test
    void fragmentsAreStridedAndTogetherTheWhole() {
        var tensors = new GptShape(6, 2, 8, 8, 11, true, 0).tensors();
        var size = (int) tensors.stream().mapToLong(TensorSpec::size).sum();
        var fragments = Fragments.of(tensors, 3);
        var seen = new float[size];
        for (var part : fragments.parts()) {
            var values = part.of(seen);
            for (var index = 0; index < values.length; index++) {
                values[index]++;
            }
            part.into(seen, values);
        }
        var once = new float[size];
        java.util.Arrays.fill(once, 1);
        assertArrayEquals(once, seen);
        assertThrows(IllegalArgumentException.class, () -> Fragments.of(tensors, 7));
        assertThrows(IllegalArgumentException.class, () -> OuterSettings.streaming(1, "int4", 2_000_000_000));
        assertThrows(IllegalArgumentException.class, () -> OuterSettings.diLoCo(2_000_000_000, "int4"));
    }

    private static final class Town {
        private final OuterSettings settings;
        private final Fragments fragments;
        private final GlobalModel global;
        private final List<LocalModel> workers = new ArrayList<>();
        private final List<float[]> weights = new ArrayList<>();
        private final List<float[]> targets = new ArrayList<>();

        Town(OuterSettings settings, int count) {
            this.settings = settings;
            fragments = Fragments.of(TENSORS, settings.fragments());
            global = new GlobalModel(settings, fragments, new float[SIZE]);
            var random = new Random(3);
            var common = new float[SIZE];
            for (var index = 0; index < SIZE; index++) {
                common[index] = (float) random.nextGaussian();
            }
            for (var worker = 0; worker < count; worker++) {
                var target = common.clone();
                for (var index = 0; index < SIZE; index++) {
                    target[index] += (float) (0.3 * random.nextGaussian());
                }
                targets.add(target);
                weights.add(new float[SIZE]);
                workers.add(new LocalModel(settings, fragments, new float[SIZE]));
            }
        }

        void round(java.util.function.IntPredicate present) throws UpdateException {
            var contributions = new ArrayList<Contribution>();
            var round = global.round();
            for (var worker = 0; worker < workers.size(); worker++) {
                if (!present.test(worker)) {
                    continue;
                }
                var own = weights.get(worker);
                var share = (float) (1 - Math.pow(0.99, settings.innerSteps()));
                for (var index = 0; index < SIZE; index++) {
                    own[index] += share * (targets.get(worker)[index] - own[index]);
                }
                var bytes = workers.get(worker).send(round, own);
                contributions.add(new Contribution(global.drift(bytes), 1));
            }
            if (contributions.isEmpty()) {
                return;
            }
            var change = global.close(contributions);
            for (var worker = 0; worker < workers.size(); worker++) {
                workers.get(worker).take(round, change, weights.get(worker));
            }
        }

        /** Of the published weights from the middle of the targets. */
        double distance() {
            var published = global.published();
            double sum = 0;
            for (var index = 0; index < SIZE; index++) {
                double middle = 0;
                for (var target : targets) {
                    middle += target[index];
                }
                sum += Math.pow(published[index] - middle / targets.size(), 2);
            }
            return Math.sqrt(sum / SIZE);
        }
    }
}
