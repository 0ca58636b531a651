package org.athanor.training.trust;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.training.trust.Replay.Tolerance;

/**
 * Decides before a round closes which of its updates count, and what becomes of their workers. A score or a length can only
 * be suspicious: it costs the round, three times in a row the place. A replay is a proof: it excludes at once. It clears of
 * suspicion only what it did itself, not what the update holds beside that.
 */
public final class Jury {
    private static final int STRIKES = 3;

    private final Tolerance tolerance;
    private final Tolerance otherClass;

    public Jury(Tolerance tolerance) {
        this(tolerance, tolerance);
    }

    /**
     * @param tolerance  of replays on a machine of the same class as the worker's
     * @param otherClass of those on a machine of another class
     */
    public Jury(Tolerance tolerance, Tolerance otherClass) {
        this.tolerance = tolerance;
        this.otherClass = otherClass;
    }

    /**
     * What was found out about an update.
     *
     * @param worker  whose it is
     * @param norm    its length
     * @param score   null when the engine failed at it
     * @param replay  null when it was not drawn for a replay, or none could be made
     * @param missing what the worker owed for its replay and did not bring; null for nothing
     * @param sameClass whether the replay was done on a machine of the worker's class
     * @param unexamined why its replay could not be made, which is no fault of the worker's; null when it was, or was not drawn
     */
    public record Evidence(
            String worker,
            double norm,
            Score score,
            Replay replay,
            String missing,
            boolean sameClass,
            String unexamined) {
        /** From machines of one class. */
        public Evidence(String worker, double norm, Score score, Replay replay, String missing) {
            this(worker, norm, score, replay, missing, true, null);
        }
    }

    /**
     * What follows.
     *
     * @param problems  why updates do not count, by worker; the others do
     * @param standings of all workers afterwards
     * @param norms     medians of rounds, this one's last
     */
    public record Verdict(Map<String, String> problems, Map<String, Standing> standings, List<Double> norms) {
        public Verdict {
            problems = Map.copyOf(problems);
            standings = Map.copyOf(standings);
            norms = List.copyOf(norms);
        }
    }

    /**
     * @param evidence  of the round's updates
     * @param standings of all workers before
     * @param norms     medians of the rounds before, the last one last
     */
    public Verdict judge(List<Evidence> evidence, Map<String, Standing> standings, List<Double> norms) {
        var proven = new HashMap<String, String>();
        for (var one : evidence) {
            var mismatch =
                    one.replay() == null ? null : one.replay().mismatch(one.sameClass() ? tolerance : otherClass);
            if (mismatch != null) {
                proven.put(one.worker(), one.sameClass() ? mismatch : mismatch + " between classes of machines");
            }
        }
        var believable = evidence.stream()
                .filter(one -> !proven.containsKey(one.worker()) && one.norm() > 0)
                .mapToDouble(Evidence::norm)
                .toArray();
        var bound = believable.length == 0 ? new Norms.Bound(0, 0) : Norms.bound(believable, norms);
        var problems = new TreeMap<String, String>();
        var after = new HashMap<>(standings);
        for (var one : evidence) {
            var before = standings.getOrDefault(one.worker(), Standing.NEW);
            var now = one.score() == null ? before : before.scoredWith(one.score());
            now = one.replay() == null ? now : now.replayedOnce();
            var proof = proven.get(one.worker());
            var problem = proof == null ? fault(one, bound) : proof;
            if (before.excluded() != null) {
                problems.put(one.worker(), before.excluded());
                continue;
            }
            if (one.unexamined() != null) {
                problems.put(one.worker(), one.unexamined());
                after.put(one.worker(), before); // nobody is paid unseen, and nothing is held against it
                continue;
            }
            if (proof != null) {
                now = now.caught(proof);
            } else if (problem != null) {
                now = one.missing() == null ? now.struck() : now.struck().withholding();
                if (now.withheld() >= STRIKES) {
                    now = now.without(now.withheld() + " times " + problem);
                }
                now = now.excluded() != null || now.strikes() < STRIKES
                        ? now
                        : now.without(now.strikes() + " rounds in a row: " + problem);
            } else {
                now = now.right(one.replay() != null);
                now = now.suspect() ? now.doubted() : now;
            }
            if (problem != null) {
                problems.put(one.worker(), problem);
            }
            after.put(one.worker(), now);
        }
        rate(evidence, problems, after);
        return new Verdict(problems, after, with(norms, evidence, problems));
    }

    private static String fault(Evidence one, Norms.Bound bound) {
        if (one.missing() != null) {
            return one.missing();
        }
        if (!(one.norm() > 0)) {
            return "its update changes nothing";
        }
        var replay = one.replay();
        if (replay != null && replay.residualTooLarge()) {
            return String.format(Locale.ROOT, "it keeps back %.3g times what it learned", replay.residual());
        }
        // the residual with which a round began may come from one that was not replayed, and be anything
        if (!(one.norm() <= bound.most()) && (replay == null || !replay.explainsLength())) {
            return String.format(
                    Locale.ROOT, "its update has a length of %.3g, where %.3g is allowed", one.norm(), bound.most());
        }
        if (replay == null && one.norm() < bound.least()) {
            return String.format(
                    Locale.ROOT, "its update has a length of %.3g, where %.3g is usual", one.norm(), bound.least());
        }
        if (one.score() != null && one.score().harms() && (replay == null || !replay.explainsEffect())) {
            return String.format(
                    Locale.ROOT,
                    "its update raises the loss by %.3g nats on its own data and by %.3g on others",
                    -one.score().assigned(),
                    -one.score().unassigned());
        }
        return null;
    }

    /** Best is who lowers the loss most on data that it was not given; last, all whose update does not count. */
    private static void rate(List<Evidence> evidence, Map<String, String> problems, Map<String, Standing> after) {
        var ranked = new ArrayList<>(evidence.stream()
                .filter(one -> one.unexamined() == null)
                .filter(one -> one.score() != null || problems.containsKey(one.worker()))
                .sorted(Comparator.comparingDouble(one -> problems.containsKey(one.worker())
                        ? Double.POSITIVE_INFINITY
                        : -one.score().unassigned()))
                .toList());
        if (ranked.size() < 2) {
            return;
        }
        var round = new ArrayList<Rating.Ranked>();
        for (var place = 0; place < ranked.size(); place++) {
            var worker = ranked.get(place).worker();
            var rank = problems.containsKey(worker) ? ranked.size() : place;
            round.add(new Rating.Ranked(after.getOrDefault(worker, Standing.NEW).rating(), rank));
        }
        var ratings = Rating.after(round);
        for (var place = 0; place < ranked.size(); place++) {
            var worker = ranked.get(place).worker();
            after.put(worker, after.getOrDefault(worker, Standing.NEW).rated(ratings.get(place)));
        }
    }

    private static List<Double> with(List<Double> norms, List<Evidence> evidence, Map<String, String> problems) {
        var counted = evidence.stream()
                .filter(one -> !problems.containsKey(one.worker()))
                .mapToDouble(Evidence::norm)
                .toArray();
        var all = new ArrayList<>(norms);
        if (counted.length > 0) {
            all.add(Norms.median(counted));
        }
        return all.subList(Math.max(0, all.size() - Norms.HISTORY), all.size());
    }
}
