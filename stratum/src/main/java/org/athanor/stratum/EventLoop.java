package org.athanor.stratum;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One thread that serves many connections, and waits for none of them. It goes round: read what has come, judge the
 * shares in it, hand all of them to the sink at once, and only then write the replies. So a share costs its part of a
 * system call where it would cost several, and none is answered before it is recorded.
 */
final class EventLoop implements Runnable {
    private static final long TICK_NANOS = 1_000_000_000;

    /** Shares after which the sink is called though more input waits: bounds memory and the wait for a reply. */
    private static final int MOST_SHARES = 2048;

    /** Some 128 kB each at the worst. */
    private static final int MOST_CHOKED = 256;

    private final StratumServer server;
    private final Selector selector;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean stopping;

    // of this thread
    private final Set<ServerConnection> connections = new LinkedHashSet<>();
    private List<ServerConnection> dirty = new ArrayList<>();
    private List<ServerConnection> flushing = new ArrayList<>();
    private List<JudgedShare> judged = new ArrayList<>();
    private List<JudgedShare> telling = new ArrayList<>();
    private final List<ShareEvent> events = new ArrayList<>();
    private int choked;
    private long nextTick = System.nanoTime() + TICK_NANOS;

    final byte[] inputBytes;
    final ByteBuffer input; // over these
    final OutBytes.Spare spare = new OutBytes.Spare();
    final ShareFilter.Spare spareFilters = new ShareFilter.Spare();
    final HeaderHasher hasher = new HeaderHasher();
    final SubmitLine submitLine = new SubmitLine();

    EventLoop(StratumServer server, int number) throws IOException {
        this.server = server;
        selector = Selector.open();
        inputBytes = new byte[Math.max(64 * 1024, 4 * server.config().maximumLine())];
        input = ByteBuffer.wrap(inputBytes);
        thread = Thread.ofPlatform().daemon().name("stratum-loop-" + number).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** On the loop's thread, soon; never after it has stopped. */
    void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) selector.wakeup();
    }

    /** Runs the task on the loop's thread and waits for its end. */
    void call(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
            return;
        }
        var done = new CompletableFuture<Void>();
        execute(() -> {
            try {
                task.run();
            } finally {
                done.complete(null);
            }
        });
        if (!stopping) done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Ends when all that was handed over before is done. */
    void stop() throws InterruptedException {
        stopping = true;
        woken.set(true);
        selector.wakeup();
        thread.join(5_000);
    }

    Selector selector() {
        return selector;
    }

    void add(ServerConnection connection) {
        connections.add(connection);
    }

    void remove(ServerConnection connection) {
        connections.remove(connection);
    }

    void giveWork() {
        for (var connection : List.copyOf(connections)) connection.safely(connection::giveWork);
    }

    void closeAll() {
        for (var connection : List.copyOf(connections)) connection.close();
    }

    void tick() {
        for (var connection : List.copyOf(connections)) connection.safely(connection::tick);
    }

    /** Whether one more connection may wait with what it said unheard: each holds memory. */
    boolean mayChoke() {
        if (choked >= MOST_CHOKED) return false;
        choked++;
        return true;
    }

    void unchoked() {
        choked--;
    }

    /** Has something to write. */
    void dirty(ServerConnection connection) {
        dirty.add(connection);
    }

    void judged(JudgedShare share) {
        judged.add(share);
        if (judged.size() >= MOST_SHARES) commit();
    }

    @Override
    public void run() {
        try (selector) {
            while (!stopping || !tasks.isEmpty()) turn();
        } catch (IOException e) {
            StratumServer.LOG.log(Level.ERROR, "an event loop ends, and its connections with it", e);
            closeAll();
        }
    }

    private void turn() throws IOException {
        long wait = Math.max(1, (nextTick - System.nanoTime()) / 1_000_000);
        if (stopping || !tasks.isEmpty()) selector.selectNow(EventLoop::ready);
        else selector.select(EventLoop::ready, wait);
        woken.set(false);
        for (var task = tasks.poll(); task != null; task = tasks.poll()) run(task);
        if (System.nanoTime() >= nextTick) {
            nextTick = System.nanoTime() + TICK_NANOS;
            tick();
        }
        finish();
    }

    private static void ready(SelectionKey key) {
        ((ServerConnection) key.attachment()).ready();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            StratumServer.LOG.log(Level.ERROR, "a task of the server's loop", e); // one task must not end the loop
        }
    }

    private void finish() {
        while (!judged.isEmpty() || !dirty.isEmpty()) {
            commit();
            var now = dirty;
            dirty = flushing;
            flushing = now;
            for (var connection : now) connection.safely(connection::flush);
            now.clear();
        }
    }

    /** Hands the judged shares to the sink, then tells their miners. */
    void commit() {
        if (judged.isEmpty()) return;
        var now = judged;
        judged = telling;
        telling = now;
        for (var share : now) events.add(share.event());
        var failures = new IdentityHashMap<ShareEvent, RuntimeException>(0);
        try {
            server.sink().shares(events, failures::put);
        } catch (RuntimeException e) {
            for (var event : events) failures.put(event, e);
        }
        events.clear();
        for (var share : now) {
            var failure = failures.get(share.event());
            if (failure == null) share.connection().recorded(share);
            else share.connection().notRecorded(share, failure);
        }
        now.clear();
    }
}
