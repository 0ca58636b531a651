package org.athanor.training.trust;

/**
 * What an update alone does to the published weights.
 *
 * @param loss       of the published weights on data that the worker was not given, nats a token
 * @param assigned   by how much the update lowers the loss on the worker's own data
 * @param unassigned the same on data that it was not given
 * @param advantage  by how much more than all updates together it gains on the worker's own data than on others: above 0
 *     for who learned from what was assigned, about 0 for who copied
 */
public record Score(double loss, double assigned, double unassigned, double advantage) {
    /** Chance alone moves the loss of a few sequences by less. */
    private static final double NOISE = 0.005;

    /** Whether it does harm, on its own data and on others: beyond what chance could do. */
    boolean harms() {
        // weights that make no loss at all do harm, too
        return !(assigned >= -NOISE * loss || unassigned >= -NOISE * loss);
    }
}
