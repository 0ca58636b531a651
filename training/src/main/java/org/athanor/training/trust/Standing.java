package org.athanor.training.trust;

/**
 * What a job knows of a worker.
 *
 * @param rating    by its ranks
 * @param valid     replays in a row that found it right
 * @param strikes   rounds in a row whose update did not count for a fault of its own
 * @param scored    rounds in which it was scored
 * @param advantage mean of the signs of its advantages, older ones counting less; above 0 for who learns from its own data
 * @param residual  hash of what its last update left out; null for nothing
 * @param excluded  why nothing of it counts any more; null while it may work
 */
public record Standing(
        Rating rating, int valid, int strikes, int scored, double advantage, String residual, String excluded) {
    /** Of whom nothing is known. */
    public static final Standing NEW = new Standing(Rating.UNKNOWN, 0, 0, 0, 0, null, null);

    private static final double RECENT = 0.2;
    private static final int ENOUGH = 5;

    Standing rated(Rating now) {
        return new Standing(now, valid, strikes, scored, advantage, residual, excluded);
    }

    Standing scoredWith(Score score) {
        var share = Math.max(RECENT, 1.0 / (scored + 1));
        var mean = (1 - share) * advantage + share * Math.signum(score.advantage());
        return new Standing(rating, valid, strikes, scored + 1, mean, residual, excluded);
    }

    Standing struck() {
        return new Standing(rating, 0, strikes + 1, scored, advantage, residual, excluded);
    }

    Standing right(boolean replayed) {
        return new Standing(rating, replayed ? valid + 1 : valid, 0, scored, advantage, residual, excluded);
    }

    Standing doubted() {
        return new Standing(rating, 0, strikes, scored, advantage, residual, excluded);
    }

    /** Excluded. */
    public Standing without(String reason) {
        return new Standing(rating, 0, strikes, scored, advantage, residual, reason);
    }

    /** After an update that left out {@code hash}. */
    public Standing leaving(String hash) {
        return new Standing(rating, valid, strikes, scored, advantage, hash, excluded);
    }

    /** Whether it does no better on its own data than others do: then its rounds are all replayed. */
    boolean suspect() {
        return scored >= ENOUGH && advantage < 0;
    }
}
