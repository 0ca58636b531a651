package org.athanor.training.outer;

import java.util.List;
import org.athanor.training.update.UpdateException;

/**
 * The coordinator's side of the outer loop. Beside the exact weights it holds those that the workers have: the sum of all
 * changes as published. What a change leaves out stays in the difference of the two and goes with a later one, so workers
 * need not fetch whole weights every round.
 */
public final class GlobalModel {
    private final OuterSettings settings;
    private final Fragments fragments;
    private final float[] exact;
    private final float[] published;
    private final float[] moved;
    private long round;

    /** A fresh job. */
    public GlobalModel(OuterSettings settings, Fragments fragments, float[] initial) {
        this(settings, fragments, 0, initial, initial, new float[initial.length]);
    }

    /** A job that goes on. All vectors are copied. */
    public GlobalModel(
            OuterSettings settings, Fragments fragments, long round, float[] exact, float[] published, float[] moved) {
        this.settings = settings;
        this.fragments = fragments;
        this.round = round;
        this.exact = exact.clone();
        this.published = published.clone();
        this.moved = moved.clone();
    }

    /**
     * Ends the round.
     *
     * @return what is published: the change that every worker makes
     * @throws IllegalArgumentException when there is no contribution, or one is of another length
     */
    public byte[] close(List<Contribution> contributions) throws UpdateException {
        return close(mean(contributions, updateLength()));
    }

    /**
     * Ends the round with what somebody else made of its updates.
     *
     * @param drift as long as an update of the round
     * @return what is published: the change that every worker makes
     */
    public byte[] close(float[] drift) throws UpdateException {
        var part = fragments.inRound(round);
        var weights = part.of(exact);
        var momentum = part.of(moved);
        settings.optimiser().step(weights, momentum, drift, fragments.trainedIn(part));
        part.into(exact, weights);
        part.into(moved, momentum);
        var seen = part.of(published);
        var change = new float[weights.length];
        for (var index = 0; index < change.length; index++) {
            change[index] = weights[index] - seen[index];
        }
        var coding = fragments.coding(settings.downCodec(), round);
        System.arraycopy(weights, coding.trained(), change, coding.trained(), change.length - coding.trained());
        var bytes = coding.encode(change);
        var sent = coding.decode(bytes);
        for (var index = 0; index < change.length; index++) {
            seen[index] = index < coding.trained() ? seen[index] + sent[index] : sent[index];
        }
        part.into(published, seen);
        round++;
        return bytes;
    }

    /**
     * What an update of the open round, or a late one of the round before, wants taken away.
     *
     * @throws UpdateException when it is none
     */
    public float[] drift(byte[] update) throws UpdateException {
        return fragments.drift(settings.upCodec(), round, update, exact);
    }

    /** The mean by weight, summed in double. */
    public static float[] mean(List<Contribution> contributions, int length) {
        if (contributions.isEmpty()) {
            throw new IllegalArgumentException("a round needs at least one contribution");
        }
        var mean = new WeightedMean(
                length, contributions.stream().mapToDouble(Contribution::weight).sum());
        contributions.forEach(mean::add);
        return mean.result();
    }

    /** The round that is open, from 0. */
    public long round() {
        return round;
    }

    /** Values in an update of the round that is open. */
    public int updateLength() {
        return fragments.inRound(round).size();
    }

    /** The weights as the coordinator knows them: those to keep and to sample from. */
    public float[] exact() {
        return exact.clone();
    }

    /** The weights as the workers have them: where a joiner begins. */
    public float[] published() {
        return published.clone();
    }

    /** The outer optimiser's momentum. */
    public float[] moved() {
        return moved.clone();
    }
}
