package org.athanor.cli.train;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.athanor.network.training.RoundRecord;
import org.athanor.training.trust.Peers;
import org.athanor.training.trust.Standing;

/**
 * What came of a worker in a job, for people.
 *
 * @param counted    rounds whose update counted
 * @param notCounted rounds whose update did not
 * @param standing   null of a worker of whom a job of known workers keeps nothing
 * @param beside     how it does beside the others; null while too little is known
 */
record WorkerRecord(int counted, int notCounted, Standing standing, Peers.Comparison beside) {
    private static final WorkerRecord NONE = new WorkerRecord(0, 0, null, null);

    /** Of all who ever sent something, by name. */
    static SortedMap<String, WorkerRecord> of(List<RoundRecord> rounds, Map<String, Standing> standings) {
        var counted = new HashMap<String, Integer>();
        var dropped = new HashMap<String, Integer>();
        for (var round : rounds) {
            round.workers().forEach(update -> counted.merge(worker(update), 1, Integer::sum));
            round.dropped().keySet().forEach(update -> dropped.merge(worker(update), 1, Integer::sum));
        }
        var peers = Peers.of(standings.values());
        var all = new TreeMap<String, WorkerRecord>();
        counted.keySet().forEach(worker -> all.put(worker, NONE));
        dropped.keySet().forEach(worker -> all.put(worker, NONE));
        standings.keySet().forEach(worker -> all.put(worker, NONE));
        all.replaceAll((worker, _) -> {
            var standing = standings.get(worker);
            return new WorkerRecord(
                    counted.getOrDefault(worker, 0),
                    dropped.getOrDefault(worker, 0),
                    standing,
                    standing == null ? null : peers.compare(standing).orElse(null));
        });
        return all;
    }

    /** Of an update that came late: it has its round behind its worker's name. */
    private static String worker(String update) {
        return update.split("@", 2)[0];
    }

    /** Why nothing of it counts any more; null while it may work. */
    String excluded() {
        return standing == null ? null : standing.excluded();
    }

    /** Whether the coordinator has looked at anything of it. */
    boolean isExamined() {
        return standing != null && (standing.replayed() > 0 || standing.scored() > 0);
    }

    /** What it has looked at, and how it does. */
    String examined() {
        var replays = rounds(standing.replayed()) + " replayed";
        return beside == null
                ? replays + ", not rated yet"
                : String.format(
                        Locale.ROOT,
                        "%s, better than the middle worker in %.0f of 100 rounds (%.0f to %.0f)",
                        replays,
                        100 * beside.better(),
                        100 * beside.least(),
                        100 * beside.most());
    }

    static String rounds(int count) {
        return count == 1 ? "1 round" : count + " rounds";
    }
}
