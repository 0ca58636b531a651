package org.athanor.edge.mining;

/**
 * Rate of a counter, averaged with exponentially fading weights over some ten seconds. For one thread at a time.
 */
final class MovingRate {
    private static final double SECONDS = 10;

    private long lastNanos;
    private long lastCount;
    private double average;
    /** Weight of all that was seen so far, so that the first seconds are not averaged with an invented zero. */
    private double seen;

    MovingRate(long nanos, long count) {
        restart(nanos, count);
    }

    void restart(long nanos, long count) {
        lastNanos = nanos;
        lastCount = count;
        average = 0;
        seen = 0;
    }

    /** @return counts per second; 0 before time has passed */
    double at(long nanos, long count) {
        var seconds = (nanos - lastNanos) / 1e9;
        if (seconds > 0) {
            var fresh = -Math.expm1(-seconds / SECONDS);
            average += fresh * ((count - lastCount) / seconds - average);
            seen += fresh * (1 - seen);
            lastNanos = nanos;
            lastCount = count;
        }
        return seen == 0 ? 0 : average / seen;
    }
}
