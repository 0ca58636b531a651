package org.athanor.training.trust;

/**
 * What an update alone does to the published weights.
 *
 * @param sequences  of each of the two kinds of data on which it was asked
 * @param loss       of the published weights on data that the worker was not given, nats a token
 * @param assigned   by how much the update lowers the loss on the worker's own data
 * @param unassigned the same on data that it was not given
 * @param advantage  by how much more than all updates together it gains on the worker's own data than on others: above 0
 *     for who learned from what was assigned, about 0 for who copied
 */
public record Score(int sequences, double loss, double assigned, double unassigned, double advantage) {
    /** Of a round in which few are scored. */
    public static final int USUAL_SEQUENCES = 32;

    /** So many share in as many sequences as a coordinator asks in a round, each fewer. */
    private static final int FEW = 8;

    private static final int LEAST_SEQUENCES = 8;

    /** As a share of the loss: chance alone moves that of so many sequences as are usual by less. */
    private static final double NOISE = 0.005;

    /** On the usual number of sequences. */
    public Score(double loss, double assigned, double unassigned, double advantage) {
        this(USUAL_SEQUENCES, loss, assigned, unassigned, advantage);
    }

    /** On how many sequences each of so many updates is scored: what that costs grows with them from 33 on. */
    public static int sequences(int updates) {
        return Math.clamp((long) FEW * USUAL_SEQUENCES / Math.max(1, updates), LEAST_SEQUENCES, USUAL_SEQUENCES);
    }

    /** Whether it does harm, on its own data and on others: beyond what chance could do. */
    boolean harms() {
        // weights that make no loss at all do harm, too
        var chance = NOISE * Math.sqrt((double) USUAL_SEQUENCES / sequences) * loss;
        return !(assigned >= -chance || unassigned >= -chance);
    }
}
