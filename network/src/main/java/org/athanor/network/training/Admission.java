package org.athanor.network.training;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.athanor.training.job.JobSpec;
import org.athanor.training.mailbox.DamagedObjectException;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.mailbox.ObjectStore;
import org.athanor.training.receipts.Ed25519;
import org.athanor.training.receipts.WorkClaim;
import org.athanor.training.trust.Standing;
import org.athanor.training.update.UpdateException;

/**
 * What can be wrong with an update by itself, whatever else is delivered.
 *
 * @param objects   that workers have sent
 * @param unpacking held while an update is: each takes as much memory as the model, and many may be delivered at once
 */
record Admission(JobSpec spec, ObjectStore objects, Semaphore unpacking) {
    static final int AT_ONCE = 2;
    private static final float LARGEST_CHANGE = 1e30f;
    /** Of one machine. */
    private static final double MOST_PROCESSORS = 1024;
    /** A worker's clock may run otherwise, and it may have begun a little earlier. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    Admission(JobSpec spec, ObjectStore objects) {
        this(spec, objects, new Semaphore(AT_ONCE, true));
    }

    /** Why it is no update of the round; null when it is one. */
    String problem(Messages.Update update, long round) throws IOException {
        if (update.steps() < 1 || update.steps() > spec.outer().innerSteps()) {
            return "a round has 1 to " + spec.outer().innerSteps() + " steps, but not " + update.steps();
        }
        if (update.losses().size() != update.steps()) {
            return update.losses().size() + " losses are told of " + update.steps() + " steps";
        }
        if (!objects.has(update.hash())) {
            return "the object " + update.hash() + " has not come";
        }
        unpacking.acquireUninterruptibly();
        try {
            return absurd(spec.fragments().coding(spec.outer().upCodec(), round).decode(objects.read(update.hash())));
        } catch (UpdateException garbled) {
            return garbled.getMessage();
        } catch (DamagedObjectException lost) {
            objects.delete(update.hash()); // so that it can come again
            return "the coordinator's disk has lost the update: " + lost.getMessage();
        } finally {
            unpacking.release();
        }
    }

    /** Of finite numbers too large ones would leave the numbers when they are added up, and the job with them. */
    private static String absurd(float[] change) {
        for (var index = 0; index < change.length; index++) {
            if (Math.abs(change[index]) > LARGEST_CHANGE) {
                return String.format(
                        Locale.ROOT, "value %d of the update is %g: no weight changes so much", index, change[index]);
            }
        }
        return null;
    }

    /** Why it cannot have a receipt that its job needs; null when it can. */
    String unsigned(String worker, String publicKey, long round, Messages.Update update) {
        if (update.signature() == null && !spec.open()) {
            return null; // there will be no receipt
        }
        var claim = claim(worker, round, update);
        return Ed25519.signed(publicKey, claim.bytes(), update.signature())
                ? null
                : "the update is not signed with the key that " + worker + " told at joining";
    }

    /** What no machine takes in that time; null when one may. Strangers' words are summed up in figures for people. */
    static String overstated(Messages.Update update, Duration took) {
        var seconds = took.plus(SLACK).toSeconds();
        if (update.joules() != null && update.joules() > Messages.MOST_WATTS * seconds) {
            return String.format(
                    Locale.ROOT,
                    "joules must be what a machine draws in the round's %d s, but are %g",
                    seconds,
                    update.joules());
        }
        return update.cpuSeconds() > MOST_PROCESSORS * seconds
                ? String.format(
                        Locale.ROOT,
                        "cpuSeconds must be what processors give in the round's %d s, but are %g",
                        seconds,
                        update.cpuSeconds())
                : null;
    }

    /** A round can be replayed only when it began with what was committed before it: the last residual, or none. */
    static String uncommitted(Standing standing, Messages.Update update) {
        if (update.residual() == null) {
            return "an update of this job commits its residual";
        }
        var before = update.residual().before();
        return before == null || before.equals(standing.residual())
                ? null
                : "the round began with another residual than the last one ended with";
    }

    /** What a worker signs. */
    WorkClaim claim(String worker, long round, Messages.Update update) {
        return new WorkClaim(spec.id(), round, worker, update.hash(), tokens(update), update.joules());
    }

    long tokens(Messages.Update update) {
        return (long) update.steps() * spec.sequences() * spec.model().context();
    }
}
