package org.athanor.stratum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.units.Work;

/** One miner's connection to a pool. It does not reconnect: a new connection is a new object. */
public final class StratumClient implements AutoCloseable {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int MOST_UNANSWERED = 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Pools send new work at least every minute or so; one that is silent for so long is gone. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final Config config;
    private final Listener listener;
    private final Socket socket;
    private final Socket channel; // the socket, or TLS over it
    private final Outbox outbox;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST_UNANSWERED);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Session session = new Session(); // reading thread only
    private volatile MiningJob job;

    /**
     * @param versionRolling asks for BIP 310 before subscribing
     * @param suggestedDifficulty sent after authorizing
     * @param timeout for the connection and for each answer of the handshake
     * @param tls by TLS, if present, and never without
     */
    public record Config(
            InetSocketAddress pool,
            String user,
            String password,
            String agent,
            boolean versionRolling,
            Optional<BigDecimal> suggestedDifficulty,
            Duration timeout,
            Optional<PoolTrust> tls) {
        /** Without TLS. */
        public Config(
                InetSocketAddress pool,
                String user,
                String password,
                String agent,
                boolean versionRolling,
                Optional<BigDecimal> suggestedDifficulty,
                Duration timeout) {
            this(pool, user, password, agent, versionRolling, suggestedDifficulty, timeout, Optional.empty());
        }

        public Config withTls(PoolTrust trust) {
            return new Config(
                    pool, user, password, agent, versionRolling, suggestedDifficulty, timeout, Optional.of(trust));
        }

        public static Config of(InetSocketAddress pool, String user, String agent) {
            return new Config(pool, user, "x", agent, true, Optional.empty(), Duration.ofSeconds(10));
        }

        /** Without the password. */
        @Override
        public String toString() {
            return user + " at " + pool;
        }
    }

    /** Called on the connection's reading thread, in the order of the pool's messages: must not block for long. */
    public interface Listener {
        /** May come before {@link StratumClient#connect} returns. */
        void job(MiningJob job, Target target);

        /** Called before the future of the same share completes. */
        default void verdict(ShareEvent event) {}

        /** At most once, for whatever reason but {@link StratumClient#close()}. */
        void disconnected(String why);
    }

    /** What a request waits for: the reply, read on the reading thread. */
    private interface Pending {
        void replied(JsonNode reply);

        void failed(StratumException why);
    }

    /** @param use may refuse the reply with a {@link StratumException}, which is a failure too */
    private record Answer(Consumer<JsonNode> use, Consumer<StratumException> fail) implements Pending {
        @Override
        public void replied(JsonNode reply) {
            try {
                use.accept(reply);
            } catch (StratumException e) {
                fail.accept(e);
            }
        }

        @Override
        public void failed(StratumException why) {
            fail.accept(why);
        }
    }

    private StratumClient(Config config, Listener listener, Socket socket, Socket channel) throws IOException {
        this.config = config;
        this.listener = listener;
        this.socket = socket;
        this.channel = channel;
        this.outbox = new Outbox(channel.getOutputStream(), 2 * MOST_UNANSWERED);
    }

    /**
     * Connects, subscribes and authorizes.
     *
     * @throws StratumException if the pool cannot be reached, refuses the user or answers nonsense
     */
    public static StratumClient connect(Config config, Listener listener) {
        var socket = new Socket();
        StratumClient client;
        try {
            dial(socket, config.pool(), config.timeout());
            client = new StratumClient(config, listener, socket, channel(config, socket));
        } catch (IOException e) {
            throw new StratumException("cannot reach the pool at " + config.pool() + ": " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("stratum-client-writer").start(client::write);
        Thread.ofVirtual().name("stratum-client-reader").start(client::read);
        try {
            client.handshake();
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static Socket channel(Config config, Socket socket) throws IOException {
        if (config.tls().isEmpty()) return socket;
        try {
            return Tls.over(socket, config.pool(), config.tls().get(), config.timeout());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Closes the socket if it fails. */
    static Socket dial(Socket socket, InetSocketAddress address, Duration timeout) throws IOException {
        try {
            if (address.isUnresolved()) throw new IOException("unknown host");
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void handshake() {
        // not awaited: pools that do not know it may not answer
        if (config.versionRolling())
            send(
                    "mining.configure",
                    "[[\"version-rolling\"],{\"version-rolling.mask\":\""
                            + Hex.encode(ServerConnection.VERSION_MASK)
                            + "\",\"version-rolling.min-bit-count\":2}]",
                    new Answer(
                            reply -> session.configured(reply.path("result")),
                            why -> StratumServer.LOG.log(Level.INFO, "no version rolling: {0}", why.getMessage())));
        // the session must know its extranonces before the next line, a job, is read: on the reading thread
        await("mining.subscribe", request("mining.subscribe", "[" + Json.quote(config.agent()) + "]", reply -> {
            if (!reply.path("result").isArray())
                throw new StratumException("the pool refused mining.subscribe: "
                        + PoolReply.rejection(reply).detail());
            session.subscribed(reply.path("result"));
        }));
        var credentials = "[" + Json.quote(config.user()) + "," + Json.quote(config.password()) + "]";
        await("mining.authorize", request("mining.authorize", credentials, reply -> {
            if (!PoolReply.accepted(reply))
                throw new StratumException("the pool refused user " + config.user() + ": "
                        + PoolReply.rejection(reply).detail());
        }));
        config.suggestedDifficulty().ifPresent(this::suggest);
    }

    private void suggest(BigDecimal difficulty) {
        send(
                "mining.suggest_difficulty",
                "[" + Json.write(difficulty) + "]",
                new Answer(
                        reply -> {
                            if (!PoolReply.accepted(reply))
                                throw new StratumException(
                                        PoolReply.rejection(reply).detail());
                        },
                        why -> StratumServer.LOG.log(
                                Level.INFO, "{0} keeps its own difficulty: {1}", config.pool(), why.getMessage())));
    }

    /** The newest job, if one came yet. */
    public Optional<MiningJob> job() {
        return Optional.ofNullable(job);
    }

    public boolean open() {
        return !ended.get();
    }

    /**
     * Never throws for the network's sake: the future fails with a {@link StratumException} when the connection breaks
     * before the pool answered. With 1024 shares unanswered it waits for the pool, so a miner that finds shares faster
     * than its pool takes them is slowed down; do not call it from the {@link Listener}.
     */
    public CompletableFuture<ShareVerdict> submit(
            MiningJob job, byte[] extranonce2, int ntime, OptionalInt versionBits, int nonce) {
        var hash = Sha256d.hash(job.header(extranonce2, ntime, versionBits.orElse(0), nonce));
        var future = new CompletableFuture<ShareVerdict>();
        waitForPlace();
        send(
                "mining.submit",
                "[" + Json.quote(config.user()) + "," + Json.quote(job.id()) + ",\"" + Hex.encode(extranonce2)
                        + "\",\"" + Hex.encode(ntime) + "\",\"" + Hex.encode(nonce) + "\""
                        + (versionBits.isPresent() ? ",\"" + Hex.encode(versionBits.getAsInt()) + "\"" : "") + "]",
                new Pending() {
                    @Override
                    public void replied(JsonNode reply) {
                        places.release();
                        var verdict = verdict(reply, job, hash);
                        listener.verdict(new ShareEvent(
                                Json.clean(config.user()),
                                Json.clean(config.agent()),
                                job.id(),
                                Hex.display(hash),
                                job.target(),
                                verdict));
                        future.complete(verdict);
                    }

                    @Override
                    public void failed(StratumException why) {
                        places.release();
                        future.completeExceptionally(why);
                    }
                });
        return future;
    }

    private void waitForPlace() {
        try {
            if (places.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) return;
            end("the pool left " + MOST_UNANSWERED + " shares unanswered for " + PATIENCE.toSeconds() + " s", true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("interrupted", true);
        }
        places.acquireUninterruptibly(); // what was unanswered has failed now
    }

    static ShareVerdict verdict(JsonNode reply, MiningJob job, byte[] hash) {
        return PoolReply.accepted(reply)
                ? new Accepted(
                        Work.ofTarget(job.target().value()), job.network().metBy(hash))
                : PoolReply.rejection(reply);
    }

    @Override
    public void close() {
        end("closed", false);
    }

    private CompletableFuture<Void> request(String method, String params, Consumer<JsonNode> use) {
        var future = new CompletableFuture<Void>();
        send(
                method,
                params,
                new Answer(
                        reply -> {
                            use.accept(reply);
                            future.complete(null);
                        },
                        future::completeExceptionally));
        return future;
    }

    private void send(String method, String params, Pending then) {
        long id = nextId.getAndIncrement();
        pending.put(id, then);
        if (!outbox.push(Json.request(id, method, params))) end("the pool does not read", true);
        // whoever ended the connection has failed what was pending then; this one may have come later
        if (ended.get() && pending.remove(id) != null) then.failed(gone("closed"));
    }

    private void await(String method, CompletableFuture<Void> answer) {
        try {
            answer.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new StratumException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new StratumException(
                    "the pool at " + config.pool() + " did not answer " + method + " within "
                            + config.timeout().toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StratumException("interrupted while waiting for " + method, e);
        }
    }

    private void write() {
        try {
            outbox.run();
        } catch (IOException e) {
            end(e.getMessage(), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("interrupted", true);
        }
    }

    private void read() {
        try {
            socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
            var lines = new LineReader(channel.getInputStream(), LONGEST_LINE);
            for (var line = lines.next(); line != null; line = lines.next()) handle(line);
            end("the pool closed the connection", true);
        } catch (SocketTimeoutException e) {
            end("the pool was silent for " + SILENCE.toMinutes() + " min", true);
        } catch (IOException | StratumException e) {
            end(e.getMessage(), true);
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "reading from " + config.pool(), e);
            end(e.toString(), true);
        }
    }

    private void handle(byte[] line) {
        var message = Json.object(line)
                .orElseThrow(() -> new StratumException("the pool at " + config.pool() + " does not speak Stratum"));
        var method = message.path("method").asText("");
        if (method.isEmpty()) {
            var asked = pending.remove(message.path("id").asLong(0));
            if (asked != null) asked.replied(message);
            return;
        }
        var params = message.path("params");
        if (session.told(method, params)) return;
        switch (method) {
            case "mining.notify" -> {
                var next = session.job(params);
                job = next;
                listener.job(next, next.target());
            }
            // to the address that the user gave, never to one that the pool names
            case "client.reconnect" -> throw new StratumException("the pool asks to connect again");
            case "mining.ping" -> answer(message, Json.quote("pong"));
            case "client.get_version" -> answer(message, Json.quote(config.agent()));
            default -> StratumServer.LOG.log(Level.DEBUG, "{0} sent {1}", config.pool(), Json.clean(method));
        }
    }

    private void answer(JsonNode message, String result) {
        if (!outbox.push(Json.result(Json.id(message), result))) throw new StratumException("the pool does not read");
    }

    private void end(String why, boolean tell) {
        if (!ended.compareAndSet(false, true)) return;
        outbox.close();
        try {
            socket.close();
        } catch (IOException e) {
            StratumServer.LOG.log(Level.DEBUG, "closing " + config.pool(), e);
        }
        for (var id : List.copyOf(pending.keySet())) {
            var unanswered = pending.remove(id);
            if (unanswered != null) unanswered.failed(gone(why));
        }
        if (tell) listener.disconnected(why);
    }

    private StratumException gone(String why) {
        return new StratumException("connection to " + config.pool() + " ended: " + why);
    }
}
