package org.athanor.stratum;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;

/** One connection to a pool upstream, from its first job to its end. */
final class UpstreamSession implements StratumClient.Listener, AutoCloseable {
    /** Shares that wait for the upstream's answer or for their turn; further ones are given up. */
    private static final int MOST_WAITING = 4096;

    /** Called on the session's own thread. */
    interface Events {
        void work(UpstreamSession session);

        void ended(UpstreamSession session, String why);
    }

    private final UpstreamPool.Upstream upstream;
    private final Events events;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile StratumClient client;
    private volatile UpstreamWork work;
    private volatile boolean ended;
    private int generation;
    private byte[] previous = {};

    UpstreamSession(UpstreamPool.Upstream upstream, Events events) {
        this.upstream = upstream;
        this.events = events;
    }

    /** @throws StratumException if the upstream cannot be reached, refuses the account or answers nonsense */
    void connect() {
        client = StratumClient.connect(upstream.client(), this);
    }

    UpstreamPool.Upstream upstream() {
        return upstream;
    }

    /** The newest, while it is worth something. */
    Optional<UpstreamWork> work() {
        return ended ? Optional.empty() : Optional.ofNullable(work);
    }

    boolean ended() {
        return ended;
    }

    long accepted() {
        return accepted.get();
    }

    long rejected() {
        return rejected.get();
    }

    @Override
    public void job(MiningJob job, Target target) {
        boolean newTip = !Arrays.equals(previous, job.body().previous());
        if (job.clean() || newTip) generation++;
        previous = job.body().previous();
        work = new UpstreamWork(this, job, generation); // refuses an extranonce2 that is too short
        events.work(this);
    }

    @Override
    public void disconnected(String why) {
        ended = true;
        events.ended(this, why);
    }

    @Override
    public void close() {
        ended = true;
        var open = client;
        if (open != null) open.close();
    }

    /** Never waits: on a thread of its own, since the client waits when the upstream does not answer. */
    void forward(
            ShareEvent share,
            MiningJob job,
            byte[] extranonce2,
            int ntime,
            int versionBits,
            int nonce,
            ShareSink sink) {
        if (!places.tryAcquire()) {
            answered(share, job, new Rejected(Reason.OTHER, "too many shares wait for the pool upstream"), sink);
            return;
        }
        Thread.ofVirtual().name("stratum-forward").start(() -> {
            try {
                var bits = job.versionMask() == 0 ? OptionalInt.empty() : OptionalInt.of(versionBits);
                answered(
                        share,
                        job,
                        client.submit(job, extranonce2, ntime, bits, nonce).join(),
                        sink);
            } catch (CompletionException e) {
                answered(
                        share,
                        job,
                        new Rejected(Reason.OTHER, "no answer: " + e.getCause().getMessage()),
                        sink);
            } finally {
                places.release();
            }
        });
    }

    private void answered(ShareEvent share, MiningJob job, ShareVerdict verdict, ShareSink sink) {
        (verdict instanceof Accepted ? accepted : rejected).incrementAndGet();
        try {
            sink.forwarded(new ForwardEvent(share.user(), share.hash(), upstream.name(), job.target(), verdict));
        } catch (RuntimeException e) {
            StratumServer.LOG.log(
                    Level.ERROR, upstream.name() + " said " + verdict + " to " + share.hash() + ": not recorded", e);
        }
    }
}
