package org.athanor.network.training;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Begins with this computer's time and goes on evenly, whatever its clock is set to then: a deadline neither comes early nor stays
 * away because a small computer has heard what time it is.
 */
public final class SteadyClock implements InstantSource {
    private final Instant began;
    private final long nanos = System.nanoTime();

    /** @param clock with whose time it begins */
    public SteadyClock(InstantSource clock) {
        began = clock.instant();
    }

    @Override
    public Instant instant() {
        return began.plusNanos(System.nanoTime() - nanos);
    }
}
