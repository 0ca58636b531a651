package org.athanor.edge;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One cycle a control step of real time, the first at once; a late cycle delays those after it, none is made up for. */
public final class RealTimeTicker implements Ticker {
    private final InstantSource clock;
    private final Duration step;
    private final Semaphore hurried = new Semaphore(0);
    private boolean started;

    public RealTimeTicker(InstantSource clock, Duration step) {
        if (!step.isPositive()) throw new IllegalArgumentException("control step " + step + " (above 0)");
        this.clock = clock;
        this.step = step;
    }

    @Override
    public Tick next() throws InterruptedException {
        if (started && hurried.tryAcquire(step.toNanos(), TimeUnit.NANOSECONDS)) hurried.drainPermits();
        started = true;
        return new Tick(clock.instant(), System.nanoTime());
    }

    @Override
    public void hurry() {
        hurried.release();
    }
}
