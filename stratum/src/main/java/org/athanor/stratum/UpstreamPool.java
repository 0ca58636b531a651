package org.athanor.stratum;

import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.athanor.hash.Target;

/**
 * The pools that a proxy mines for: one connection to the first of them that can be had. When it breaks all are tried
 * at once, the most preferred first (but the others before one that took us and dropped us), and then again with growing
 * pauses; and while a less preferred one serves, those before it are tried every now and then.
 */
public final class UpstreamPool implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** A session that ended sooner is no reason to begin the next at once. */
    private static final long STEADY_NANOS = 10_000_000_000L;

    /** Shorter passwords, like the usual "x", are no secrets, and stand in too many words. */
    private static final int LEAST_SECRET = 4;

    /**
     * One of the pools, and our account there.
     *
     * @param name for people and books; never with the password
     * @param trust which certificate it must show; present if and only if the address asks for TLS
     */
    public record Upstream(String name, PoolAddress address, String user, String password, Optional<PoolTrust> trust) {
        public Upstream {
            if (address.tls() != trust.isPresent())
                throw new IllegalArgumentException(
                        "upstream " + name + ": accepted is a trust with TLS, and none without");
        }

        /** The address is looked up each time: pools move. */
        StratumClient.Config client(Duration timeout) {
            return new StratumClient.Config(
                    address.socket(), user, password, "athanor/0.1", true, Optional.empty(), timeout, trust);
        }

        /** What the pool said may repeat what it was told. */
        String clean(String text) {
            return password.length() < LEAST_SECRET ? text : text.replace(password, "***");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * How long to bear what.
     *
     * @param connect for a connection, and for each answer of its handshake
     * @param job from there to the first job
     * @param answer to a share; when nothing was answered for so long the pool is given up
     * @param silence without a job or an answer; then the pool is given up
     */
    public record Patience(Duration connect, Duration job, Duration answer, Duration silence) {
        public static final Patience USUAL = new Patience(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5));

        public Patience {
            for (var time : List.of(connect, job, answer, silence)) positive(time);
        }
    }

    /**
     * @param upstreams in order of preference
     * @param longestPause between two rounds of attempts
     * @param lookBack how often those that are preferred to the present one are tried
     */
    public record Config(List<Upstream> upstreams, Duration longestPause, Duration lookBack, Patience patience) {
        /** @throws IllegalArgumentException unless there are upstreams, each with a name of its own */
        public Config {
            upstreams = List.copyOf(upstreams);
            if (upstreams.isEmpty()) throw new IllegalArgumentException("upstreams: at least one is needed");
            var names = new HashSet<String>();
            for (var upstream : upstreams)
                if (!names.add(upstream.name()))
                    throw new IllegalArgumentException("upstream " + upstream.name() + ": accepted is each once");
            positive(longestPause);
            positive(lookBack);
        }

        /** With pauses of at most a minute, looking back every five. */
        public static Config of(List<Upstream> upstreams) {
            return new Config(upstreams, Duration.ofMinutes(1), Duration.ofMinutes(5), Patience.USUAL);
        }
    }

    /**
     * @param upstream that serves now, or served last
     * @param session counts those that served
     * @param connected whether there is work from it
     * @param difficulty that it asks for now, or asked for last
     * @param network the target of blocks there
     * @param accepted shares since its session began, here and below
     * @param lost that it never answered
     * @param problem the last that there was with any upstream; empty for none yet
     */
    public record Status(
            String upstream,
            long session,
            boolean connected,
            BigDecimal difficulty,
            Target network,
            long accepted,
            long rejected,
            long lost,
            String problem) {}

    private final Config config;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread keeper;
    private volatile Serving serving;
    private volatile String problem = "";
    private volatile boolean closed;

    /** @param since nanoseconds */
    private record Serving(UpstreamSession session, long number, long since) {
        boolean works() {
            return session.work().isPresent();
        }

        boolean steady() {
            return System.nanoTime() - since >= STEADY_NANOS;
        }
    }

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
        if (!pool.tryEach(config.upstreams(), problems))
            throw new StratumException("no pool upstream can be had: " + String.join("; ", problems));
        pool.keeper.start();
        return pool;
    }

    public Status status() {
        var now = serving;
        var session = now.session();
        var work = session.lastWork().orElseThrow(); // it would not serve without
        return new Status(
                session.upstream().name(),
                now.number(),
                now.works(),
                work.hardest().difficulty(),
                work.job().network(),
                session.accepted(),
                session.rejected(),
                session.lost(),
                problem);
    }

    Optional<UpstreamWork> current() {
        return serving.session().work();
    }

    /**
     * @param listener told, quickly and on any thread, when a session or its work changed: {@link #status} says to what.
     *     Those that came first are told first
     * @return ends the subscription when closed
     */
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Waits until every share that was handed on has its outcome; to be called when no more come.
     *
     * @return false if there were still some when the time was over
     */
    public boolean awaitOutcomes(Duration atMost) {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (waiting.get() > 0 && nanos > 0) nanos = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return waiting.get() == 0;
    }

    @Override
    public void close() {
        closed = true;
        signal();
        serving.session().close();
        try {
            keeper.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        var pause = firstPause();
        while (!closed) {
            if (serving.works()) {
                await(config.lookBack(), true);
                if (serving.works()) {
                    tryEach(config.upstreams().subList(0, config.upstreams().indexOf(upstream())), new ArrayList<>());
                    continue;
                }
                if (serving.steady()) pause = firstPause();
                else if (tryEach(others(), new ArrayList<>())) continue;
                else pause = longerAfter(pause);
            } else pause = longerAfter(pause);
            tryEach(config.upstreams(), new ArrayList<>());
        }
    }

    private Upstream upstream() {
        return serving.session().upstream();
    }

    /** A pool that takes us and drops us at once must not keep us from those that do not. */
    private List<Upstream> others() {
        return config.upstreams().stream()
                .filter(upstream -> !upstream.equals(upstream()))
                .toList();
    }

    private Duration longerAfter(Duration pause) {
        await(pause, false);
        return longer(pause);
    }

    private Duration firstPause() {
        return FIRST_PAUSE.compareTo(config.longestPause()) > 0 ? config.longestPause() : FIRST_PAUSE;
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
            while (!closed && nanos > 0 && (!whileServing || serving.works())) nanos = changed.awaitNanos(nanos);
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

    /** @return whether one of them serves now */
    private boolean tryEach(List<Upstream> upstreams, List<String> problems) {
        boolean lookingBack = serving != null && serving.works();
        for (var upstream : upstreams) {
            if (closed || (lookingBack && !serving.works())) return false; // then all are to be tried
            var next = new UpstreamSession(upstream, config.patience(), new Listening());
            try {
                next.connect();
                awaitJob(next);
            } catch (StratumException e) {
                next.close();
                var why = upstream.name() + ": " + upstream.clean(e.getMessage());
                problems.add(why);
                if (!why.equals(problem)) StratumServer.LOG.log(Level.WARNING, "upstream {0}", why);
                problem = why;
                continue;
            }
            serve(next);
            return true;
        }
        return false;
    }

    private void serve(UpstreamSession next) {
        var before = serving;
        serving = new Serving(next, before == null ? 1 : before.number() + 1, System.nanoTime());
        if (closed) next.close();
        StratumServer.LOG.log(Level.INFO, "mining for {0}", next.upstream().name());
        tellAll();
        if (before != null) before.session().retire();
    }

    private void awaitJob(UpstreamSession next) {
        lock.lock();
        try {
            long nanos = config.patience().job().toNanos();
            while (!closed && next.work().isEmpty() && !next.ended() && nanos > 0) nanos = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        if (next.work().isEmpty()) throw new StratumException(next.why().isEmpty() ? "it sent no job" : next.why());
    }

    private void tellAll() {
        for (var listener : listeners)
            try {
                listener.run();
            } catch (RuntimeException e) {
                StratumServer.LOG.log(Level.ERROR, "new work from upstream", e); // must not end what serves the others
            }
    }

    private static void positive(Duration time) {
        if (time.isNegative() || time.isZero())
            throw new IllegalArgumentException("time " + time + ": accepted is one above 0");
    }

    private boolean serves(UpstreamSession session) {
        var now = serving;
        return now != null && now.session() == session;
    }

    private final class Listening implements UpstreamSession.Events {
        @Override
        public void waiting(int change) {
            if (waiting.addAndGet(change) == 0) signal();
        }

        @Override
        public void work(UpstreamSession from) {
            signal();
            if (serves(from)) tellAll();
        }

        @Override
        public void ended(UpstreamSession from) {
            if (serves(from)) {
                problem = from.upstream().name() + ": " + from.why();
                StratumServer.LOG.log(Level.WARNING, "lost upstream {0}", problem);
                tellAll();
            }
            signal();
        }
    }
}
