package org.athanor.network.training;

import java.time.Instant;
import java.util.List;
import java.util.Map;

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

    RoundRecord validated(double asked) {
        return new RoundRecord(round, ended, loss, asked, workers, tokens, cpuSeconds, joules, metered, dropped);
    }
}
