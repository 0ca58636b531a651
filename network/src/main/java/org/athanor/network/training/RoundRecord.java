package org.athanor.network.training;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.athanor.network.training.JobState.Judged;

/**
 * A round that is over.
 *
 * @param round      from 0
 * @param ended      when
 * @param loss       mean training loss of its steps by token, nats
 * @param validation loss on text that nobody trains on, of the weights after the round; null when it was not asked
 * @param workers    whose updates counted
 * @param tokens     of all rounds so far
 * @param cpuSeconds of its steps, by all workers
 * @param joules     metered by heaters in it
 * @param metered    joules by worker, of those whose update counted and whose heater meters or declares what it draws
 * @param dropped    why updates of other workers did not count
 */
public record RoundRecord(
        long round,
        Instant ended,
        double loss,
        Double validation,
        List<String> workers,
        long tokens,
        double cpuSeconds,
        double joules,
        Map<String, Double> metered,
        Map<String, String> dropped) {
    public RoundRecord {
        metered = Map.copyOf(metered);
        workers = List.copyOf(workers);
        dropped = Map.copyOf(dropped);
    }

    /**
     * @param updates of the round, by whatever name
     * @param tokens  of all rounds so far
     */
    static RoundRecord of(long round, Instant ended, Map<String, Judged> updates, long tokens) {
        var counted = new TreeMap<String, Judged>();
        var dropped = new TreeMap<String, String>();
        updates.forEach((name, judged) -> {
            if (judged.problem() == null) {
                counted.put(name, judged);
            } else {
                dropped.put(name, judged.problem());
            }
        });
        var told = (counted.isEmpty() ? updates : counted).values();
        var loss = told.stream()
                        .mapToDouble(judged -> judged.loss() * judged.tokens())
                        .sum()
                / told.stream().mapToLong(Judged::tokens).sum();
        var metered = metered(counted.values());
        return new RoundRecord(
                round,
                ended,
                loss,
                null,
                List.copyOf(counted.keySet()),
                tokens,
                counted.values().stream()
                        .mapToDouble(judged -> judged.delivery().update().cpuSeconds())
                        .sum(),
                metered.values().stream().mapToDouble(Double::doubleValue).sum(),
                metered,
                dropped);
    }

    /** By worker; who sent a late update and one in time has the sum of both. */
    private static Map<String, Double> metered(Collection<Judged> counted) {
        var metered = new TreeMap<String, Double>();
        for (var judged : counted) {
            var joules = judged.delivery().update().joules();
            if (joules != null) {
                metered.merge(judged.delivery().worker(), joules, Double::sum);
            }
        }
        return metered;
    }

    RoundRecord validated(double asked) {
        return new RoundRecord(round, ended, loss, asked, workers, tokens, cpuSeconds, joules, metered, dropped);
    }
}
