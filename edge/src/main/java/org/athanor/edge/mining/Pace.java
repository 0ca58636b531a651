package org.athanor.edge.mining;

/** Spreads one thread's hashes evenly over time. Time is passed in. */
final class Pace {
    private static final long SLOT_NANOS = 5_000_000;
    /** What a thread that did not get its turn may catch up; more would be a burst of heat and shares. */
    private static final long CATCH_UP_NANOS = 1_000_000_000;

    private long due;

    void restart(long nanos) {
        due = nanos;
    }

    /** Hashes of one slot at a rate, at least one. */
    static int batch(double hashesPerSecond) {
        return (int) Math.clamp(hashesPerSecond * SLOT_NANOS / 1e9, 1, 1 << 22);
    }

    /** @return nanoseconds to wait after {@code hashes} were tried, 0 when late */
    long waitAfter(long hashes, double hashesPerSecond, long nanos) {
        due = Math.max(due, nanos - CATCH_UP_NANOS) + (long) (hashes * 1e9 / hashesPerSecond);
        return remaining(nanos);
    }

    long remaining(long nanos) {
        return Math.max(0, due - nanos);
    }
}
