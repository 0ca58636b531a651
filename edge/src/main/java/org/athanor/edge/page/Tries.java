package org.athanor.edge.page;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A few wrong guesses, then a pause: ten thousand codes are not tried in an afternoon. Safe for use by several threads. */
final class Tries {
    static final int MOST = 5;
    static final Duration PAUSE = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private int wrong;
    private long pausedAt;

    /** @param nanoTime as {@link System#nanoTime} counts it */
    Tries(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized boolean allowed() {
        if (wrong < MOST) return true;
        if (nanoTime.getAsLong() - pausedAt < PAUSE.toNanos()) return false;
        wrong = 0;
        return true;
    }

    synchronized void wrong() {
        if (++wrong == MOST) pausedAt = nanoTime.getAsLong();
    }

    synchronized void right() {
        wrong = 0;
    }
}
