package org.athanor.stratum;

import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pools that a proxy mines for: one connection to the first of them that can be had. When it breaks the next is
 * tried at once, then all again with growing pauses; and while a less preferred one serves, those before it are tried
 * every now and then.
 */
public final class UpstreamPool implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** A pool that connects but sends no job is none. */
    private static final Duration JOB_PATIENCE = Duration.ofSeconds(30);

    /**
     * One of the pools.
     *
     * @param name for people and books, without the account's password
     */
    public record Upstream(String name, StratumClient.Config client) {}

    /**
     * @param longestPause between two rounds of attempts
     * @param lookBack how often those that are preferred to the present one are tried
     */
    public record Config(List<Upstream> upstreams, Duration longestPause, Duration lookBack) {
        public Config {
            upstreams = List.copyOf(upstreams);
            if (upstreams.isEmpty()) throw new IllegalArgumentException("upstreams: at least one is needed");
            if (longestPause.isNegative() || longestPause.isZero() || lookBack.isNegative() || lookBack.isZero())
                throw new IllegalArgumentException("pauses: accepted are times above 0");
        }

        /** With pauses of at most a minute, looking back every five. */
        public static Config of(List<Upstream> upstreams) {
            return new Config(upstreams, Duration.ofMinutes(1), Duration.ofMinutes(5));
        }
    }

    /**
     * @param upstream that serves now, or served last
     * @param connected whether there is work from it
     * @param difficulty that it asks for; empty before its first job
     * @param accepted shares since its session began
     * @param problem the last that there was with any upstream; empty for none yet
     */
    public record Status(
            String upstream,
            boolean connected,
            Optional<BigDecimal> difficulty,
            long accepted,
            long rejected,
            String problem) {}

    private final Config config;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread keeper;
    private volatile UpstreamSession session;
    private volatile String problem = "";
    private volatile boolean closed;

    private UpstreamPool(Config config) {
        this.config = config;
        this.keeper = Thread.ofVirtual().name("stratum-upstream").unstarted(this::keep);
    }

    /**
     * Connects to the first of the pools that can be had, and waits for its first job.
     *
     * @throws StratumException if none can be had; says what is wrong with each
     */
    public static UpstreamPool connect(Config config) {
        var pool = new UpstreamPool(config);
        var problems = new ArrayList<String>();
        if (!pool.tryBefore(config.upstreams().size(), problems))
            throw new StratumException("no pool upstream can be had: " + String.join("; ", problems));
        pool.keeper.start();
        return pool;
    }

    public Status status() {
        var now = session;
        var work = now.work();
        return new Status(
                now.upstream().name(),
                work.isPresent(),
                work.map(w -> w.hardest().difficulty()),
                now.accepted(),
                now.rejected(),
                problem);
    }

    Optional<UpstreamWork> current() {
        return session.work();
    }

    AutoCloseable onNewWork(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        closed = true;
        signal();
        session.close();
        try {
            keeper.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        var pause = FIRST_PAUSE;
        while (!closed) {
            boolean serving = session.work().isPresent();
            await(serving ? config.lookBack() : pause, serving);
            if (closed) return;
            serving = session.work().isPresent();
            int best = serving
                    ? config.upstreams().indexOf(session.upstream())
                    : config.upstreams().size();
            boolean found = tryBefore(best, new ArrayList<>());
            pause = serving || found ? FIRST_PAUSE : longer(pause);
        }
    }

    private Duration longer(Duration pause) {
        // not all proxies of a pool that was away for a moment come back in the same instant
        var doubled =
                pause.multipliedBy(2).plusMillis(ThreadLocalRandom.current().nextLong(500));
        return doubled.compareTo(config.longestPause()) > 0 ? config.longestPause() : doubled;
    }

    /** Until the time is over, or the session that serves ends. */
    private void await(Duration time, boolean whileServing) {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (!closed && nanos > 0 && (!whileServing || session.work().isPresent()))
                nanos = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tries the upstreams before the given place, the most preferred first. */
    private boolean tryBefore(int end, List<String> problems) {
        for (var upstream : config.upstreams().subList(0, end)) {
            if (closed) return false;
            var next = new UpstreamSession(upstream, new Listening());
            try {
                next.connect();
                if (!worksInTime(next)) throw new StratumException("it sent no job");
            } catch (StratumException e) {
                next.close();
                problem = upstream.name() + ": " + e.getMessage();
                problems.add(problem);
                StratumServer.LOG.log(Level.WARNING, "upstream {0}", problem);
                continue;
            }
            var before = session;
            session = next;
            if (closed) next.close();
            StratumServer.LOG.log(Level.INFO, "mining for {0}", upstream.name());
            tellAll();
            if (before != null) before.close();
            return true;
        }
        return false;
    }

    private boolean worksInTime(UpstreamSession next) {
        lock.lock();
        try {
            long nanos = JOB_PATIENCE.toNanos();
            while (!closed && next.work().isEmpty() && !next.ended() && nanos > 0) nanos = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return next.work().isPresent();
    }

    private void tellAll() {
        for (var listener : listeners) listener.run();
    }

    private final class Listening implements UpstreamSession.Events {
        @Override
        public void work(UpstreamSession from) {
            signal();
            if (from == session) tellAll();
        }

        @Override
        public void ended(UpstreamSession from, String why) {
            problem = from.upstream().name() + ": " + why;
            if (from == session) {
                StratumServer.LOG.log(Level.WARNING, "lost upstream {0}", problem);
                tellAll();
            }
            signal();
        }
    }
}
