package org.athanor.training.trust;

import java.util.List;
import java.util.Locale;

/**
 * A round done again, held against what the worker said of it.
 *
 * @param losses   largest difference of a step's loss, nats
 * @param change   distance of what the worker changed from what the replay changed, as a share of the latter's length
 * @param residual length of the larger residual, in lengths of that change
 * @param kept     length of the residual afterwards, as a share of all that was to be sent: no code leaves out more than there was
 * @param beside   distance of what was sent from what the replay changed, as a share of the latter's length: what a residual
 *     brought or kept, of which the replay proves nothing
 */
public record Replay(double losses, double change, double residual, double kept, double beside) {
    private static final double ALL = 1.01;
    /** Within this what was sent is no longer than {@link Norms} allows of what the replay itself learned. */
    private static final double OF_USUAL_LENGTH = 2;
    /** Within this what was sent points where the replay went, and what it does to the loss is the job's own affair. */
    private static final double WORK_ITSELF = 0.5;

    /** A statistic changes by less than it is; what it is rounded by is a share of what it is. */
    private static final double STATISTICS_STEADY = 1e-3;

    /** SparseLoCo keeps 0.95 of what it did not send, so at most 1 / (1 - 0.95) changes heap up, each as long as the longest. */
    private static final double LARGEST_RESIDUAL = 20;

    /**
     * How far a replay on a machine of the same class may be off.
     *
     * @param losses nats
     * @param change share of the change's length
     */
    public record Tolerance(double losses, double change) {
        /**
         * In 32-bit floats. Another number of threads adds up in another order: after 20 steps of a GPT of 106,000 parameters
         * that came to 4e-7 of the change and 5e-7 nats, one step left out to 0.05 of it; the rest is for larger models.
         */
        public static final Tolerance USUAL = new Tolerance(0.002, 0.003);

        /** In bfloat16: the same steps in 32-bit floats, as of a machine that cannot do it, were 0.005 and 4e-4 nats off. */
        public static final Tolerance BFLOAT16 = new Tolerance(0.01, 0.03);

        /**
         * In 32-bit floats between classes of machines. With kernels for AVX2, and with such for SSE alone, in place of those for
         * AVX-512 on one processor, 20, 60 and 200 steps of a GPT of 106,000 parameters came to 4e-6 of the change and 1e-6
         * nats; the rest is for larger models and for processors that were not at hand.
         */
        public static final Tolerance OTHER_CLASS = new Tolerance(0.005, 0.01);

        /**
         * In bfloat16 between classes: other kernels came to 0.003 of the change and 2e-4 nats after 20 steps, and a machine that
         * does not multiply in it at all is what {@link #BFLOAT16} was measured with.
         */
        public static final Tolerance OTHER_CLASS_BFLOAT16 = BFLOAT16;
    }

    /**
     * Compares.
     *
     * @param told     losses of the steps by the worker
     * @param replayed losses of the same steps
     * @param before   residual with which the worker says that it began
     * @param after    residual with which it says that it ended
     * @param sent     its update, as decoded
     * @param keep     share of a residual that is owed again
     * @param change   weights before minus weights after, by the replay
     */
    public static Replay of(
            List<Double> told,
            List<Double> replayed,
            float[] before,
            float[] after,
            float[] sent,
            double keep,
            float[] change) {
        return of(told, replayed, before, after, sent, keep, change, new float[0], 1);
    }

    /**
     * The same for a model with running statistics, of which nothing is ever owed.
     *
     * @param statistics before the round: the last values of the model
     * @param faded      how many times larger the learning rate was when it was largest than in this round: what is owed is from then too
     */
    public static Replay of(
            List<Double> told,
            List<Double> replayed,
            float[] before,
            float[] after,
            float[] sent,
            double keep,
            float[] change,
            float[] statistics,
            double faded) {
        var trained = change.length - statistics.length;
        double losses = told.size() == replayed.size() ? 0 : Double.POSITIVE_INFINITY;
        for (var step = 0; step < Math.min(told.size(), replayed.size()); step++) {
            losses = Math.max(losses, Math.abs(told.get(step) - replayed.get(step)));
        }
        double off = 0;
        double owed = 0;
        double other = 0;
        for (var index = 0; index < trained; index++) {
            // what was owed, is now owed or sent: the rest is what the worker claims to have learned
            var again = (float) (keep * before[index]);
            var claimed = (double) after[index] + sent[index] - again;
            owed += ((double) change[index] + again) * ((double) change[index] + again);
            off += (claimed - change[index]) * (claimed - change[index]);
            other += ((double) sent[index] - change[index]) * ((double) sent[index] - change[index]);
        }
        double statisticsOff = 0;
        double statisticsChange = 0;
        for (var index = trained; index < change.length; index++) {
            var difference = (double) sent[index] - change[index];
            statisticsOff += difference * difference;
            statisticsChange += (double) change[index] * change[index];
        }
        var steady = STATISTICS_STEADY * Norms.of(statistics);
        var statisticsLength = Math.max(Math.max(Math.sqrt(statisticsChange), steady), Float.MIN_NORMAL);
        var length = Math.max(Norms.of(change, trained), Float.MIN_NORMAL);
        var share = Math.max(Math.sqrt(off) / length, Math.sqrt(statisticsOff) / statisticsLength);
        return new Replay(
                Double.isNaN(losses) ? Double.POSITIVE_INFINITY : losses,
                Double.isFinite(share) ? share : Double.POSITIVE_INFINITY,
                Math.max(Norms.of(before), Norms.of(after)) / (length * faded),
                Norms.of(after) / Math.max(Math.sqrt(owed), Float.MIN_NORMAL),
                Math.sqrt(other) / length);
    }

    /** What the worker did not do as it said; null when it did. */
    String mismatch(Tolerance tolerance) {
        if (losses > tolerance.losses()) {
            return String.format(
                    Locale.ROOT,
                    "its round was done again and a step's loss differs by %.3g nats, where %.3g is allowed",
                    losses,
                    tolerance.losses());
        }
        if (!(change <= tolerance.change())) {
            return String.format(
                    Locale.ROOT,
                    "its round was done again and the weights differ by %.3g of the change, where %.3g is allowed",
                    change,
                    tolerance.change());
        }
        if (!(kept <= ALL)) {
            return String.format(
                    Locale.ROOT,
                    "its round was done again and it says that it owes %.3g times what there was to be sent",
                    kept);
        }
        return null;
    }

    /** Whether the replay shows that the update's length is that of work. */
    boolean explainsLength() {
        return beside <= OF_USUAL_LENGTH;
    }

    /** Whether the replay shows that what the update does to the loss is what the work does. */
    boolean explainsEffect() {
        return beside <= WORK_ITSELF;
    }

    boolean residualTooLarge() {
        return !(residual <= LARGEST_RESIDUAL);
    }
}
