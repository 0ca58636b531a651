package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;

/** Moves the world on by one whole control step before each control cycle, so that no step is ever skipped. */
final class DemoTicker implements Ticker {
    private static final long LONGEST_STEP_SECONDS = 60;
    private static final long SHORTEST_STEP_SECONDS = 2;

    private final Pace pace;
    private final Duration step;
    private final InstantSource clock;
    private final Instant start;
    private final Consumer<Duration> world;
    private volatile boolean ended;

    /** @param world is moved on by the given time */
    DemoTicker(Pace pace, double speed, InstantSource clock, Instant start, Consumer<Duration> world) {
        this.pace = pace;
        this.clock = clock;
        this.start = start;
        this.world = world;
        step = stepAt(speed);
    }

    /** A minute, as in a living room; less at low speeds, so that a changed setpoint shows within a second or two. */
    static Duration stepAt(double speed) {
        return Duration.ofSeconds(Math.clamp(Math.round(speed), SHORTEST_STEP_SECONDS, LONGEST_STEP_SECONDS));
    }

    @Override
    public Tick next() throws InterruptedException {
        pace.await(step);
        if (ended) throw new InterruptedException("the demo ends");
        world.accept(step);
        return new Tick(
                clock.instant(), Duration.between(start, clock.instant()).toNanos());
    }

    /** No further cycle begins; one under way is finished. */
    void end() {
        ended = true;
        pace.wake();
    }
}
