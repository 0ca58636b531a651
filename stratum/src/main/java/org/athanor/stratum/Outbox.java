package org.athanor.stratum;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines waiting to be written to one peer, a bounded number, so that a peer that reads slowly holds up nobody but
 * itself. {@link #run} is the one thread that writes; it takes all that waits at once.
 */
final class Outbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final OutputStream out;
    private final int limit;
    private boolean closed;

    Outbox(OutputStream out, int limit) {
        this.out = out;
        this.limit = limit;
    }

    /** Never waits. @return false if the box is full or closed */
    boolean push(String line) {
        lock.lock();
        try {
            if (closed || lines.size() >= limit) return false;
            lines.add(line);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the box is less than half full, so that a peer which asks faster than it reads is slowed down, and
     * room is left for what is pushed.
     *
     * @return false if it stays so for {@code patience}, or the box is closed
     */
    boolean offer(String line, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (!closed && lines.size() >= (limit + 1) / 2) {
                if (nanos <= 0) return false;
                nanos = changed.awaitNanos(nanos);
            }
            return push(line);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            lines.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writes until closed. */
    void run() throws IOException, InterruptedException {
        var batch = new ByteArrayOutputStream();
        while (take(batch)) {
            batch.writeTo(out);
            out.flush();
            batch.reset();
        }
    }

    private boolean take(ByteArrayOutputStream batch) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && lines.isEmpty()) changed.await();
            if (closed) return false;
            for (var line : lines) {
                batch.writeBytes(line.getBytes(StandardCharsets.UTF_8));
                batch.write('\n');
            }
            lines.clear();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
