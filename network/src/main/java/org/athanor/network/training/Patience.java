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
        var end = new End(Thread.currentThread());
        var limit = grace.plusSeconds(bytes / leastRate);
        var watch = Thread.ofVirtual().name("patience").start(() -> end.after(limit));
        try {
            return transfer.run();
        } catch (IOException failed) {
            throw end.reached() ? new IOException("slower than " + leastRate + " bytes a second", failed) : failed;
        } finally {
            end.over();
            watch.interrupt();
        }
    }

    /** Interrupts a thread once if it is not over in time: a channel that blocks is closed by it. */
    private static final class End {
        private final Thread thread;
        private boolean over;
        private boolean reached;

        End(Thread thread) {
            this.thread = thread;
        }

        void after(Duration limit) {
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

        synchronized void over() {
            over = true;
            if (reached) {
                Thread.interrupted(); // it was for the transfer alone
            }
        }
    }
}
