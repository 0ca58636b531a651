package org.athanor.stratum;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * The pool's end of Stratum V1.
 *
 * <p>Two virtual threads a connection, one that reads and judges, one that writes; one more thread gives out new work.
 * Nobody waits for a slow client but its own reader.
 */
public final class StratumServer implements AutoCloseable {
    static final System.Logger LOG = System.getLogger("org.athanor.stratum");

    private final Config config;
    private final TemplateSource templates;
    private final ShareSink sink;
    private final LongSupplier nanos;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ServerSocket socket;
    private final Semaphore places;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Integer> extranonces = ConcurrentHashMap.newKeySet();
    // random starts: after a restart nothing repeats that was given out before
    private final AtomicInteger nextExtranonce =
            new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private final AtomicInteger nextJob =
            new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private final Object templateLock = new Object();
    private final Semaphore workWanted = new Semaphore(0);
    private final AutoCloseable subscription;
    private final Thread acceptor = Thread.ofVirtual().name("stratum-accept").unstarted(this::accept);
    private volatile PreparedTemplate current;
    private volatile boolean closed;

    /**
     * @param listen port 0 takes a free one
     * @param maximumConnections further ones are closed at once
     * @param maximumLine bytes; a longer line ends its connection
     * @param maximumQueue lines waiting for a client that reads too slowly; one more and it is dropped
     * @param regularWork new work for everybody when there was none for so long, as if by {@link #refresh}
     * @param tls if present, miners are served by TLS only, with this context's key
     */
    public record Config(
            InetSocketAddress listen,
            DifficultyPolicy difficulty,
            int maximumConnections,
            int maximumLine,
            int maximumQueue,
            Optional<Duration> regularWork,
            Optional<SSLContext> tls) {
        public Config {
            if (regularWork.filter(every -> every.toMillis() < 1).isPresent())
                throw new IllegalArgumentException("regular work: accepted is every millisecond or more rarely");
            if (maximumConnections < 1 || maximumLine < 256 || maximumQueue < 8)
                throw new IllegalArgumentException("accepted are 1 connection, lines of 256 bytes and a queue of 8"
                        + " lines or more, not " + maximumConnections + ", " + maximumLine + ", " + maximumQueue);
        }

        /** Without regular work and TLS. */
        public Config(
                InetSocketAddress listen,
                DifficultyPolicy difficulty,
                int maximumConnections,
                int maximumLine,
                int maximumQueue) {
            this(listen, difficulty, maximumConnections, maximumLine, maximumQueue, Optional.empty(), Optional.empty());
        }

        public Config withRegularWork(Duration every) {
            return new Config(
                    listen, difficulty, maximumConnections, maximumLine, maximumQueue, Optional.of(every), tls);
        }

        public Config withTls(SSLContext context) {
            return new Config(
                    listen,
                    difficulty,
                    maximumConnections,
                    maximumLine,
                    maximumQueue,
                    regularWork,
                    Optional.of(context));
        }

        public static Config of(InetSocketAddress listen, DifficultyPolicy difficulty) {
            return new Config(listen, difficulty, 1000, 8192, 512);
        }
    }

    private StratumServer(
            Config config, TemplateSource templates, ShareSink sink, LongSupplier nanos, ServerSocket socket) {
        this.nanos = nanos;
        this.config = config;
        this.templates = templates;
        this.sink = sink;
        this.socket = socket;
        this.places = new Semaphore(config.maximumConnections());
        takeTemplate();
        this.subscription = templates.onChange(_ -> {
            takeTemplate();
            workWanted.release();
        });
        takeTemplate(); // a change between the two would have been missed
    }

    /** @throws StratumException if the address cannot be listened on */
    public static StratumServer start(Config config, TemplateSource templates, ShareSink sink) {
        return start(config, templates, sink, System::nanoTime);
    }

    /** @param nanos the time by which difficulties follow their miners */
    static StratumServer start(Config config, TemplateSource templates, ShareSink sink, LongSupplier nanos) {
        var server = new StratumServer(config, templates, sink, nanos, listen(config.listen()));
        server.acceptor.start();
        Thread.ofVirtual().name("stratum-work").start(server::giveWork);
        if (config.difficulty().vardiff().isPresent())
            Thread.ofVirtual().name("stratum-vardiff").start(server::tickEverySecond);
        return server;
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
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public List<ClientInfo> clients() {
        return connections.stream()
                .map(ServerConnection::info)
                .sorted(Comparator.comparing(info -> info.address().toString()))
                .toList();
    }

    /**
     * Gives every client a job of the present template, whose time is newer; jobs of the same tip stay valid. To be
     * called every minute or so, unless {@link Config#regularWork} does: miners take a silent pool for a dead one, and run out of time to put in headers.
     */
    public void refresh() {
        takeTemplate();
        workWanted.release();
    }

    @Override
    public void close() {
        closed = true;
        closing.countDown();
        try {
            subscription.close();
            close(socket, acceptor);
        } catch (Exception e) {
            throw new StratumException("closing the server at " + address(), e);
        } finally {
            workWanted.release();
            connections.forEach(ServerConnection::close);
            awaitAll(places, config.maximumConnections());
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

    PreparedTemplate current() {
        return current;
    }

    int nextJob() {
        return nextJob.getAndIncrement();
    }

    BlockVerdict submit(byte[] block) {
        return templates.submit(block);
    }

    /** Asks the source inside the lock: of two changes at once, the last to enter sees the newer tip. */
    void takeTemplate() {
        synchronized (templateLock) {
            current = new PreparedTemplate(templates.current());
        }
    }

    private void giveWork() {
        while (true) {
            boolean regular = !workWantedInTime();
            workWanted.drainPermits(); // changes that came together are told once
            if (closed) return;
            if (regular) takeTemplateOrKeep();
            for (var connection : connections) connection.giveWork();
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

    private void takeTemplateOrKeep() {
        try {
            takeTemplate();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no new template, the old one is given out again", e);
        }
    }

    private void tickEverySecond() {
        try {
            while (!closing.await(1, TimeUnit.SECONDS)) tick();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void tick() {
        for (var connection : connections) connection.tick();
    }

    long nanos() {
        return nanos.getAsLong();
    }

    private void accept() {
        while (!closed) {
            try {
                var client = socket.accept();
                if (places.tryAcquire()) serve(client);
                else {
                    LOG.log(Level.DEBUG, "{0} turned away: {1} connections", client, config.maximumConnections());
                    client.close();
                }
            } catch (IOException e) {
                if (closed) return;
                LOG.log(Level.WARNING, "accepting a connection at " + address(), e); // such as too many open files
                pause();
            }
        }
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

    private void serve(Socket client) {
        int extranonce = nextExtranonce.getAndIncrement();
        while (!extranonces.add(extranonce)) extranonce = nextExtranonce.getAndIncrement();
        try {
            var connection = new ServerConnection(this, client, extranonce);
            connections.add(connection);
            if (closed) connection.close();
            Thread.ofVirtual().name("stratum-client-" + client.getPort()).start(connection);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client was gone before it was served", e);
            extranonces.remove(extranonce);
            places.release();
        }
    }

    void left(ServerConnection connection, int extranonce) {
        connections.remove(connection);
        extranonces.remove(extranonce);
        places.release();
    }
}
