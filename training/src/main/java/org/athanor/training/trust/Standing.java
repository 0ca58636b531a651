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
 * @param withheld  rounds whose residual it did not bring when it was asked for; many replays that find it right forgive one
 * @param replayed  rounds that were done again
 * @param proven    the last round that was done again and found right; -1 for none, null where that was not kept yet
 * @param caught    whether it is excluded for a round that was done again and found wrong
 */
public record Standing(
        Rating rating,
        int valid,
        int strikes,
        int scored,
        double advantage,
        String residual,
        String excluded,
        int withheld,
        int replayed,
        Long proven,
        boolean caught) {
    /** Of whom nothing is known. */
    public static final Standing NEW = new Standing(Rating.UNKNOWN, 0, 0, 0, 0, null, null, 0, 0, -1L, false);

    private static final double RECENT = 0.2;
    private static final int ENOUGH = 5;
    /** More than a cheater does in a row between two rounds that it dares. */
    private static final int FORGIVING = 30;

    Standing rated(Rating now) {
        return new Standing(
                now, valid, strikes, scored, advantage, residual, excluded, withheld, replayed, proven, caught);
    }

    Standing scoredWith(Score score) {
        var share = Math.max(RECENT, 1.0 / (scored + 1));
        // a huge update makes losses that are no numbers, also for whoever stands beside it
        var mean = Double.isFinite(score.advantage())
                ? (1 - share) * advantage + share * Math.signum(score.advantage())
                : advantage;
        return new Standing(
                rating, valid, strikes, scored + 1, mean, residual, excluded, withheld, replayed, proven, caught);
    }

    Standing replayedOnce() {
        return new Standing(
                rating, valid, strikes, scored, advantage, residual, excluded, withheld, replayed + 1, proven, caught);
    }

    Standing struck() {
        return new Standing(
                rating, 0, strikes + 1, scored, advantage, residual, excluded, withheld, replayed, proven, caught);
    }

    Standing right(boolean seen) {
        var now = seen ? valid + 1 : valid;
        var forgiven = seen && now % FORGIVING == 0 ? Math.max(0, withheld - 1) : withheld;
        return new Standing(rating, now, 0, scored, advantage, residual, excluded, forgiven, replayed, proven, caught);
    }

    /** It did not show what its replay needs: an honest line may break, but whoever cheats would rather be silent, too. */
    Standing withholding() {
        return new Standing(
                rating, valid, strikes, scored, advantage, residual, excluded, withheld + 1, replayed, proven, caught);
    }

    Standing doubted() {
        return new Standing(
                rating, 0, strikes, scored, advantage, residual, excluded, withheld, replayed, proven, caught);
    }

    /** Excluded. */
    public Standing without(String reason) {
        return new Standing(
                rating, 0, strikes, scored, advantage, residual, reason, withheld, replayed, proven, caught);
    }

    /** Excluded, since a round that was done again was not what it had said. */
    Standing caught(String reason) {
        return new Standing(rating, 0, strikes, scored, advantage, residual, reason, withheld, replayed, proven, true);
    }

    /** After a round that was done again and found right. */
    public Standing provenIn(long round) {
        return new Standing(
                rating, valid, strikes, scored, advantage, residual, excluded, withheld, replayed, round, caught);
    }

    /** After an update that left out {@code hash}. */
    public Standing leaving(String hash) {
        return new Standing(
                rating, valid, strikes, scored, advantage, hash, excluded, withheld, replayed, proven, caught);
    }

    /** Whether its rating says more than that of whom nothing is known. */
    boolean isRated() {
        return scored >= ENOUGH;
    }

    /** Whether it does no better on its own data than others do: then its rounds are all replayed. */
    boolean suspect() {
        return isRated() && advantage < 0;
    }
}
