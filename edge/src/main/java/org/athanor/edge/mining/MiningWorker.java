package org.athanor.edge.mining;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.athanor.devices.Computation;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.NonceScanner;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.athanor.stratum.MiningJob;
import org.athanor.stratum.PoolTrust;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumClient;
import org.athanor.stratum.StratumException;
import org.athanor.units.Hashrate;

/**
 * Mines on this computer's cores for a Stratum pool, and connects again whenever the connection is lost. Without a
 * pool there is no job; then nothing is hashed, or, where the heat is wanted ({@link Config#heatingWithoutPool}), hashes
 * are tried that nobody pays and that no counter of nonces counts.
 *
 * <p>Hashing threads are platform threads of the lowest priority, which Linux ignores unless it is told otherwise
 * ({@code -XX:ThreadPriorityPolicy}). They look for a new job or another number of threads after each batch of nonces.
 */
public final class MiningWorker implements Computation {
    /** So many shares may wait for their verdict; a thread that finds one more waits for the pool. */
    static final int WINDOW = 256;

    private static final int MOST_THREADS = 1024;
    /** No hash meets it. */
    private static final Target NONE = new Target(BigInteger.ZERO);

    private static final long BATCH_NANOS = 8_000_000;
    private static final int FIRST_BATCH = 256;
    private static final int MOST_BATCH = 1 << 22;
    private static final long NONCES = 1L << 32;
    /** Longest sleep before looking whether anything has changed. */
    private static final long GLANCE_NANOS = 10_000_000;

    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration LEAVE = Duration.ofSeconds(1);

    /**
     * @param heatWithoutPool hash for the heat alone while there is no job
     * @param throttle most hashes per second of all threads together; empty for as fast as they can
     * @param tls by TLS, if present, and never without
     * @param drain how long {@link MiningWorker#close()} waits for outstanding verdicts
     * @param firstBackOff wait after the first failed connection; it doubles up to {@code longestBackOff}, and a random
     *     half of it is left out so that many miners do not come back at once
     */
    public record Config(
            InetSocketAddress pool,
            String user,
            String agent,
            boolean heatWithoutPool,
            OptionalDouble throttle,
            Optional<PoolTrust> tls,
            Duration drain,
            Duration firstBackOff,
            Duration longestBackOff) {
        public Config {
            if (throttle.isPresent() && !(throttle.getAsDouble() > 0 && Double.isFinite(throttle.getAsDouble())))
                throw new IllegalArgumentException(
                        "throttle " + throttle.getAsDouble() + " H/s: a number above 0 is accepted");
            if (!firstBackOff.isPositive() || longestBackOff.compareTo(firstBackOff) < 0)
                throw new IllegalArgumentException("back-off from " + firstBackOff + " to " + longestBackOff
                        + ": both must be positive and in this order");
        }

        /** Without TLS. */
        public Config(
                InetSocketAddress pool,
                String user,
                String agent,
                boolean heatWithoutPool,
                OptionalDouble throttle,
                Duration drain,
                Duration firstBackOff,
                Duration longestBackOff) {
            this(pool, user, agent, heatWithoutPool, throttle, Optional.empty(), drain, firstBackOff, longestBackOff);
        }

        public static Config of(InetSocketAddress pool, String user, String agent) {
            return new Config(
                    pool,
                    user,
                    agent,
                    false,
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(30));
        }

        public Config heatingWithoutPool() {
            return new Config(pool, user, agent, true, throttle, tls, drain, firstBackOff, longestBackOff);
        }

        public Config withTls(PoolTrust trust) {
            return new Config(
                    pool,
                    user,
                    agent,
                    heatWithoutPool,
                    throttle,
                    Optional.of(trust),
                    drain,
                    firstBackOff,
                    longestBackOff);
        }

        public Config throttledTo(double hashesPerSecond) {
            return new Config(
                    pool,
                    user,
                    agent,
                    heatWithoutPool,
                    OptionalDouble.of(hashesPerSecond),
                    tls,
                    drain,
                    firstBackOff,
                    longestBackOff);
        }
    }

    private final Config config;
    private final ShareSink sink;
    private final Supplier<NonceScanner> scanners;
    private final LongAdder nonces = new LongAdder();
    private final LongAdder hashingNanos = new LongAdder();
    private final LongAdder unpaid = new LongAdder();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sinkFailures = new AtomicLong();
    private final Semaphore window = new Semaphore(WINDOW);
    /** Counts the extranonce2 values given out. It runs on from job to job, so that no header is ever hashed twice. */
    private final AtomicLong extranonces = new AtomicLong();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread connector;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Thread> miners = new ArrayList<>();
    private final MovingRate rate = new MovingRate(System.nanoTime(), 0);
    private volatile int threads;
    private volatile Assignment current;
    private volatile Session session = new Session();
    private volatile String connection;
    private volatile String lastProblem = "";
    private volatile long giveUpNanos = Long.MAX_VALUE;

    /** What the hashing threads work on; each is only equal to itself. */
    private static final class Assignment {
        final Session session;
        final MiningJob job;
        final long cleans;
        final long firstExtranonce;

        Assignment(Session session, MiningJob job, long cleans, long firstExtranonce) {
            this.session = session;
            this.job = job;
            this.cleans = cleans;
            this.firstExtranonce = firstExtranonce;
        }

        boolean stale() {
            return session.ended || cleans != session.cleans.get();
        }
    }

    private MiningWorker(Config config, ShareSink sink, Supplier<NonceScanner> scanners) {
        this.config = config;
        this.sink = sink;
        this.scanners = scanners;
        connection = "connecting to " + address();
        connector =
                Thread.ofVirtual().name("pool connection of " + config.user()).start(this::connectUntilClosed);
    }

    /** Starts to connect; nothing is hashed before {@link #setThreads}. */
    public static MiningWorker start(Config config, ShareSink sink) {
        return start(config, sink, NonceScanners::best);
    }

    /** @param scanners asked before each batch of some milliseconds: a {@link KernelChooser} */
    public static MiningWorker start(Config config, ShareSink sink, Supplier<NonceScanner> scanners) {
        return new MiningWorker(config, sink, scanners);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // a wish, on which nothing depends
    public void setThreads(int threads) {
        if (threads < 0 || threads > MOST_THREADS)
            throw new IllegalArgumentException("threads " + threads + ": 0 to " + MOST_THREADS + " is accepted");
        lock.lock();
        try {
            if (closing.getCount() == 0) return;
            if (this.threads == 0 && threads > 0) rate.restart(System.nanoTime(), nonces.sum());
            this.threads = threads;
            while (miners.size() < threads) {
                var index = miners.size();
                miners.add(Thread.ofPlatform()
                        .name("mining " + config.user() + " " + index)
                        .daemon()
                        .priority(Thread.MIN_PRIORITY)
                        .start(() -> mine(index)));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Counters counters() {
        lock.lock();
        try {
            var tried = nonces.sum();
            var average = threads == 0 ? 0 : rate.at(System.nanoTime(), tried);
            return new Counters(tried, accepted.get(), rejected.get(), new Hashrate(average));
        } finally {
            lock.unlock();
        }
    }

    /** Wall time that the threads together have spent on the nonces that {@link #counters()} counts. */
    public Duration hashing() {
        return Duration.ofNanos(hashingNanos.sum());
    }

    public MiningStatus status() {
        var work = current;
        return new MiningStatus(
                work != null,
                connection,
                WINDOW - window.availablePermits(),
                unanswered.get(),
                dropped.get(),
                unpaid.sum(),
                sinkFailures.get(),
                lastProblem);
    }

    /** Stops hashing, then waits (at most {@link Config#drain()}) for the verdicts on all shares found. */
    @Override
    public void close() {
        giveUpNanos = System.nanoTime() + config.drain().toNanos();
        List<Thread> ending;
        lock.lock();
        try {
            if (closing.getCount() == 0) return;
            threads = 0;
            closing.countDown();
            ending = List.copyOf(miners);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (var miner : ending) miner.join(untilGivingUp());
            if (window.tryAcquire(WINDOW, untilGivingUp().toNanos(), TimeUnit.NANOSECONDS)) window.release(WINDOW);
            else
                problem((WINDOW - window.availablePermits()) + " shares had no verdict " + config.drain()
                        + " after the end");
            session.end("closed");
            connector.join(LEAVE); // it may be in the middle of a handshake, and then ends by itself a little later
        } catch (InterruptedException e) {
            problem("closing was interrupted before all verdicts had come");
            session.end("closed");
            Thread.currentThread().interrupt();
        }
    }

    private Duration untilGivingUp() {
        return Duration.ofNanos(Math.max(1_000_000, giveUpNanos - System.nanoTime()));
    }

    // hashing

    private void mine(int index) {
        var pace = new Pace();
        var batch = FIRST_BATCH;
        while (awaitWork(index)) {
            pace.restart(System.nanoTime());
            var work = current;
            if (work == null) batch = heat(index, batch);
            while (work != null && index < threads) {
                batch = mineAssignment(index, work, batch, pace);
                work = current;
            }
        }
    }

    /** @return false when there will be no more work */
    private boolean awaitWork(int index) {
        lock.lock();
        try {
            while (closing.getCount() > 0) {
                if (index < threads && (current != null || config.heatWithoutPool())) return true;
                changed.await();
            }
            return false;
        } catch (InterruptedException e) {
            problem("a hashing thread was interrupted and has ended");
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Hashes for the heat alone until there is work or this thread is to rest. */
    private int heat(int index, int firstBatch) {
        var batch = firstBatch;
        var header = new byte[BlockHeader.SIZE];
        while (current == null && index < threads) {
            var begin = System.nanoTime();
            unpaid.add(scanners.get().scan(header, NONE, 0, batch, (nonce, hash) -> {}));
            batch = nextBatch(batch, batch, System.nanoTime() - begin);
        }
        return batch;
    }

    /** Hashes until there is other work or this thread is to rest. */
    private int mineAssignment(int index, Assignment work, int firstBatch, Pace pace) {
        var batch = firstBatch;
        var job = work.job;
        while (true) {
            var serial = extranonces.getAndIncrement();
            var extranonce2 = extranonce2(serial, job.extranonce2Size());
            var ntime = job.ntime() + timeRolls(serial, work.firstExtranonce, job.extranonce2Size());
            var header = job.header(extranonce2, ntime, 0, 0);
            for (long nonce = 0; nonce < NONCES; ) {
                if (current != work || index >= threads) return batch;
                var share = config.throttle().orElse(0) / Math.max(1, threads);
                var limit = share > 0 ? Math.min(batch, Pace.batch(share)) : batch;
                var count = (int) Math.min(limit, NONCES - nonce);
                var begin = System.nanoTime();
                var tried = scanners.get()
                        .scan(
                                header,
                                job.target(),
                                (int) nonce,
                                count,
                                (found, hash) -> submit(work, extranonce2, ntime, found));
                var end = System.nanoTime();
                nonces.add(tried);
                hashingNanos.add(end - begin);
                nonce += tried;
                batch = nextBatch(batch, count, end - begin);
                if (share > 0) rest(index, pace, pace.waitAfter(tried, share, end));
            }
        }
    }

    /** Sleeping sets the pace here; it synchronises nothing. */
    private void rest(int index, Pace pace, long nanos) {
        for (var left = nanos; left > 0 && index < threads; left = pace.remaining(System.nanoTime()))
            LockSupport.parkNanos(Math.min(left, GLANCE_NANOS));
    }

    private static int nextBatch(int batch, int tried, long nanos) {
        var fitting = (double) tried * BATCH_NANOS / Math.max(1, nanos);
        return (int) Math.clamp(fitting, Math.max(1, batch / 2.0), Math.min(MOST_BATCH, batch * 2.0));
    }

    private static byte[] extranonce2(long serial, int size) {
        var number = ByteBuffer.allocate(Long.BYTES).putLong(serial).array();
        var extranonce2 = new byte[size];
        var copied = Math.min(size, Long.BYTES);
        System.arraycopy(number, Long.BYTES - copied, extranonce2, size - copied, copied);
        return extranonce2;
    }

    /** Seconds to add to the job's time once all values of a short extranonce2 have been given out. */
    private static int timeRolls(long serial, long first, int size) {
        return size >= Long.BYTES ? 0 : (int) ((serial >>> (8 * size)) - (first >>> (8 * size)));
    }

    /** On a hashing thread, in the middle of a batch. */
    private void submit(Assignment work, byte[] extranonce2, int ntime, int nonce) {
        try {
            while (!window.tryAcquire(GLANCE_NANOS, TimeUnit.NANOSECONDS)) {
                if (work.stale() || System.nanoTime() - giveUpNanos > 0) {
                    dropped.incrementAndGet();
                    return;
                }
            }
        } catch (InterruptedException e) {
            dropped.incrementAndGet();
            problem("a hashing thread was interrupted");
            Thread.currentThread().interrupt();
            return;
        }
        if (work.stale()) {
            window.release();
            dropped.incrementAndGet();
            return;
        }
        var _ = work.session
                .client
                .submit(work.job, extranonce2, ntime, OptionalInt.empty(), nonce)
                .whenComplete((verdict, failure) -> {
                    if (failure != null) {
                        unanswered.incrementAndGet();
                        problem("no verdict on a share: " + failure.getMessage());
                    }
                    window.release();
                });
    }

    // the connection

    private void connectUntilClosed() {
        var failures = 0;
        try {
            while (closing.getCount() > 0) {
                String why;
                try {
                    session.connected(StratumClient.connect(client(), session));
                    why = session.awaitEnd();
                    if (session.working()) failures = 0;
                } catch (StratumException e) {
                    why = e.getMessage();
                } finally {
                    session.close();
                }
                if (closing.getCount() == 0) break;
                var pause = backOff(failures++);
                problem(why);
                connection = "not connected to " + address() + ": " + why + "; attempt " + (failures + 1) + " in "
                        + pause.toMillis() + " ms";
                if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) break;
                session = new Session();
            }
            connection = "closed";
        } catch (InterruptedException e) {
            connection = "interrupted, no longer connecting";
        }
    }

    /** The name is looked up again for every connection: pools move. */
    private StratumClient.Config client() {
        return new StratumClient.Config(
                new InetSocketAddress(
                        config.pool().getHostString(), config.pool().getPort()),
                config.user(),
                "x",
                config.agent(),
                false,
                Optional.empty(),
                HANDSHAKE,
                config.tls());
    }

    private Duration backOff(int failures) {
        var first = config.firstBackOff().toNanos();
        var longest = config.longestBackOff().toNanos();
        var full = failures >= 32 ? (double) longest : Math.min((double) longest, Math.scalb((double) first, failures));
        return Duration.ofNanos((long) (full * ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }

    private String address() {
        return config.pool().getHostString() + ":" + config.pool().getPort();
    }

    private void problem(String what) {
        lastProblem = what;
    }

    private void publish(Assignment work) {
        lock.lock();
        try {
            current = work;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One connection, from its handshake to its end. */
    private final class Session implements StratumClient.Listener {
        private final CountDownLatch over = new CountDownLatch(1);
        private final ReentrantLock order = new ReentrantLock();
        private volatile StratumClient client;
        private volatile boolean ended;
        private final AtomicLong cleans = new AtomicLong();
        private MiningJob job;
        private String why = "";

        /** Jobs may come before the handshake has returned the client that takes their shares. */
        void connected(StratumClient opened) {
            connection = "connected to " + address() + " as " + config.user();
            order.lock();
            try {
                client = opened;
                assign();
            } finally {
                order.unlock();
            }
        }

        @Override
        public void job(MiningJob next, Target target) {
            order.lock();
            try {
                if (next.clean()) cleans.incrementAndGet();
                job = next;
                assign();
            } finally {
                order.unlock();
            }
        }

        private void assign() {
            if (client != null && job != null && !ended)
                publish(new Assignment(this, job, cleans.get(), extranonces.get()));
        }

        @Override
        public void verdict(ShareEvent event) {
            switch (event.verdict()) {
                case ShareVerdict.Accepted verdict -> accepted.incrementAndGet();
                case ShareVerdict.Rejected verdict -> rejected.incrementAndGet();
            }
            try {
                sink.share(event);
            } catch (RuntimeException e) {
                sinkFailures.incrementAndGet();
                problem("the verdict on share " + event.hash() + " could not be kept: " + e.getMessage());
            }
        }

        @Override
        public void disconnected(String reason) {
            end(reason);
        }

        void end(String reason) {
            order.lock();
            try {
                if (ended) return;
                ended = true;
                why = reason;
                publish(null);
            } finally {
                order.unlock();
            }
            over.countDown();
        }

        boolean working() {
            return job != null;
        }

        String awaitEnd() throws InterruptedException {
            over.await();
            return why;
        }

        void close() {
            end("closed");
            if (client != null) client.close();
        }
    }
}
