package org.athanor.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time of the simulated world: it moves when the world moves it, never by itself. Readable from any thread. */
public final class VirtualClock implements InstantSource {
    private volatile Instant now;

    public VirtualClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * One thread advances the clock, any may read it.
     *
     * @throws IllegalArgumentException if {@code step} is negative
     */
    public synchronized void advance(Duration step) {
        if (step.isNegative()) throw new IllegalArgumentException("virtual time cannot run back by " + step);
        now = now.plus(step);
    }
}
