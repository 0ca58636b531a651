package org.athanor.network;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weighting;
import org.athanor.stratum.BlockFate;
import org.athanor.stratum.BlockValue;
import org.athanor.stratum.BlockVerdict;
import org.athanor.stratum.ForwardEvent;
import org.athanor.stratum.ForwardOutcome;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareSink;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.StratumServer;
import org.athanor.stratum.Template;
import org.athanor.stratum.TemplateSource;
import org.athanor.stratum.UpstreamPool;

/**
 * A Stratum V1 server with books: every verdict goes into the {@link ShareLog} before the miner hears of it, and
 * {@link #settle} turns each user's work since the last settlement into a credit line, paid per share.
 */
public final class Pool implements AutoCloseable {
    private static final int HEADER_BYTES = 80;
    private static final int NOTES = 20;
    /** With an upstream that has not answered every share when the pool ends. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Consumer<CreditLine> credits;
    private final ShareLog log;
    private final Rate rate;
    /** Guards the log, the accounts and what follows from them. A share waits for no disk while it holds this. */
    private final ReentrantLock books = new ReentrantLock();

    /** Credit lines go out in the order of their intervals. */
    private final ReentrantLock settling = new ReentrantLock();

    private final AtomicLong settlements = new AtomicLong();
    private final AtomicLong settleNanos = new AtomicLong();
    private final List<String> notes = new ArrayList<>();
    private final StratumServer server;
    private final WorkOrigin origin;
    private final AutoCloseable changes;
    private final Map<String, RecentHashrate> rates = new HashMap<>();
    private final RecentHashrate totalRate = new RecentHashrate();

    /** Of the upstream, as the log knows it. */
    private long session;

    /** The newest in the log, of this run; null before. */
    private LogRecord.Template template;

    /** Blocks whose answer was logged when {@link #heard}, before it was back here. */
    private final Set<String> answered = new HashSet<>();

    private Target network;
    /** 64 hex digits, as a hash is written: so comparing the texts compares the numbers. */
    private String networkTarget;

    /**
     * Opens the log and starts to listen.
     *
     * @param credits is given each credit line of a settled interval
     * @throws ShareLogException if the log is in use, damaged or does not add up
     * @throws org.athanor.stratum.StratumException if the address cannot be listened on
     */
    public static Pool start(
            PoolConfig config, TemplateSource templates, Consumer<CreditLine> credits, InstantSource clock) {
        return start(config, new WorkOrigin.Chain(templates), credits, clock);
    }

    /**
     * The same for a proxy, whose miners work for other pools. Closing it leaves the connection to them open.
     *
     * @throws org.athanor.stratum.StratumException also if there is no work from upstream
     */
    public static Pool start(
            PoolConfig config, UpstreamPool upstream, Consumer<CreditLine> credits, InstantSource clock) {
        return start(config, new WorkOrigin.Upstream(upstream), credits, clock);
    }

    private static Pool start(PoolConfig config, WorkOrigin origin, Consumer<CreditLine> credits, InstantSource clock) {
        var log = ShareLog.open(config.logFolder());
        try {
            return new Pool(config, origin, credits, clock, log);
        } catch (RuntimeException e) {
            try {
                log.close();
            } catch (ShareLogException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private Pool(
            PoolConfig config, WorkOrigin origin, Consumer<CreditLine> credits, InstantSource clock, ShareLog log) {
        this.origin = logged(origin);
        this.clock = clock;
        this.credits = credits;
        this.log = log;
        rate = config.scenario().rate();
        log.torn().ifPresent(torn -> notes.add(log.file() + ": " + torn + "; it was cut off"));
        setNetwork(origin.network());
        log.append(new LogRecord.Header(
                clock.instant(),
                network.value(),
                rate,
                describe(config.scenario()),
                Optional.of(new PoolFee(config.scenario().poolFee()))));
        changes = origin.onChange(this::changed); // first, so that the log knows of a change before its shares
        try {
            changed();
            log.sync();
            server = this.origin.serve(config.server(), new Books());
        } catch (RuntimeException e) {
            endChanges();
            throw e;
        }
    }

    private WorkOrigin logged(WorkOrigin from) {
        return switch (from) {
            case WorkOrigin.Chain(var templates) -> new WorkOrigin.Chain(new LoggedTemplates(templates));
            case WorkOrigin.Upstream upstream -> upstream;
        };
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * Gives every client a job with the present time, without making the older ones stale. A proxy does nothing: the
     * upstream sends jobs often enough, and the same work once more would let miners begin it again.
     */
    public void refresh() {
        if (origin.upstream().isEmpty()) server.refresh();
    }

    /**
     * Closes the open interval between two shares, writes it into the log, and issues a line for each user that has a
     * weighting. Every accepted share is in exactly one interval.
     *
     * @param weightings is asked once for every user who ever had a share accepted, while no share can come in between:
     *     it must be quick and must not wait for the pool. Null for a user without shares in the interval means that
     *     there is no line
     * @return the lines, which the consumer of credits has been given already
     * @throws IllegalArgumentException if a user with shares is given no weighting; then the interval stays open
     * @throws ShareLogException if the interval cannot be written; then it stays open
     */
    public List<CreditLine> settle(Function<String, Weighting> weightings) {
        settling.lock();
        try {
            var start = System.nanoTime();
            LogRecord.Interval interval;
            books.lock();
            try {
                interval = log.accounts().close(clock.instant(), weightings);
                log.append(interval);
            } finally {
                books.unlock();
            }
            log.sync(); // a promise of money is on the disk before anybody hears of it
            settleNanos.addAndGet(System.nanoTime() - start);
            settlements.incrementAndGet();
            issue(interval.lines());
            return interval.lines();
        } finally {
            settling.unlock();
        }
    }

    /** One consumer's failure must not keep the other users' lines back. */
    private void issue(List<CreditLine> lines) {
        RuntimeException failure = null;
        for (var line : lines) {
            try {
                credits.accept(line);
            } catch (RuntimeException e) {
                if (failure == null) failure = e;
                else failure.addSuppressed(e);
            }
        }
        if (failure != null) throw failure;
    }

    /** Intervals settled since the start. */
    long settlements() {
        return settlements.get();
    }

    /** Time that they took together, their sync to disk included. */
    long settleNanos() {
        return settleNanos.get();
    }

    public PoolStatus status() {
        var clients = server.clients();
        var upstream = origin.upstream();
        books.lock();
        try {
            var accounts = log.accounts();
            var users = accounts.status();
            return new PoolStatus(
                    users,
                    Accounts.total(users),
                    accounts.blocksFound(),
                    accounts.blocksTaken(),
                    accounts.blocksRefused(),
                    accounts.expectedBlocks(),
                    BlockLuck.of(accounts.blocksFound(), accounts.expectedBlocks()),
                    accounts.intervals(),
                    accounts.openSince(),
                    rate,
                    clients,
                    measured(System.nanoTime()),
                    totalRate.at(System.nanoTime()),
                    upstream,
                    List.copyOf(notes));
        } finally {
            books.unlock();
        }
    }

    private Map<String, MeasuredHashrate> measured(long now) {
        Map<String, MeasuredHashrate> measured = new HashMap<>();
        rates.values().removeIf(recent -> recent.forgotten(now));
        rates.forEach((user, recent) -> measured.put(user, recent.at(now)));
        return measured;
    }

    /** Stops listening and closes the log. The open interval stays open: a pool started later on this log settles it. */
    @Override
    public void close() {
        try (log) {
            try (server) {
                endChanges();
            }
            origin.awaitOutcomes(PATIENCE);
        }
    }

    private void endChanges() {
        try {
            changes.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the source of work does not let go of the pool", e);
        }
    }

    /** Writes what came together at once. */
    private final class Books implements ShareSink {
        @Override
        public void share(ShareEvent event) {
            shares(List.of(event), (_, failure) -> {
                throw failure;
            });
        }

        @Override
        public void shares(List<ShareEvent> events, BiConsumer<ShareEvent, RuntimeException> failed) {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var records = new ArrayList<LogRecord>(events.size());
            var recorded = new ArrayList<ShareEvent>(events.size());
            books.lock();
            try {
                for (var event : events)
                    try {
                        records.add(record(event, now));
                        recorded.add(event);
                    } catch (RuntimeException e) {
                        failed.accept(event, e);
                    }
                try {
                    log.append(records);
                    measure(records);
                } catch (ShareLogException e) {
                    for (var event : recorded) failed.accept(event, e);
                } finally {
                    log.accounts().appended();
                }
            } finally {
                books.unlock();
            }
        }

        @Override
        public void forwarded(ForwardEvent event) {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var outcome = switch (event.outcome()) {
                case ForwardOutcome.Accepted() -> new LogRecord.Outcome.Accepted();
                case ForwardOutcome.Rejected(var reason, var detail) -> new LogRecord.Outcome.Rejected(reason, detail);
                case ForwardOutcome.Lost _ -> new LogRecord.Outcome.Lost();
            };
            var target = event.target().value();
            books.lock();
            try {
                log.append(new LogRecord.Forward(event.user(), event.hash(), event.upstream(), target, now, outcome));
            } finally {
                books.unlock();
            }
        }

        private void measure(List<LogRecord> records) {
            long now = System.nanoTime();
            for (var entry : records)
                if (entry instanceof LogRecord.Share share) {
                    double hashes = share.work().toDouble();
                    rates.computeIfAbsent(share.user(), _ -> new RecentHashrate())
                            .add(hashes, now);
                    totalRate.add(hashes, now);
                }
        }

        private LogRecord record(ShareEvent event, Instant now) {
            var accounts = log.accounts();
            return switch (event.verdict()) {
                case ShareVerdict.Accepted accepted ->
                    new LogRecord.Share(
                            event.user(),
                            accounts.nextSequence(event.user()),
                            event.hash(),
                            event.target().value(),
                            accepted.work(),
                            event.hash().compareTo(networkTarget) <= 0,
                            now);
                case ShareVerdict.Rejected rejected -> {
                    var name = accounts.nameForReject(event.user(), rejected.reason());
                    accounts.account(name); // while it can still be refused
                    yield new LogRecord.Reject(name, rejected.reason());
                }
            };
        }
    }

    /** The newest is asked for inside the lock: of two changes at once, the last to enter sees the newer. */
    private void changed() {
        books.lock();
        try {
            var now = origin.template();
            if (now.isPresent()) mining(now.get());
            else mining(origin.network());
            var upstream = origin.upstream();
            if (upstream.isPresent() && upstream.get().session() != session) {
                log.append(new LogRecord.Upstream(
                        upstream.get().upstream(), clock.instant().truncatedTo(ChronoUnit.MICROS)));
                session = upstream.get().session();
            }
        } finally {
            books.unlock();
        }
    }

    private void mining(Template on) {
        var record = new LogRecord.Template(
                on.height(), on.network().value(), on.coinbaseValue(), on.coinbaseValue() - on.fees());
        if (record.equals(template)) return;
        log.append(record);
        template = record;
        setNetwork(on.network());
    }

    private void mining(Target now) {
        if (now.equals(network)) return;
        log.append(new LogRecord.Network(now.value()));
        setNetwork(now);
    }

    private void setNetwork(Target target) {
        network = target;
        networkTarget = target.toString();
    }

    private static String describe(MiningScenario scenario) {
        return String.format(
                Locale.ROOT,
                "%s (%s): difficulty %s, subsidy %s, fees %s, bitcoin at %s %s, pool fee %s",
                scenario.name(),
                scenario.date(),
                scenario.difficulty().toPlainString(),
                scenario.subsidy(),
                scenario.fees(),
                scenario.bitcoinPrice().toPlainString(),
                scenario.currency(),
                scenario.poolFee().toPlainString());
    }

    private static LogRecord answer(String hash, BlockVerdict verdict, OptionalLong coinbaseSats) {
        return switch (verdict) {
            case BlockVerdict.Accepted(int height, var _) ->
                new LogRecord.Block(height, hash, coinbaseSats, Optional.empty());
            case BlockVerdict.Refused(var reason) -> new LogRecord.Refused(hash, reason);
        };
    }

    /**
     * Logs what became of a found block, from a source that tells it apart from the answer.
     *
     * @throws ShareLogException if it cannot be logged: it must be told again
     */
    public void heard(BlockFate fate) {
        books.lock();
        try {
            switch (fate) {
                case BlockFate.Delivered(var hash, var verdict, var coinbaseSats, var again) -> {
                    log.append(answer(hash, verdict, coinbaseSats));
                    if (!again) answered.add(hash);
                }
                case BlockFate.Orphaned(var hash, int height) -> log.append(new LogRecord.Orphan(height, hash));
                case BlockFate.Returned(var hash, int height) -> log.append(new LogRecord.Block(height, hash));
                case BlockFate.Matured _ -> {} // it was logged when the chain took it
            }
        } finally {
            books.unlock();
        }
        log.sync();
    }

    /** The same templates; what the chain says to a block is logged on its way back. */
    private final class LoggedTemplates implements TemplateSource {
        private final TemplateSource templates;

        LoggedTemplates(TemplateSource templates) {
            this.templates = templates;
        }

        @Override
        public Template current() {
            return templates.current();
        }

        @Override
        public AutoCloseable onChange(Consumer<Template> listener) {
            return templates.onChange(listener);
        }

        @Override
        public BlockVerdict submit(byte[] block) {
            var verdict = templates.submit(block);
            var hash = Hex.display(Sha256d.hash(Arrays.copyOf(block, HEADER_BYTES)));
            var entry = answer(hash, verdict, BlockValue.ofCoinbase(block));
            books.lock();
            try {
                if (!answered.remove(hash)) log.append(entry);
            } catch (ShareLogException e) {
                // the chain has it: a log that cannot be written must not turn a block into none
                if (notes.size() < NOTES) notes.add("block " + entry + " is not in the log: " + e.getMessage());
            } finally {
                books.unlock();
            }
            return verdict;
        }
    }
}
