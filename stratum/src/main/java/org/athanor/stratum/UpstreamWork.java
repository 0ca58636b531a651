package org.athanor.stratum;

import java.util.Arrays;
import org.athanor.hash.Target;

/**
 * A job of a pool upstream, shared out among miners: what that pool calls extranonce2 becomes a number of ours and the
 * miners' own, shorter extranonces. All of that pool's part is in the first half of the coinbase, so that a new session
 * with it, with another extranonce1, is to the miners nothing but a new job.
 */
final class UpstreamWork implements Blueprint {
    private static final long NTIME_AHEAD_SECONDS = 7000;

    private final UpstreamSession session;
    private final MiningJob job;
    private final int generation;
    private final Layout layout;

    /**
     * How the bytes of the upstream's extranonce2 are used, in this order.
     *
     * @param unused always zero: few miners count up more than eight bytes
     * @param counter makes jobs differ that are given out twice, as after a change of difficulty
     * @param connection our extranonce1
     * @param miner our extranonce2
     */
    record Layout(int unused, int counter, int connection, int miner) {
        private static final int LEAST = 3;
        private static final int MOST_FOR_MINER = 8;

        /** @throws StratumException if there are too few bytes to share out */
        static Layout of(int size) {
            if (size < LEAST)
                throw new StratumException("the pool upstream leaves " + size
                        + " bytes of extranonce2, too few to share out: at least " + LEAST + " are needed");
            int counter = size > 4 ? 1 : 0;
            int connection = size > 8 ? 4 : size == 8 ? 3 : size > 3 ? 2 : 1;
            int miner = Math.min(MOST_FOR_MINER, size - counter - connection);
            return new Layout(size - counter - connection - miner, counter, connection, miner);
        }
    }

    /** @param generation rises when the upstream says that all its jobs before are worth nothing */
    UpstreamWork(UpstreamSession session, MiningJob job, int generation) {
        this.session = session;
        this.job = job;
        this.generation = generation;
        this.layout = Layout.of(job.extranonce2Size());
    }

    @Override
    public int extranonce1Size() {
        return layout.connection();
    }

    @Override
    public int extranonce2Size() {
        return layout.miner();
    }

    @Override
    public int versionMask() {
        return job.versionMask();
    }

    @Override
    public Target hardest() {
        return job.target();
    }

    @Override
    public long maximumTime() {
        return Integer.toUnsignedLong(job.ntime()) + NTIME_AHEAD_SECONDS;
    }

    @Override
    public JobBody body(int number) {
        var ours = new byte[layout.unused() + layout.counter()];
        if (layout.counter() == 1) ours[layout.unused()] = (byte) number;
        return job.body().renamed(Integer.toHexString(number), MiningJob.concat(job.coinbaseHead(), ours));
    }

    @Override
    public boolean keeps(Blueprint other) {
        return other instanceof UpstreamWork work && work.session == session && work.generation == generation;
    }

    MiningJob job() {
        return job;
    }

    int generation() {
        return generation;
    }

    /**
     * Hands on a share that meets the upstream's target; its answer goes to the sink.
     *
     * @param given the job as the miner had it
     */
    void forward(
            ShareEvent share,
            MiningJob given,
            byte[] extranonce2,
            int ntime,
            int versionBits,
            int nonce,
            ShareSink sink) {
        var head = given.coinbaseHead();
        var ours = Arrays.copyOfRange(head, job.coinbaseHead().length, head.length);
        // the header's own bits: the miner's mask may be narrower, and leave bits of the job as they were
        int bits = given.version(versionBits) & job.versionMask();
        session.forward(share, job, MiningJob.concat(ours, extranonce2), ntime, bits, nonce, sink);
    }
}
