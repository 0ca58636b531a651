package org.athanor.cli;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Holds virtual time back to at most {@code speed} virtual seconds per wall second; it never skips to catch up. */
final class Pace {
    /** A pause (a suspended process, a slow cycle) is not made up for beyond this. */
    private static final long MOST_BEHIND_NANOS = 250_000_000;

    private final double speed;
    private final LongSupplier wallNanos;
    private final Semaphore woken = new Semaphore(0);
    private final long start;
    private long due;
    private long virtualNanos;

    Pace(double speed, LongSupplier wallNanos) {
        this.speed = speed;
        this.wallNanos = wallNanos;
        start = wallNanos.getAsLong();
        due = start;
    }

    /** Waits until {@code step} more of virtual time may begin, or {@link #wake} is called. */
    void await(Duration step) throws InterruptedException {
        long wait = due - wallNanos.getAsLong();
        if (wait > 0 && woken.tryAcquire(wait, TimeUnit.NANOSECONDS)) woken.drainPermits();
        due = Math.max(due, wallNanos.getAsLong() - MOST_BEHIND_NANOS) + Math.round(step.toNanos() / speed);
        virtualNanos += step.toNanos();
    }

    /** Ends a wait at once. */
    void wake() {
        woken.release();
    }

    /** Virtual seconds per wall second reached so far. */
    double reached() {
        long wall = wallNanos.getAsLong() - start;
        return wall <= 0 ? 0 : (double) virtualNanos / wall;
    }
}
