package org.athanor.stratum;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * The pool's end of Stratum V1.
 *
 * <p>A few event loops read, judge and write for all connections; one more thread accepts, and one gives out new work.
 * Nobody waits for a slow client, nor for a chain that is asked about a block.
 */
public final class StratumServer implements AutoCloseable {
    static final System.Logger LOG = System.getLogger("org.athanor.stratum");

    private static final int BACKLOG = 4096;
    private static final int MOST_LOOPS = 4; // they share one log
    private static final int FEW_EXTRANONCES = 2; // bytes

    /** Blocks that a chain is asked about at the same time: as many as there are connections. */
    private static final int MOST_DELIVERIES = 1 << 20;

    private final Config config;
    private final JobSource source;
    private final ShareSink sink;
    private final LongSupplier nanos;
    private final ServerSocketChannel socket;
    private final List<EventLoop> loops = new ArrayList<>();
    private final Semaphore deliveries = new Semaphore(MOST_DELIVERIES);
    private final Semaphore places;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Integer> extranonces = ConcurrentHashMap.newKeySet();

    /** Shares of the newest work on connections that have ended, by extranonce; only where extranonces are so few that
     * they come again while it is the newest. */
    private final Map<Integer, List<JobBook.Entry>> taken = new ConcurrentHashMap<>();
    // random starts: after a restart nothing repeats that was given out before
    private final AtomicInteger nextExtranonce =
            new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private final AtomicInteger nextJob =
            new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private int nextLoop; // of the acceptor
    private final Object workLock = new Object();
    private final Semaphore workWanted = new Semaphore(0);
    private final AutoCloseable subscription;
    private final Thread acceptor = Thread.ofVirtual().name("stratum-accept").unstarted(this::accept);
    private volatile Offer offer;
    private volatile boolean live;
    private volatile boolean closed;

    /**
     * @param listen port 0 takes a free one
     * @param maximumConnections further ones are closed at once
     * @param maximumLine bytes; a longer line ends its connection
     * @param maximumQueue bytes waiting for a client that reads too slowly; with more it is dropped
     * @param regularWork new work for everybody when there was none for so long, as if by {@link #refresh}
     * @param tls if present, miners are served by TLS only, with this context's key
     * @param blockPatience how long who found a block waits for the chain's answer before being told that its share counts
     */
    public record Config(
            InetSocketAddress listen,
            DifficultyPolicy difficulty,
            int maximumConnections,
            int maximumLine,
            int maximumQueue,
            Optional<Duration> regularWork,
            Optional<SSLContext> tls,
            Duration blockPatience) {
        private static final Duration BLOCK_PATIENCE = Duration.ofSeconds(5);

        public Config {
            if (regularWork.filter(every -> every.toMillis() < 1).isPresent())
                throw new IllegalArgumentException("regular work: accepted is every millisecond or more rarely");
            if (maximumConnections < 1 || maximumLine < 256 || maximumQueue < 4096)
                throw new IllegalArgumentException("accepted are 1 connection, lines of 256 bytes and a queue of 4096"
                        + " bytes or more, not " + maximumConnections + ", " + maximumLine + ", " + maximumQueue);
        }

        /** Without regular work and TLS. */
        public Config(
                InetSocketAddress listen,
                DifficultyPolicy difficulty,
                int maximumConnections,
                int maximumLine,
                int maximumQueue) {
            this(
                    listen,
                    difficulty,
                    maximumConnections,
                    maximumLine,
                    maximumQueue,
                    Optional.empty(),
                    Optional.empty(),
                    BLOCK_PATIENCE);
        }

        public Config withRegularWork(Duration every) {
            return with(Optional.of(every), tls, blockPatience);
        }

        public Config withTls(SSLContext context) {
            return with(regularWork, Optional.of(context), blockPatience);
        }

        public Config withBlockPatience(Duration patience) {
            return with(regularWork, tls, patience);
        }

        private Config with(Optional<Duration> regularWork, Optional<SSLContext> tls, Duration blockPatience) {
            return new Config(
                    listen, difficulty, maximumConnections, maximumLine, maximumQueue, regularWork, tls, blockPatience);
        }

        public static Config of(InetSocketAddress listen, DifficultyPolicy difficulty) {
            return new Config(listen, difficulty, 16_384, 8192, 64 * 1024);
        }
    }

    private StratumServer(
            Config config, JobSource source, ShareSink sink, LongSupplier nanos, ServerSocketChannel socket)
            throws IOException {
        this.nanos = nanos;
        this.config = config;
        this.source = source;
        this.sink = sink;
        this.socket = socket;
        this.places = new Semaphore(config.maximumConnections());
        takeWork();
        if (!live) throw new StratumException("there is no work to give out");
        int cores = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < Math.min(cores, MOST_LOOPS); i++) loops.add(new EventLoop(this, i));
        this.subscription = source.onNewWork(() -> {
            takeWork();
            workWanted.release();
        });
        takeWork(); // a change between the two would have been missed
    }

    /** @throws StratumException if the address cannot be listened on */
    public static StratumServer start(Config config, TemplateSource templates, ShareSink sink) {
        return start(config, templates, sink, System::nanoTime);
    }

    /**
     * Serves miners with the work of another pool.
     *
     * @throws StratumException if the address cannot be listened on, or there is no work yet
     */
    public static StratumServer start(Config config, UpstreamPool upstream, ShareSink sink) {
        return start(config, new UpstreamJobs(upstream), sink, System::nanoTime);
    }

    /** @param nanos the time by which difficulties follow their miners */
    static StratumServer start(Config config, TemplateSource templates, ShareSink sink, LongSupplier nanos) {
        return start(config, new TemplateJobs(templates), sink, nanos);
    }

    private static StratumServer start(Config config, JobSource source, ShareSink sink, LongSupplier nanos) {
        var socket = listenChannel(config.listen());
        StratumServer server;
        try {
            server = new StratumServer(config, source, sink, nanos, socket);
        } catch (IOException | RuntimeException e) {
            try {
                socket.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e instanceof RuntimeException own ? own : new StratumException("no selector: " + e.getMessage(), e);
        }
        server.loops.forEach(EventLoop::start);
        server.acceptor.start();
        Thread.ofVirtual().name("stratum-work").start(server::giveWork);
        return server;
    }

    private static ServerSocketChannel listenChannel(InetSocketAddress address) {
        try {
            var channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return channel.bind(address, BACKLOG);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new StratumException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    static ServerSocket listen(InetSocketAddress address) {
        try {
            var socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(address, 256);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new StratumException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.socket().getLocalSocketAddress();
    }

    public List<ClientInfo> clients() {
        return connections.stream()
                .map(ServerConnection::info)
                .sorted(Comparator.comparing(info -> info.address().toString()))
                .toList();
    }

    /**
     * Gives every client a job of the present work, whose time is newer; jobs of the same tip stay valid. To be called
     * every minute or so, unless {@link Config#regularWork} does: miners take a silent pool for a dead one, and run out
     * of time to put in headers.
     */
    public void refresh() {
        takeWork();
        workWanted.release();
    }

    @Override
    public void close() {
        closed = true;
        try {
            subscription.close();
            socket.close();
            acceptor.join(Duration.ofSeconds(5)); // the socket lives on until the thread that accepts has left it
            for (var loop : loops) loop.execute(loop::closeAll);
            awaitAll(deliveries, MOST_DELIVERIES);
            for (var loop : loops) loop.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StratumException("interrupted while closing the server at " + config.listen(), e);
        } catch (Exception e) {
            throw new StratumException("closing the server at " + config.listen(), e);
        } finally {
            workWanted.release();
        }
    }

    /** Until all places are free again, so that no share comes after closing; but not for a sink that hangs. */
    static void awaitAll(Semaphore places, int all) {
        try {
            if (places.tryAcquire(all, 5, TimeUnit.SECONDS)) places.release(all);
            else LOG.log(Level.WARNING, "closed, but a share is still being recorded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Config config() {
        return config;
    }

    ShareSink sink() {
        return sink;
    }

    /** The newest work. */
    Blueprint current() {
        return offer.blueprint();
    }

    /** Whether {@link #current} is worth anything: a pool upstream may be gone. */
    boolean live() {
        return live;
    }

    /** What everybody gets. */
    Offer offer() {
        return offer;
    }

    /** The same work as nobody else has it. */
    Offer ownOffer() {
        return Offer.of(current(), nextJob.getAndIncrement());
    }

    /**
     * Asks the chain on a thread of its own, and the loop to go on with the answer, or without one if there is none in
     * time: a node may be away for hours, while the block waits for it and its finder must not.
     */
    void deliver(byte[] block, EventLoop loop, Consumer<Optional<BlockVerdict>> then) {
        deliveries.acquireUninterruptibly();
        var answer = new CompletableFuture<BlockVerdict>();
        Thread.ofVirtual().name("stratum-block").start(() -> answer.complete(submit(block)));
        Thread.ofVirtual().name("stratum-finder").start(() -> {
            var verdict = inTime(answer);
            loop.execute(() -> then.accept(verdict));
            deliveries.release();
        });
    }

    private Optional<BlockVerdict> inTime(CompletableFuture<BlockVerdict> answer) {
        try {
            return Optional.of(answer.get(config.blockPatience().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty(); // it is handed over all the same
        } catch (InterruptedException | ExecutionException e) {
            throw new StratumException("nobody interrupts a finder's thread, and the answer is a value", e);
        }
    }

    private BlockVerdict submit(byte[] block) {
        if (!(source instanceof TemplateJobs(var templates)))
            throw new AssertionError("blocks are made of templates only");
        try {
            return templates.submit(block);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a block could not be handed over", e);
            return new BlockVerdict.Refused("could not be handed over: " + e.getMessage());
        }
    }

    /** Asks the source inside the lock: of two changes at once, the last to enter sees the newer tip. */
    void takeWork() {
        synchronized (workLock) {
            var newest = source.current();
            if (newest.isPresent()) {
                if (offer != null && newest.get() != offer.blueprint()) taken.clear();
                offer = Offer.of(newest.get(), nextJob.getAndIncrement());
            }
            live = newest.isPresent();
        }
    }

    private void giveWork() {
        while (true) {
            boolean regular = !workWantedInTime();
            workWanted.drainPermits(); // changes that came together are told once
            if (closed) return;
            if (regular) takeWorkOrKeep();
            for (var loop : loops) loop.execute(loop::giveWork);
        }
    }

    private boolean workWantedInTime() {
        if (config.regularWork().isEmpty()) {
            workWanted.acquireUninterruptibly();
            return true;
        }
        try {
            return workWanted.tryAcquire(config.regularWork().get().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StratumException("nobody interrupts the thread that gives work", e);
        }
    }

    private void takeWorkOrKeep() {
        try {
            takeWork();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no new work, the old one is given out again", e);
        }
    }

    /** What every loop does once a second, at once and to the end. */
    void tick() {
        for (var loop : loops) loop.call(loop::tick);
    }

    long nanos() {
        return nanos.getAsLong();
    }

    private void accept() {
        while (!closed) {
            try {
                var client = socket.accept();
                if (places.tryAcquire()) serve(client);
                else turnAway(client, config.maximumConnections() + " connections");
            } catch (IOException e) {
                if (closed) return;
                LOG.log(Level.WARNING, "accepting a connection at " + address(), e); // such as too many open files
                pause();
            }
        }
    }

    private static void turnAway(SocketChannel client, String why) throws IOException {
        LOG.log(Level.DEBUG, "{0} turned away: {1}", client, why);
        client.close();
    }

    /** Waits until the port is free: the socket lives on until the thread that accepts has left it. */
    static void close(ServerSocket socket, Thread acceptor) throws IOException {
        socket.close();
        try {
            acceptor.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) throws IOException {
        var extranonce = freeExtranonce();
        if (extranonce.isEmpty()) {
            places.release();
            turnAway(client, "all extranonces are in use");
            return;
        }
        try {
            var loop = loops.get(Math.floorMod(nextLoop++, loops.size()));
            var connection = new ServerConnection(this, loop, client, extranonce.getAsInt());
            var before = taken.remove(extranonce.getAsInt());
            if (before != null) connection.book().inherit(before);
            connections.add(connection);
            loop.execute(connection::open);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client was gone before it was served", e);
            extranonces.remove(extranonce.getAsInt());
            places.release();
            client.close();
        }
    }

    private OptionalInt freeExtranonce() {
        int size = current().extranonce1Size();
        int mask = size >= Integer.BYTES ? -1 : (1 << (Byte.SIZE * size)) - 1;
        if (mask > 0 && extranonces.size() > mask) return OptionalInt.empty();
        int extranonce = nextExtranonce.getAndIncrement() & mask;
        while (!extranonces.add(extranonce)) extranonce = nextExtranonce.getAndIncrement() & mask;
        return OptionalInt.of(extranonce);
    }

    void left(ServerConnection connection) {
        connections.remove(connection);
        if (current().extranonce1Size() <= FEW_EXTRANONCES) {
            var shares = connection.book().taken(current());
            if (!shares.isEmpty()) taken.put(connection.extranonce1(), shares);
        }
        extranonces.remove(connection.extranonce1());
        places.release();
    }
}
