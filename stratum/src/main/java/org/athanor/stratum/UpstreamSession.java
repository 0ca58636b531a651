package org.athanor.stratum;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.hash.Target;

/** One connection to a pool upstream, from its first job to its end. */
final class UpstreamSession implements StratumClient.Listener, AutoCloseable {
    /** Shares that wait for the upstream's answer or for their turn; further ones are given up. */
    static final int MOST_WAITING = 4096;

    /** Called on the session's own threads. */
    interface Events {
        void work(UpstreamSession session);

        void ended(UpstreamSession session);

        /** @param change of how many shares wait for their outcome */
        void waiting(int change);
    }

    private final UpstreamPool.Upstream upstream;
    private final UpstreamPool.Patience patience;
    private final Events events;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile StratumClient client;
    private volatile UpstreamWork work;
    private volatile boolean ended;
    private volatile String why = "";
    private volatile long heard = System.nanoTime();
    private volatile long answered = heard;
    private int generation;
    private byte[] previous = {};

    UpstreamSession(UpstreamPool.Upstream upstream, UpstreamPool.Patience patience, Events events) {
        this.upstream = upstream;
        this.patience = patience;
        this.events = events;
    }

    /** @throws StratumException if the upstream cannot be reached, refuses the account or answers nonsense */
    void connect() {
        client = StratumClient.connect(upstream.client(patience.connect()), this);
        Thread.ofVirtual().name("stratum-upstream-watch").start(this::watch);
    }

    UpstreamPool.Upstream upstream() {
        return upstream;
    }

    /** The newest, while it is worth something. */
    Optional<UpstreamWork> work() {
        return ended ? Optional.empty() : Optional.ofNullable(work);
    }

    /** The newest, whatever became of the session since. */
    Optional<UpstreamWork> lastWork() {
        return Optional.ofNullable(work);
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

    long lost() {
        return lost.get();
    }

    @Override
    public void job(MiningJob job, Target target) {
        heard = System.nanoTime();
        boolean newTip = !Arrays.equals(previous, job.body().previous());
        if (job.clean() || newTip) generation++;
        previous = job.body().previous();
        work = new UpstreamWork(this, job, generation); // refuses an extranonce2 that is too short
        events.work(this);
    }

    @Override
    public void disconnected(String reason) {
        why = upstream.clean(reason);
        ended = true;
        over.countDown();
        events.ended(this);
    }

    /** Gives the upstream up: the other end does not know yet. */
    private void end(String reason) {
        if (ended) return;
        why = reason;
        close();
        events.ended(this);
    }

    /** Of its end, unless we ended it ourselves; empty before. */
    String why() {
        return why;
    }

    @Override
    public void close() {
        ended = true;
        over.countDown();
        var open = client;
        if (open != null) open.close();
    }

    /** No more work of it is given out; what is still unanswered may be answered for a while. */
    void retire() {
        ended = true;
        Thread.ofVirtual().name("stratum-upstream-retired").start(() -> {
            try {
                boolean all = places.tryAcquire(MOST_WAITING, patience.answer().toNanos(), TimeUnit.NANOSECONDS);
                if (all) places.release(MOST_WAITING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        });
    }

    /** A pool that is alive sends new jobs, or answers. */
    private void watch() {
        long silence = patience.silence().toNanos();
        try {
            long left = silence;
            while (!over.await(left, TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                left = silence - Math.min(now - heard, now - answered);
                if (left > 0) continue;
                end("it was silent for " + text(patience.silence()));
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Duration time) {
        return time.toSeconds() + " s";
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
            tell(share, job, new ForwardOutcome.Lost("not sent: " + MOST_WAITING + " shares wait already"), sink);
            return;
        }
        events.waiting(1);
        Thread.ofVirtual().name("stratum-forward").start(() -> {
            try {
                tell(share, job, submit(job, extranonce2, ntime, versionBits, nonce), sink);
            } finally {
                places.release();
                events.waiting(-1);
            }
        });
    }

    private ForwardOutcome submit(MiningJob job, byte[] extranonce2, int ntime, int versionBits, int nonce) {
        var bits = job.versionMask() == 0 ? OptionalInt.empty() : OptionalInt.of(versionBits);
        long sent = System.nanoTime();
        try {
            var verdict = client.submit(job, extranonce2, ntime, bits, nonce)
                    .orTimeout(patience.answer().toNanos(), TimeUnit.NANOSECONDS)
                    .join();
            answered = System.nanoTime();
            return switch (verdict) {
                case ShareVerdict.Accepted _ -> new ForwardOutcome.Accepted();
                case ShareVerdict.Rejected(var reason, var detail) ->
                    new ForwardOutcome.Rejected(reason, upstream.clean(detail));
            };
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof TimeoutException))
                return new ForwardOutcome.Lost(e.getCause().getMessage());
            var why = "no answer within " + text(patience.answer());
            if (answered - sent < 0) end("it answers no shares: " + why);
            return new ForwardOutcome.Lost(why);
        }
    }

    private void tell(ShareEvent share, MiningJob job, ForwardOutcome outcome, ShareSink sink) {
        var counter = switch (outcome) {
            case ForwardOutcome.Accepted() -> accepted;
            case ForwardOutcome.Rejected _ -> rejected;
            case ForwardOutcome.Lost _ -> lost;
        };
        counter.incrementAndGet();
        try {
            sink.forwarded(new ForwardEvent(share.user(), share.hash(), upstream.name(), job.target(), outcome));
        } catch (RuntimeException e) {
            StratumServer.LOG.log(
                    Level.ERROR, upstream.name() + " said " + outcome + " to " + share.hash() + ": not recorded", e);
        }
    }
}
