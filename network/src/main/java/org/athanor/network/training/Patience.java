package org.athanor.network.training;

import java.io.IOException;
import java.time.Duration;

/**
 * How long a transfer may take: who sends or reads slower than a least rate is cut off, so that nobody holds a connection, its
 * thread and its memory for ever with a byte a minute.
 *
 * @param grace     that every transfer has
 * @param leastRate bytes a second on top of it
 */
record Patience(Duration grace, long leastRate) {
    /** A home's line has more than that even when it is shared by many. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(30), 2048);

    /** Something that blocks on a connection, and that an interruption ends. */
    interface Transfer<T> {
        T run() throws IOException;
    }

    /**
     * Runs a transfer on this thread.
     *
     * @param bytes that it moves at most
     * @throws IOException when it failed, or took too long; then its connection is closed
     */
    <T> T within(long bytes, Transfer<T> transfer) throws IOException {
        var watch = watch(bytes);
        try (watch) {
            return transfer.run();
        } catch (IOException failed) {
            throw watch.reached() ? new IOException("slower than " + leastRate + " bytes a second", failed) : failed;
        }
    }

    /**
     * Gives this thread so long from now on; {@link Watch#close} says that it was in time.
     *
     * @param bytes that it moves at most
     */
    Watch watch(long bytes) {
        var watch = new Watch(Thread.currentThread());
        var limit = grace.plusSeconds(bytes / leastRate);
        watch.watcher = Thread.ofVirtual().name("patience").start(() -> watch.after(limit));
        return watch;
    }

    /** Interrupts a thread once if it is not over in time: a channel that blocks is closed by it. */
    static final class Watch implements AutoCloseable {
        private final Thread thread;
        private Thread watcher;
        private boolean over;
        private boolean reached;

        private Watch(Thread thread) {
            this.thread = thread;
        }

        private void after(Duration limit) {
            try {
                Thread.sleep(limit);
            } catch (InterruptedException _) {
                return; // it was over before
            }
            synchronized (this) {
                if (!over) {
                    reached = true;
                    thread.interrupt();
                }
            }
        }

        synchronized boolean reached() {
            return reached;
        }

        /** On the thread that is watched, as often as one likes. */
        @Override
        public void close() {
            synchronized (this) {
                if (!over && reached) {
                    Thread.interrupted(); // it was for the transfer alone
                }
                over = true;
            }
            watcher.interrupt();
        }
    }
}
