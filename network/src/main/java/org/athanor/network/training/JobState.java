package org.athanor.network.training;

import java.util.List;
import java.util.Map;
import org.athanor.training.mailbox.Messages;

/**
 * What a coordinator must know again after a crash; written whole at every change of round.
 *
 * @param round     that is open
 * @param exact     object: weights as the coordinator knows them, before this round
 * @param published object: weights as the workers have them
 * @param moved     object: momentum of the outer step
 * @param snapshot  from where a joiner begins
 * @param changes   published since the snapshot
 * @param closing   updates that end the round, by worker, once that is decided; null before
 * @param tokens    that all counted updates have learned from
 * @param steps     of all counted updates
 */
record JobState(
        long round,
        String exact,
        String published,
        String moved,
        Messages.Published snapshot,
        List<Messages.Published> changes,
        Map<String, Counted> closing,
        long tokens,
        long steps) {
    JobState {
        changes = List.copyOf(changes);
        closing = closing == null ? null : Map.copyOf(closing);
    }

    /** An update that counts: its object, the tokens behind it, and what its worker said of it. */
    record Counted(String hash, long tokens, int steps, double loss, double cpuSeconds, Double joules) {}

    JobState closingWith(Map<String, Counted> updates) {
        return new JobState(round, exact, published, moved, snapshot, changes, updates, tokens, steps);
    }
}
