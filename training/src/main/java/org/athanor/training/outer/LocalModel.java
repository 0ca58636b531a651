package org.athanor.training.outer;

import org.athanor.training.update.UpdateException;

/**
 * A worker's side of the outer loop: the weights that it last took from the job, and what its updates have left out so far.
 * A worker that is not trusted keeps only the latter, bounded and committed.
 */
public final class LocalModel {
    /**
     * Turns of a part of the model after which what is owed of it is stale: it was learned from weights that are long gone. Of
     * what SparseLoCo keeps (0.95 a turn) six tenths would be left.
     */
    public static final int STALE_AFTER = 10;

    private static final long NEVER = -1;

    private final OuterSettings settings;
    private final Fragments fragments;
    private final float[] anchor;
    private final float[] residual;
    /** Of each part the round of the last update that counted, or of the first that did not: so old is what is owed. */
    private final long[] owedSince;

    private final long[] owedSinceBefore;

    /** @param published the job's weights, from which it trains; they are copied */
    public LocalModel(OuterSettings settings, Fragments fragments, float[] published) {
        this.settings = settings;
        this.fragments = fragments;
        anchor = published.clone();
        residual = new float[published.length];
        owedSince = new long[fragments.parts().size()];
        java.util.Arrays.fill(owedSince, NEVER);
        owedSinceBefore = owedSince.clone();
    }

    private int turn(long round) {
        return (int) (round % owedSince.length);
    }

    /**
     * Forgets what round {@code round} would send of long ago, when more than {@link #STALE_AFTER} turns of its part of the model
     * have passed since an update of it counted. {@link #send} does the same.
     */
    public void expire(long round) {
        var since = owedSince[turn(round)];
        if (since != NEVER && round - since > (long) STALE_AFTER * owedSince.length) {
            var part = fragments.inRound(round);
            part.into(residual, new float[part.size()]);
            owedSince[turn(round)] = NEVER;
        }
    }

    /**
     * What it sends at the end of round {@code round}. From then on that counts as sent; {@link #restore} takes it back. What is
     * stale does not go with it.
     *
     * @param weights after its inner steps
     */
    public byte[] send(long round, float[] weights) throws UpdateException {
        expire(round);
        owedSinceBefore[turn(round)] = owedSince[turn(round)];
        owedSince[turn(round)] = round;
        var part = fragments.inRound(round);
        var before = part.of(anchor);
        var after = part.of(weights);
        var owed = part.of(residual);
        for (var index = 0; index < owed.length; index++) {
            owed[index] = (float) (settings.keep() * owed[index]) + (before[index] - after[index]);
        }
        var coding = fragments.coding(settings.upCodec(), round);
        System.arraycopy(after, coding.trained(), owed, coding.trained(), owed.length - coding.trained());
        var bytes = coding.encode(owed);
        var sent = coding.decode(bytes);
        for (var index = 0; index < owed.length; index++) {
            owed[index] -= sent[index]; // of running statistics nothing is ever owed
        }
        part.into(residual, owed);
        return bytes;
    }

    /**
     * An update that did not count is owed again, but for its running statistics: they are of that round. Where a worker mixes what is published
     * into its own weights ({@link #take}), these still hold a part of it, which the next update tells anyway.
     */
    public void restore(long round, byte[] update) throws UpdateException {
        var part = fragments.inRound(round);
        var owed = part.of(residual);
        var coding = fragments.coding(settings.upCodec(), round);
        var sent = coding.decode(update);
        for (var index = 0; index < coding.trained(); index++) {
            owed[index] += (float) ((1 - settings.mix()) * sent[index]);
        }
        part.into(residual, owed);
        var before = owedSinceBefore[turn(round)];
        owedSince[turn(round)] = before == NEVER ? round : before; // it is no younger for having been sent in vain
    }

    /** Owes what it owed before the update of round {@code round}, which did not count; the update's steps are lost. */
    public void owe(long round, float[] before) {
        System.arraycopy(before, 0, residual, 0, residual.length);
        owedSince[turn(round)] = owedSinceBefore[turn(round)];
    }

    /**
     * Takes what was published at the end of round {@code round}.
     *
     * @param change  as published
     * @param weights those that it trains; changed in place
     */
    public void take(long round, byte[] change, float[] weights) throws UpdateException {
        var part = fragments.inRound(round);
        var published = part.of(anchor);
        var coding = fragments.coding(settings.downCodec(), round);
        var moved = coding.decode(change);
        var own = part.of(weights);
        for (var index = 0; index < own.length; index++) {
            published[index] = index < coding.trained() ? published[index] + moved[index] : moved[index];
            own[index] = (float) (settings.mix() * own[index] + (1 - settings.mix()) * published[index]);
        }
        part.into(anchor, published);
        part.into(weights, own);
    }

    /** The job's weights as far as it has taken them. */
    public float[] anchor() {
        return anchor.clone();
    }

    /** What its updates have left out so far. */
    public float[] residual() {
        return residual.clone();
    }
}
