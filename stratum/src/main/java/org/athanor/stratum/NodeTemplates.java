package org.athanor.stratum;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.athanor.hash.BlockHeader;
import org.athanor.hash.Hex;
import org.athanor.hash.Merkle;
import org.athanor.hash.Sha256d;
import org.athanor.stratum.NodeException.Kind;

/**
 * Templates from a Bitcoin node by JSON-RPC, and found blocks back to it.
 *
 * <p>A new tip is heard of by a request that the node holds until there is one (BIP 22's long polling), and by ZMQ where
 * that is configured; besides, every {@link Config#refresh} there is a template with the fees of then. While the node is
 * away the last template stays {@link #current}, its time going on, and {@link #status} says so: what is mined on it may
 * be of an old tip, but it may also be a block.
 */
public final class NodeTemplates implements TemplateSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.athanor.stratum");

    /** A node without long polling is asked this often. */
    private static final Duration WITHOUT_LONG_POLL = Duration.ofSeconds(1);

    /** A held request is given up after this time and made again: whoever sits in between may have forgotten it. */
    private static final Duration LONG_POLL = Duration.ofMinutes(3);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final int BLOCK_NOT_FOUND = -5; // RPC_INVALID_ADDRESS_OR_KEY
    private static final int DECODING_FAILED = -22; // RPC_DESERIALIZATION_ERROR
    private static final String BCOIN_REJECTED = "rejected: ";

    private final Config config;
    private final InstantSource clock;
    private final NodeRpc rpc;
    private final Optional<ZmqSubscriber> zmq;
    private final CopyOnWriteArrayList<Consumer<Template>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wanted = new Semaphore(0);
    private final Semaphore longPollWanted = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong notifications = new AtomicLong();
    private final Object lock = new Object();

    // guarded by lock
    private Held held;
    private long templates;
    private long tipChanges;
    private boolean connected;
    private Optional<String> problem = Optional.of("no answer yet");
    private Optional<String> zmqProblem = Optional.empty();
    private Optional<String> refusal = Optional.empty(); // why the node would refuse our blocks
    private Optional<String> chain = Optional.empty();
    private NodeException hopeless;

    /** @param nanos when it came, by the monotonic clock */
    private record Held(TemplateReply reply, long nanos, Instant at) {}

    /**
     * @param node {@code http://HOST:PORT} or https, without user and password
     * @param zmq where the node publishes {@code hashblock}
     * @param refresh how often a template is asked for without a change of the tip
     * @param timeout of an ordinary request
     * @param longestBackOff between two attempts to reach a node that is away
     */
    public record Config(
            URI node,
            NodeCredentials credentials,
            Payouts payouts,
            Optional<InetSocketAddress> zmq,
            Duration refresh,
            Duration timeout,
            Duration longestBackOff) {
        public Config {
            if (!("http".equals(node.getScheme()) || "https".equals(node.getScheme()))
                    || node.getHost() == null
                    || node.getUserInfo() != null)
                // the address is not repeated: it may hold a password
                throw new IllegalArgumentException(
                        "the node's address: accepted is http://HOST:PORT or https, without" + " user and password");
            if (!refresh.isPositive() || !timeout.isPositive() || longestBackOff.compareTo(FIRST_BACK_OFF) < 0)
                throw new IllegalArgumentException("refresh " + refresh + ", timeout " + timeout + ", longest back-off "
                        + longestBackOff + ": accepted is more than 0, and a back-off of " + FIRST_BACK_OFF
                        + " or more");
        }

        public static Config of(URI node, NodeCredentials credentials, Payouts payouts) {
            return new Config(
                    node,
                    credentials,
                    payouts,
                    Optional.empty(),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(5));
        }

        public Config withZmq(InetSocketAddress publisher) {
            return new Config(node, credentials, payouts, Optional.of(publisher), refresh, timeout, longestBackOff);
        }
    }

    private NodeTemplates(Config config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.rpc = new NodeRpc(config.node(), config.credentials(), config.timeout());
        this.zmq = config.zmq()
                .map(publisher -> new ZmqSubscriber(publisher, "hashblock", this::notified, this::zmqProblem));
    }

    /** Starts to ask the node, and returns at once: {@link #awaitTemplate} tells when there is something to mine. */
    public static NodeTemplates start(Config config, InstantSource clock) {
        var templates = new NodeTemplates(config, clock);
        Thread.ofVirtual().name("node-poll").start(templates::poll);
        Thread.ofVirtual().name("node-long-poll").start(templates::longPoll);
        return templates;
    }

    /**
     * Waits for the first template.
     *
     * @return whether there is one
     * @throws NodeException if waiting is no use: wrong credentials, an address of another chain, a share that is dust
     */
    public boolean awaitTemplate(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while (true) {
                if (hopeless != null) throw new NodeException(hopeless.kind(), hopeless.getMessage(), hopeless);
                if (held != null) return true;
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0 || closing.getCount() == 0) return false;
                lock.wait(left);
            }
        }
    }

    /** The newest, its time brought up to now. */
    @Override
    public Template current() {
        Held newest;
        synchronized (lock) {
            newest = held;
        }
        if (newest == null) throw new NodeException(Kind.UNREACHABLE, "there is no template yet");
        var t = newest.reply().template();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - newest.nanos());
        long maximum = t.maximumTime() + seconds; // the node's clock goes on as well
        return new Template(
                t.height(),
                t.version(),
                t.previous(),
                t.bits(),
                Math.min(t.time() + seconds, maximum),
                t.minimumTime(),
                maximum,
                t.outputs(),
                t.fees(),
                t.witnessCommitment(),
                t.transactions());
    }

    @Override
    public AutoCloseable onChange(Consumer<Template> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public NodeStatus status() {
        synchronized (lock) {
            return new NodeStatus(
                    connected,
                    problem.or(() -> refusal).or(() -> zmqProblem),
                    chain,
                    held == null ? 0 : held.reply().template().height(),
                    Optional.ofNullable(held).map(Held::at),
                    templates,
                    tipChanges,
                    notifications.get());
        }
    }

    /**
     * Hands the block over, again and again until the node has answered it.
     *
     * <p>{@code duplicate} counts as accepted. A block that the node keeps, but not in its best chain, is refused as
     * {@code inconclusive}: another one came first, and only a reorganisation could bring it back.
     *
     * @throws NodeException if this is closed before
     */
    @Override
    public BlockVerdict submit(byte[] block) {
        var hash = Hex.display(Sha256d.hash(Arrays.copyOf(block, BlockHeader.SIZE)));
        var params = "[\"" + Hex.encode(block) + "\"]";
        var pause = FIRST_BACK_OFF;
        while (true) {
            try {
                var verdict = verdict(params, hash, block);
                wanted.release();
                return verdict;
            } catch (NodeException e) {
                if (closing.getCount() > 0)
                    LOG.log(Level.WARNING, "block {0} is not delivered yet: {1}", hash, e.getMessage());
            }
            if (closedWithin(pause))
                throw new NodeException(Kind.UNREACHABLE, "block " + hash + ": closed before the node had answered");
            pause = longer(pause);
        }
    }

    private BlockVerdict verdict(String params, String hash, byte[] block) {
        String reason;
        try {
            var result = rpc.call("submitblock", params, config.timeout());
            reason = result.isNull() ? "" : Json.clean(result.isTextual() ? result.textValue() : result.toString());
        } catch (NodeException e) {
            if (e.code() != DECODING_FAILED) throw e;
            return new BlockVerdict.Refused(e.getMessage());
        }
        if (reason.startsWith(BCOIN_REJECTED)) reason = reason.substring(BCOIN_REJECTED.length());
        return switch (reason) {
            // bcoin takes blocks of side branches without a word: so the place is looked at
            case "", "duplicate", "inconclusive", "duplicate-inconclusive" ->
                switch (standing(hash)) {
                    case BlockStanding.InChain(int height, int _) -> new BlockVerdict.Accepted(height, hash);
                    case BlockStanding.Aside _ -> new BlockVerdict.Refused("inconclusive");
                    case BlockStanding.Unknown _ ->
                        reason.isEmpty() || reason.equals("duplicate")
                                ? new BlockVerdict.Accepted(Coinbase.height(block), hash)
                                : new BlockVerdict.Refused(reason);
                };
            default -> new BlockVerdict.Refused(reason);
        };
    }

    /**
     * Where a block stands now.
     *
     * @param hash display order
     * @throws NodeException if the node cannot be asked
     */
    public BlockStanding standing(String hash) {
        int height;
        int confirmations;
        try {
            var header = rpc.call("getblockheader", "[\"" + hash + "\"]", config.timeout());
            height = header.path("height").asInt();
            confirmations = header.path("confirmations").asInt();
        } catch (NodeException e) {
            if (e.code() == BLOCK_NOT_FOUND
                    || (e.kind() == Kind.ERROR && e.getMessage().contains("not found")))
                return new BlockStanding.Unknown();
            throw e;
        }
        if (confirmations < 0) return new BlockStanding.Aside(height);
        // bcoin gives side branches confirmations too
        try {
            var there = rpc.call("getblockhash", "[" + height + "]", config.timeout());
            if (there.asText().equals(hash)) return new BlockStanding.InChain(height, Math.max(confirmations, 1));
        } catch (NodeException e) {
            if (e.kind() != Kind.ERROR) throw e; // the chain has become shorter than that
        }
        return new BlockStanding.Aside(height);
    }

    private void poll() {
        var pause = FIRST_BACK_OFF;
        boolean checked = false;
        while (closing.getCount() > 0) {
            Duration wait;
            try {
                if (!checked) checkChain();
                fetch();
                if (!checked) checkBlocks();
                checked = true;
                pause = FIRST_BACK_OFF;
                wait = longPollId().isPresent() ? config.refresh() : min(config.refresh(), WITHOUT_LONG_POLL);
            } catch (NodeException e) {
                failed(e);
                checked = false; // it may come back as another node
                wait = pause;
                pause = longer(pause);
            } catch (RuntimeException e) { // a mistake of ours must not be the end of all templates
                LOG.log(Level.ERROR, "asking the node", e);
                failed(new NodeException(Kind.NONSENSE, "asking the node: " + e, e));
                wait = config.longestBackOff();
            }
            try {
                if (wanted.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) wanted.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void checkChain() {
        var info = rpc.call("getblockchaininfo", "[]", config.timeout());
        var name = info.path("chain").asText();
        if (name.isEmpty()) throw new NodeException(Kind.NONSENSE, "getblockchaininfo: an answer without \"chain\"");
        synchronized (lock) {
            chain = Optional.of(Json.clean(name));
        }
        try {
            config.payouts().check(name, 0);
        } catch (IllegalArgumentException e) {
            throw hopeless(new NodeException(Kind.NONSENSE, e.getMessage(), e));
        }
    }

    private NodeException hopeless(NodeException e) {
        synchronized (lock) {
            if (held == null) hopeless = e;
            lock.notifyAll();
        }
        return e;
    }

    /** Of the template in use: by then it is given out, so this can only warn. */
    private void checkBlocks() {
        var reason = propose(current());
        reason.ifPresent(words -> LOG.log(Level.ERROR, words));
        synchronized (lock) {
            refusal = reason;
        }
    }

    private void fetch() {
        long before;
        boolean first;
        synchronized (lock) {
            before = templates;
            first = held == null;
        }
        var reply = ask("", config.timeout());
        if (first)
            propose(reply.template()).ifPresent(reason -> {
                throw new NodeException(Kind.ERROR, reason); // nothing is mined that is worth nothing
            });
        if (!adopt(reply, before)) wanted.release();
    }

    private TemplateReply ask(String more, Duration timeout) {
        var params = "[{\"rules\":[\"segwit\"]" + more + "}]";
        return TemplateReply.parse(rpc.call("getblocktemplate", params, timeout), config.payouts());
    }

    /**
     * @param before how many templates there had been when this one was asked for; if another has come since, it may be
     *     newer than this. -1 takes it in any case
     * @return false if it was not taken
     */
    private boolean adopt(TemplateReply reply, long before) {
        if (reply.dropped() > 0)
            LOG.log(Level.DEBUG, "{0} transactions left out, to make room for the coinbase", reply.dropped());
        boolean changed;
        synchronized (lock) {
            if (held == null) {
                try {
                    var value = reply.template().coinbaseValue();
                    config.payouts().check(chain.orElseThrow(), value);
                } catch (IllegalArgumentException e) {
                    throw hopeless(new NodeException(Kind.NONSENSE, e.getMessage(), e));
                }
            }
            if (before >= 0 && before != templates) return false;
            var last = held;
            held = new Held(reply, System.nanoTime(), clock.instant());
            templates++;
            changed = last != null
                    && (!Arrays.equals(
                                    last.reply().template().previous(),
                                    reply.template().previous())
                            || last.reply().template().bits()
                                    != reply.template().bits());
            if (changed) tipChanges++;
            if (!connected && last != null) LOG.log(Level.INFO, "the node at {0} answers again", config.node());
            connected = true;
            problem = Optional.empty();
            lock.notifyAll();
        }
        longPollWanted.release();
        if (changed) for (var listener : listeners) tell(listener, reply.template());
        return true;
    }

    /** One listener's failure must keep neither the others nor the next template back. */
    private static void tell(Consumer<Template> listener, Template template) {
        try {
            listener.accept(template);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a new tip could not be told", e);
        }
    }

    /**
     * Asks the node whether it would take a block of ours, but for the proof of work (BIP 23).
     *
     * @return its reason why not, or empty
     */
    private Optional<String> propose(Template template) {
        var coinbase = Coinbase.of(template, 0);
        var bytes = MiningJob.concat(
                coinbase.head(), new byte[Coinbase.EXTRANONCE1_SIZE + Coinbase.EXTRANONCE2_SIZE], coinbase.tail());
        var txids = new ArrayList<byte[]>();
        txids.add(Sha256d.hash(bytes));
        for (var transaction : template.transactions()) txids.add(transaction.txid());
        var header = new BlockHeader(
                template.version(), template.previous(), Merkle.root(txids), (int) template.time(), template.bits(), 0);
        var block = Hex.encode(Coinbase.block(header.bytes(), bytes, template));
        var params = "[{\"mode\":\"proposal\",\"rules\":[\"segwit\"],\"data\":\"" + block + "\"}]";
        String answer;
        try {
            var result = rpc.call("getblocktemplate", params, config.timeout());
            answer = result.isTextual() ? Json.clean(result) : "";
        } catch (NodeException e) {
            if (e.kind() != Kind.ERROR) throw e;
            LOG.log(Level.DEBUG, "the node looks at no proposals", e);
            return Optional.empty();
        }
        if (answer.isEmpty() || answer.startsWith("inconclusive")) return Optional.empty(); // the tip has just changed
        return Optional.of("the node would refuse our blocks: " + answer);
    }

    private void longPoll() {
        var pause = FIRST_BACK_OFF;
        while (closing.getCount() > 0) {
            try {
                // only while the other thread finds the node there; it is also the one that says what is wrong
                longPollWanted.acquire();
                longPollWanted.drainPermits();
                for (var id = longPollId(); id.isPresent() && isConnected(); id = longPollId()) {
                    long start = System.nanoTime();
                    adopt(ask(",\"longpollid\":" + Json.quote(id.get()), LONG_POLL), -1);
                    boolean sameId = id.equals(longPollId());
                    // a node that does not hold requests must not be asked in a ring
                    boolean tooFast = System.nanoTime() - start < WITHOUT_LONG_POLL.toNanos();
                    if (sameId && tooFast && closedWithin(WITHOUT_LONG_POLL)) return;
                    pause = FIRST_BACK_OFF;
                }
            } catch (RuntimeException e) {
                LOG.log(e instanceof NodeException ? Level.DEBUG : Level.ERROR, "the held request has ended", e);
                wanted.release();
                if (closedWithin(pause)) return;
                pause = longer(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Optional<String> longPollId() {
        synchronized (lock) {
            return held == null ? Optional.empty() : held.reply().longPollId();
        }
    }

    private boolean isConnected() {
        synchronized (lock) {
            return connected;
        }
    }

    private void failed(NodeException e) {
        if (closing.getCount() == 0) return; // the request was ended by us
        if (e.kind() == Kind.CREDENTIALS && !config.credentials().mayChange()) hopeless(e);
        synchronized (lock) {
            if (connected)
                LOG.log(
                        Level.WARNING,
                        "the node at {0} is lost, the last template is given on: {1}",
                        config.node(),
                        e.getMessage());
            connected = false;
            problem = Optional.of(e.getMessage());
        }
    }

    private void notified() {
        notifications.incrementAndGet();
        wanted.release();
    }

    private void zmqProblem(String words) {
        synchronized (lock) {
            zmqProblem = words.isEmpty() ? Optional.empty() : Optional.of(words);
        }
    }

    private boolean closedWithin(Duration span) {
        try {
            return closing.await(span.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Duration longer(Duration pause) {
        return min(pause.multipliedBy(2), config.longestBackOff());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Blocks that are not delivered yet stay so. */
    @Override
    public void close() {
        closing.countDown();
        wanted.release();
        longPollWanted.release();
        zmq.ifPresent(ZmqSubscriber::close);
        rpc.close();
        synchronized (lock) {
            lock.notifyAll();
        }
    }
}
