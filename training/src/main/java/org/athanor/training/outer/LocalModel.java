package org.athanor.training.outer;

import org.athanor.training.update.UpdateException;

/**
 * A worker's side of the outer loop: the weights that it last took from the job, and what its updates have left out so far.
 * A worker that is not trusted keeps only the latter, bounded and committed.
 */
public final class LocalModel {
    private final OuterSettings settings;
    private final Fragments fragments;
    private final float[] anchor;
    private final float[] residual;

    /** @param published the job's weights, from which it trains; they are copied */
    public LocalModel(OuterSettings settings, Fragments fragments, float[] published) {
        this.settings = settings;
        this.fragments = fragments;
        anchor = published.clone();
        residual = new float[published.length];
    }

    /**
     * What it sends at the end of round {@code round}. From then on that counts as sent; {@link #restore} takes it back.
     *
     * @param weights after its inner steps
     */
    public byte[] send(long round, float[] weights) throws UpdateException {
        var part = fragments.inRound(round);
        var before = part.of(anchor);
        var after = part.of(weights);
        var owed = part.of(residual);
        for (var index = 0; index < owed.length; index++) {
            owed[index] = (float) (settings.keep() * owed[index]) + (before[index] - after[index]);
        }
        var codec = settings.upCodec();
        var bytes = codec.encode(owed);
        var sent = codec.decode(bytes, owed.length);
        for (var index = 0; index < owed.length; index++) {
            owed[index] -= sent[index];
        }
        part.into(residual, owed);
        return bytes;
    }

    /** An update that did not count is owed again. */
    public void restore(long round, byte[] update) throws UpdateException {
        var part = fragments.inRound(round);
        var owed = part.of(residual);
        var sent = settings.upCodec().decode(update, owed.length);
        for (var index = 0; index < owed.length; index++) {
            owed[index] += sent[index];
        }
        part.into(residual, owed);
    }

    /** Owes what it owed before an update that did not count; the update's steps are lost. */
    public void owe(float[] before) {
        System.arraycopy(before, 0, residual, 0, residual.length);
    }

    /** What was left out is too old to be of use. */
    public void forget() {
        java.util.Arrays.fill(residual, 0);
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
        var moved = settings.downCodec().decode(change, published.length);
        var own = part.of(weights);
        for (var index = 0; index < own.length; index++) {
            published[index] += moved[index];
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
