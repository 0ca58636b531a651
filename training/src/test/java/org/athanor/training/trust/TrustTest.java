package org.athanor.training.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.athanor.training.model.LearningRate;
import org.athanor.training.outer.Contribution;
import org.athanor.training.trust.Replay.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
    /** The examples in the README of openskill.js. */
    @Test
    void ratingsAreThoseOfOpenSkill() {
        var four = Rating.after(List.of(unknown(4), unknown(1), unknown(3), unknown(2)));
        assertEquals(20.96265504062538, four.get(0).mean(), 1e-9);
        assertEquals(8.083731307186588, four.get(0).spread(), 1e-9);
        assertEquals(27.795084971874736, four.get(1).mean(), 1e-9);
        assertEquals(8.263160757613477, four.get(1).spread(), 1e-9);
        assertEquals(24.68943500312503, four.get(2).mean(), 1e-9);
        assertEquals(26.552824984374855, four.get(3).mean(), 1e-9);
        var draw = Rating.after(List.of(unknown(1), unknown(1)));
        assertEquals(25, draw.get(0).mean(), 1e-9);
        assertTrue(draw.get(0).ordinal() > Rating.UNKNOWN.ordinal(), "a draw too tells something");
    }

    private static Rating.Ranked unknown(int rank) {
        return new Rating.Ranked(Rating.UNKNOWN, rank);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "9, 1", "10, 0.1", "50, 0.02"})
    void whoWasOftenRightIsReplayedSeldom(int valid, double probability) {
        assertEquals(probability, AdaptiveReplication.probability(valid));
        var worker = new Standing(Rating.UNKNOWN, valid, 0, 0, 0, null, null, 0, 0, -1L, false);
        var alone = Peers.of(List.of(worker));
        assertTrue(AdaptiveReplication.replays(worker, alone, 0.99 * probability));
        assertEquals(probability == 1, AdaptiveReplication.replays(worker, alone, 0.999));
    }

    @Test
    void clippingLeavesHonestUpdatesNearlyTheirMean() {
        var honest = around(3, 20, 7);
        var mean = Aggregation.mean().of(honest, SIZE);
        var clipped = CenteredClip.USUAL.of(honest, SIZE);
        assertTrue(distance(mean, clipped) < 0.05 * Norms.of(mean), distance(mean, clipped) + " of " + Norms.of(mean));
    }

    @Test
    void aMinorityMovesTheClippedMeanByAShareOfTheHonestSpreadHoweverFarItGoes() {
        var all = around(3, 14, 7);
        var honest = Aggregation.mean().of(all, SIZE);
        for (var liar = 0; liar < 6; liar++) {
            var far = new float[SIZE];
            java.util.Arrays.fill(far, 1e6f);
            all.add(new Contribution(far, 1));
        }
        assertTrue(distance(Aggregation.mean().of(all, SIZE), honest) > 1e6);
        var moved = distance(CenteredClip.USUAL.of(all, SIZE), honest);
        assertTrue(moved < 0.5 * Norms.of(honest), moved + " of " + Norms.of(honest));
    }

    @Test
    void whereThereIsNoMajorityClippingIsTheMean() {
        var two = List.of(new Contribution(new float[] {1, 2}, 1), new Contribution(new float[] {3, 4}, 3));
        assertArrayEquals(new float[] {2.5f, 3.5f}, CenteredClip.USUAL.of(two, 2));
        assertThrows(IllegalArgumentException.class, () -> CenteredClip.USUAL.of(List.of(), 2));
        assertThrows(IllegalArgumentException.class, () -> CenteredClip.USUAL.of(two, 3));
    }

    @Test
    void howManyAreHeldForMediansChangesNothingAndNeverAllAre() {
        var all = around(3, 40, 7);
        var reads = new int[1];
        var small = new CenteredClip(3, 1);
        var lazy = all.stream()
                .map(one -> new Contribution(
                        () -> {
                            reads[0]++;
                            return one.values().clone();
                        },
                        one.weight()))
                .toList();
        assertArrayEquals(CenteredClip.USUAL.of(all, SIZE), small.of(lazy, SIZE));
        // the mean, ten slices of medians with room for four, and each pass twice
        assertEquals(40 * (1 + 10 + 2 * 3), reads[0]);
    }

    private static final int SIZE = 500;

    private static List<Contribution> around(long seed, int count, double length) {
        var random = new Random(seed);
        var common = new float[SIZE];
        for (var index = 0; index < SIZE; index++) {
            common[index] = (float) (length * random.nextGaussian() / Math.sqrt(SIZE));
        }
        var all = new ArrayList<Contribution>();
        for (var one = 0; one < count; one++) {
            var values = common.clone();
            for (var index = 0; index < SIZE; index++) {
                values[index] += (float) (0.3 * length * random.nextGaussian() / Math.sqrt(SIZE));
            }
            all.add(new Contribution(values, 1));
        }
        return all;
    }

    private static double distance(float[] a, float[] b) {
        var difference = new float[a.length];
        for (var index = 0; index < a.length; index++) {
            difference[index] = a[index] - b[index];
        }
        return Norms.of(difference);
    }

    @Test
    void lengthsAreHeldAgainstTheRoundAndAgainstThoseBefore() {
        var alone = Norms.bound(new double[] {50}, List.of(1.0, 1.1, 0.9));
        assertEquals(3.0, alone.most(), "one update is not its own measure");
        var many = Norms.bound(new double[] {2, 2.1, 1.9, 80}, List.of(1.0, 1.1, 0.9));
        assertEquals(6.0, many.most(), 1e-9);
        var taken = Norms.bound(new double[] {80, 80, 80}, List.of(1.0, 1.1, 0.9));
        assertEquals(10.0, taken.most(), "nor is a round full of liars");
    }

    @Test
    void aReplayHoldsTheClaimedChangeAgainstItsOwn() {
        var before = new float[] {0.5f, 0, -0.5f};
        var change = new float[] {1, 2, 3};
        var sent = new float[] {1.25f, 2, 2.25f};
        var after = new float[3];
        for (var index = 0; index < 3; index++) {
            after[index] = 0.5f * before[index] + change[index] - sent[index];
        }
        var losses = List.of(2.0, 1.5);
        var same = Replay.of(losses, losses, before, after, sent, 0.5, change);
        assertNull(same.mismatch(Tolerance.USUAL), same.toString());
        var others = Replay.of(losses, List.of(2.0, 1.4), before, after, sent, 0.5, change);
        assertTrue(others.mismatch(Tolerance.USUAL).contains("loss differs by 0.100"), others.toString());
        after[1] += 1;
        var hidden = Replay.of(losses, losses, before, after, sent, 0.5, change);
        assertNotNull(hidden.mismatch(Tolerance.USUAL), "what is hidden in the residual is found too");
        after[1] = Float.NaN;
        assertNotNull(
                Replay.of(losses, losses, before, after, sent, 0.5, change).mismatch(Tolerance.USUAL));
        assertNotNull(Replay.of(List.of(2.0), losses, before, after, sent, 0.5, change)
                .mismatch(Tolerance.USUAL));
    }

    @Test
    void runningStatisticsAreReplayedByThemselves() {
        var losses = List.of(2.0);
        var none = new float[4];
        var change = new float[] {0.1f, -0.2f, 40, 1e-3f};
        var statistics = new float[] {100, 1};
        var sent = change.clone();
        sent[2] += 1e-4f; // what a statistic of 100 is rounded by
        var same = Replay.of(losses, losses, none, none, sent, 1, change, statistics, 1);
        assertNull(same.mismatch(Tolerance.USUAL), same.toString());
        sent[1] = -0.19f;
        var weights = Replay.of(losses, losses, none, none, sent, 1, change, statistics, 1);
        assertNotNull(weights.mismatch(Tolerance.USUAL), "large statistics hide no weight: " + weights);
        sent[1] = change[1];
        sent[2] = 38;
        var owed = new float[] {0, 0, 2, 0};
        var parted = Replay.of(losses, losses, none, owed, sent, 1, change, statistics, 1);
        assertNotNull(parted.mismatch(Tolerance.USUAL), "of statistics nothing is owed: " + parted);
    }

    /** The sum of what was sent and what is owed says nothing of how it was parted. */
    @Test
    void whoSendsTheOppositeAndOwesTheRestIsFound() {
        var change = new float[] {0.1f, -0.2f, 0.3f};
        var none = new float[3];
        var sent = new float[3];
        var after = new float[3];
        for (var index = 0; index < 3; index++) {
            sent[index] = -17 * change[index];
            after[index] = 18 * change[index];
        }
        var losses = List.of(2.0);
        var replay = Replay.of(losses, losses, none, after, sent, 1, change);
        assertFalse(replay.residualTooLarge());
        assertTrue(replay.mismatch(Tolerance.USUAL).contains("owes 18.0 times"), replay.toString());
    }

    /** What heaps up is as old as the rounds of large steps. */
    @Test
    void whatIsOwedOfLargeStepsIsNotHeldAgainstSmallOnes() {
        var change = new float[] {0.001f, -0.002f};
        var owed = new float[] {0.03f, -0.06f};
        var again = new float[] {0.95f * 0.03f, -0.95f * 0.06f};
        var after = new float[] {again[0] + change[0], again[1] + change[1]};
        var losses = List.of(2.0);
        var steady = Replay.of(losses, losses, owed, after, new float[2], 0.95, change, new float[0], 1);
        assertTrue(steady.residualTooLarge(), steady.toString());
        var faded = Replay.of(losses, losses, owed, after, new float[2], 0.95, change, new float[0], 2);
        assertFalse(faded.residualTooLarge(), faded.toString());
        var rate = new LearningRate(1, 0, 10, 110);
        assertEquals(0.5, rate.mostUntil(4), 0.05);
        assertEquals(1, rate.mostUntil(100));
    }

    @Test
    void whoKeepsBackItsResidualNowAndThenGoesInTheEnd() {
        var jury = new Jury(Tolerance.USUAL);
        var right = new Replay(0, 0, 0, 0, 0);
        Map<String, Standing> standings = Map.of();
        var counted = 0;
        for (var round = 0; round < 60; round++) {
            if (standings.getOrDefault("shy", Standing.NEW).excluded() != null) {
                break;
            }
            var silent = round % 15 == 14;
            var evidence = new Jury.Evidence(
                    "shy", 1, null, silent ? null : right, silent ? "it did not bring the residual" : null);
            standings = jury.judge(List.of(evidence), standings, List.of(1.0)).standings();
            counted++;
        }
        assertEquals(45, counted);
        assertTrue(standings.get("shy").excluded().startsWith("3 times it did not bring"), standings.toString());
    }

    @Test
    void aReplayClearsWhatItDidAndNothingThatWasSentBeside() {
        var jury = new Jury(Tolerance.USUAL);
        var losses = List.of(2.0);
        var change = new float[] {4, 3};
        var none = new float[2];
        var harmful = new Score(2, -0.5, -0.5, 0);
        var work = Replay.of(losses, losses, none, none, change, 1, change);
        var honest = new Jury.Evidence("warms up", Norms.of(change), harmful, work, null);
        assertEquals(
                Map.of(), jury.judge(List.of(honest), Map.of(), List.of(0.5)).problems());

        var trusted = Standing.NEW;
        for (var round = 0; round < 12; round++) {
            trusted = trusted.right(true);
        }
        var long20 = judged(jury, trusted, new float[] {-60, 70}, null);
        assertTrue(long20.problems().get("poisoner").contains("its update has a length of"), long20.toString());
        assertEquals(0, long20.standings().get("poisoner").valid(), "its rounds are all replayed from now on");
        assertNull(long20.standings().get("poisoner").excluded(), "it is no proof");
        var short2 = judged(jury, trusted, new float[] {-9, -6}, harmful);
        assertTrue(short2.problems().get("poisoner").contains("raises the loss"), short2.toString());
    }

    /** A round that begins with {@code poison}, which was committed to in one that was not drawn, and sends it. */
    private static Jury.Verdict judged(Jury jury, Standing trusted, float[] poison, Score score) {
        var change = new float[] {4, 3};
        var sent = new float[2];
        for (var index = 0; index < 2; index++) {
            sent[index] = 0.95f * poison[index] + change[index];
        }
        var losses = List.of(2.0);
        var replay = Replay.of(losses, losses, poison, new float[2], sent, 0.95, change);
        assertNull(replay.mismatch(Tolerance.USUAL), replay.toString());
        assertFalse(replay.residualTooLarge(), replay.toString());
        var evidence = new Jury.Evidence("poisoner", Norms.of(sent), score, replay, null);
        return jury.judge(List.of(evidence), Map.of("poisoner", trusted), List.of(5.0, 5.0, 5.0));
    }

    @Test
    void whatMakesNoNumbersDoesHarmAndSpoilsNobodysStanding() {
        assertTrue(new Score(2, Double.NaN, Double.NaN, Double.NaN).harms());
        var beside =
                Standing.NEW.scoredWith(new Score(2, 0.1, 0.1, 0.1)).scoredWith(new Score(2, 0.1, 0.1, Double.NaN));
        assertEquals(1, beside.advantage());
    }

    @Test
    void whoNeedsThreeRoundsToDoHarmHasNoFourth() {
        var jury = new Jury(Tolerance.USUAL);
        var harmful = new Score(2, -0.5, -0.5, 0);
        Map<String, Standing> standings = Map.of();
        for (var round = 0; round < 3; round++) {
            assertTrue(standings.getOrDefault("bad", Standing.NEW).excluded() == null);
            var verdict = jury.judge(
                    List.of(
                            new Jury.Evidence("bad", 1, harmful, null, null),
                            new Jury.Evidence("good", 1, new Score(2, 0.5, 0.4, 0.1), null, null)),
                    standings,
                    List.of());
            assertTrue(verdict.problems().get("bad").contains("raises the loss by 0.500"));
            assertFalse(verdict.problems().containsKey("good"));
            standings = verdict.standings();
        }
        assertTrue(standings.get("bad").excluded().startsWith("3 rounds in a row"));
        assertTrue(standings.get("bad").rating().ordinal()
                < standings.get("good").rating().ordinal());
    }
}
