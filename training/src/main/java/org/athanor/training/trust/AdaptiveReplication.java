package org.athanor.training.trust;

/**
 * How often a worker's rounds are done again: BOINC's rule (wiki, AdaptiveReplication). Whoever has fewer than 10 valid
 * results in a row is never trusted; with n of them, with probability 1 - 1/n. An invalid one begins anew.
 */
public final class AdaptiveReplication {
    private static final int TRUSTED_FROM = 10;

    private AdaptiveReplication() {}

    /** @param valid results in a row that were replayed and found right */
    public static double probability(int valid) {
        return valid < TRUSTED_FROM ? 1 : 1.0 / valid;
    }

    /** @param draw even, from 0 to below 1, not known to the worker */
    public static boolean replays(int valid, double draw) {
        return draw < probability(valid);
    }
}
