package org.athanor.training.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What ratings say of workers beside each other, and who is replayed more often for it. */
class PeersTest {
    private static final int ROUNDS = 200;
    private static final String LAZY = "lazy";
    private static final List<String> HONEST = List.of("a", "b", "c", "d", "e", "f", "g");
    private static final Replay RIGHT = new Replay(0, 0, 0, 0, 0);

    private static Standing standing(double mean, double spread, int valid, int scored) {
        return new Standing(new Rating(mean, spread), valid, 0, scored, 1, null, null, 0, 0, -1L, false);
    }

    @Test
    void aRatingIsAChanceBesideTheOneInTheMiddle() {
        var good = standing(32, 2, 20, 50);
        var usual = standing(25, 2, 20, 50);
        var bad = standing(-10, 2, 20, 50);
        var fresh = standing(25, 25.0 / 3, 0, 1);
        var out = standing(90, 1, 20, 50).without("it lied");
        var peers = Peers.of(List.of(good, usual, bad, fresh, out));
        var middle = peers.compare(usual).orElseThrow();
        assertEquals(0.5, middle.better(), 1e-9, "of those that may work and were scored often enough");
        assertTrue(middle.least() < 0.5 && middle.most() > 0.5, middle.toString());
        assertTrue(peers.compare(good).orElseThrow().better() > 0.6);
        assertTrue(peers.compare(bad).orElseThrow().most() < 0.05);
        assertTrue(peers.compare(fresh).isEmpty(), "nothing is said of newcomers");
        assertTrue(Peers.of(List.of(good)).compare(good).isEmpty(), "nor of whoever is alone");
    }

    @Test
    void aBadRatingMakesAReplayLikelierAndAGoodOneNeverLess() {
        var usual = standing(25, 2, 50, 50);
        for (var mean = -60; mean <= 60; mean++) {
            for (var valid : List.of(0, 9, 10, 50, 5000)) {
                var one = standing(mean, 2, valid, 50);
                var probability = AdaptiveReplication.probability(one, Peers.of(List.of(one, usual, usual)));
                var bare = AdaptiveReplication.probability(valid);
                assertTrue(probability >= bare && probability <= Math.min(1, 10 * bare), one + ": " + probability);
                if (mean < 20 && valid >= 10) {
                    assertTrue(probability > bare, one + ": " + probability);
                }
                if (mean >= 23) {
                    assertEquals(bare, probability, one.toString());
                }
            }
        }
        var broken = standing(Double.NaN, 2, 50, 50);
        assertEquals(0.02, AdaptiveReplication.probability(broken, Peers.of(List.of(broken, usual, usual))));
    }

    @Test
    void theOrderInWhichWorkersAreKnownSaysNothing() {
        var all = new ArrayList<Standing>();
        var random = new Random(4);
        for (var worker = 0; worker < 30; worker++) {
            all.add(standing(25 + random.nextGaussian(), 1 + random.nextDouble(), 20, 50));
        }
        var one = all.get(7);
        var chance = Peers.of(all).compare(one);
        for (var time = 0; time < 20; time++) {
            Collections.shuffle(all, random);
            assertEquals(chance, Peers.of(all).compare(one));
        }
    }

    /** Half of the steps are work, too: it learns from its own data, and only how much tells it from the others. */
    @Test
    void whoDoesHalfIsReplayedMoreOftenThanWhoDoesAll() {
        var jury = new Jury(Replay.Tolerance.USUAL);
        var random = new Random(7);
        Map<String, Standing> standings = Map.of();
        List<Double> norms = List.of();
        var replays = new HashMap<String, Integer>();
        double expected = 0;
        for (var round = 0; round < ROUNDS; round++) {
            var peers = Peers.of(standings.values());
            var evidence = new ArrayList<Jury.Evidence>();
            for (var worker : workers()) {
                var standing = standings.getOrDefault(worker, Standing.NEW);
                // what a replay would find is left out: this is about how soon there is one
                var replayed = AdaptiveReplication.replays(standing, peers, random.nextDouble());
                var trusted = standing.valid() >= 10;
                if (replayed && trusted) {
                    replays.merge(worker, 1, Integer::sum);
                }
                expected += worker.equals(LAZY) && trusted ? AdaptiveReplication.probability(standing.valid()) : 0;
                var gain = Math.max(0, (worker.equals(LAZY) ? 0.5 : 1) + 0.3 * random.nextGaussian());
                evidence.add(
                        new Jury.Evidence(worker, 1, new Score(2, gain, gain, 0.1), replayed ? RIGHT : null, null));
            }
            var verdict = jury.judge(evidence, standings, norms);
            assertEquals(Map.of(), verdict.problems());
            standings = verdict.standings();
            norms = verdict.norms();
        }
        var honest =
                HONEST.stream().mapToInt(worker -> replays.get(worker)).max().orElseThrow();
        assertTrue(replays.get(LAZY) > 2 * honest, replays.toString());
        assertTrue(replays.get(LAZY) > 2 * expected, replays + ", " + expected + " by results in a row");
        assertEquals(10 + replays.get(LAZY), standings.get(LAZY).replayed(), "and each is counted");
        standings.values().forEach(standing -> assertNull(standing.excluded()));
    }

    private static List<String> workers() {
        var all = new ArrayList<>(HONEST);
        all.add(LAZY);
        return all;
    }
}
