package org.athanor.training.trust;

/**
 * How often a worker's rounds are done again: BOINC's rule (wiki, AdaptiveReplication). Whoever has fewer than 10 valid
 * results in a row is never trusted; with n of them, with probability 1 - 1/n. An invalid one begins anew.
 *
 * <p>Beside that rule a bad rating makes a replay likelier, up to ten times: half of the steps are work, too, and only a replay
 * tells them from all. Each replay that is right makes the next one less likely, so that whoever is merely unlucky is not looked
 * at for ever.
 */
public final class AdaptiveReplication {
    private static final int TRUSTED_FROM = 10;
    private static final double MOST_OFTEN = 10;

    private AdaptiveReplication() {}

    /** @param valid results in a row that were replayed and found right */
    public static double probability(int valid) {
        return valid < TRUSTED_FROM ? 1 : 1.0 / valid;
    }

    /** Never less than by its results in a row. */
    public static double probability(Standing worker, Peers peers) {
        return Math.min(1, probability(worker.valid()) * (1 + (MOST_OFTEN - 1) * peers.doubt(worker)));
    }

    /**
     * @param peers all of the job
     * @param draw  even, from 0 to below 1, not known to the worker
     */
    public static boolean replays(Standing worker, Peers peers, double draw) {
        return draw < probability(worker, peers);
    }
}
