package org.athanor.cli.heater;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.edge.Tick;
import org.athanor.edge.Ticker;

/** Moves a simulated home on by a minute before each cycle, as fast as cycles come. */
class WorldTicker implements Ticker, InstantSource {
    private final SimulatedHome world;
    private final Instant start;
    private final AtomicLong seconds = new AtomicLong();

    WorldTicker(SimulatedHome world, Instant start) {
        this.world = world;
        this.start = start;
    }

    @Override
    public Tick next() throws InterruptedException {
        world.advance(Duration.ofMinutes(1));
        seconds.addAndGet(60);
        return new Tick(instant(), seconds.get() * 1_000_000_000L);
    }

    @Override
    public Instant instant() {
        return start.plusSeconds(seconds.get());
    }
}
