package org.athanor.edge.training;

import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.Messages.Published;
import org.athanor.training.outer.LocalModel;
import org.athanor.training.update.UpdateException;

/** A job's published weights, as far as a worker has taken them. */
final class Replica {
    private final Published begunWith;
    private final LocalModel model;
    private Published lastTaken;
    private long round;

    /** @param snapshot whole weights, with which {@code model} begins */
    Replica(Published snapshot, LocalModel model) {
        begunWith = snapshot;
        this.model = model;
        round = snapshot.round();
    }

    LocalModel model() {
        return model;
    }

    /** All that was published before it is here. */
    long round() {
        return round;
    }

    /**
     * Takes what was published of this round.
     *
     * @param weights what the worker trains from, which is changed too
     * @throws UpdateException when {@code bytes} are no change of this model
     */
    void take(Published change, byte[] bytes, float[] weights) throws UpdateException {
        model.take(change.round(), bytes, weights);
        lastTaken = change;
        round++;
    }

    /** Whether what was taken is of the job in this state; otherwise its coordinator goes on from an older copy. */
    boolean isOf(Messages.State now) {
        return round <= now.round()
                && !isAnother(begunWith, now.snapshot())
                && now.changes().stream().noneMatch(change -> isAnother(lastTaken, change));
    }

    private static boolean isAnother(Published taken, Published told) {
        return taken != null
                && told != null
                && taken.round() == told.round()
                && !taken.hash().equals(told.hash());
    }
}
