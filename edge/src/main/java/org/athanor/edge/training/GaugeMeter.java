package org.athanor.edge.training;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adds up what a gauge shows while the level heats. What it did not show for long is a gap, of which nothing is known. It is read on a
 * thread of its own, as it may hang: whoever sets a level waits for nothing.
 */
final class GaugeMeter implements HeatMeter {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    /** For so long what was shown last is believed. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Supplier<OptionalDouble> watts;
    private final BooleanSupplier trains;
    private final LongSupplier nanoTime;
    private final Thread reader;
    private boolean heats;
    private OptionalDouble shown = OptionalDouble.empty();
    private long shownAt;
    private double joules;
    private double trained;
    private int gaps;
    private long until;

    /**
     * @param watts    what the gauge shows; empty where it shows nothing just now
     * @param trains   whether what heats is training, which pays, or waits
     * @param nanoTime of a clock that only goes forward
     */
    GaugeMeter(Supplier<OptionalDouble> watts, BooleanSupplier trains, LongSupplier nanoTime) {
        this.watts = watts;
        this.trains = trains;
        this.nanoTime = nanoTime;
        until = nanoTime.getAsLong();
        reader = Thread.ofVirtual().name("gauge").unstarted(this::readOn);
    }

    /** Reads it every second from now on. */
    GaugeMeter started() {
        reader.start();
        return this;
    }

    private void readOn() {
        try {
            while (true) {
                read();
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once. */
    void read() {
        synchronized (this) {
            if (!heats) return;
        }
        var now = watts.get();
        synchronized (this) {
            if (!heats || now.isEmpty()) return; // what was shown last holds on for a while
            settle();
            shown = now;
            shownAt = nanoTime.getAsLong();
            settle();
        }
    }

    /** Until now by what is shown; what was not known for too long is left out, and told. */
    private synchronized void settle() {
        var now = nanoTime.getAsLong();
        var silent = now - (shown.isPresent() ? shownAt : until);
        if (!heats) {
            until = now;
        } else if (silent > LONGEST.toNanos()) {
            gaps++;
            until = now;
            shown = OptionalDouble.empty();
        } else if (shown.isPresent()) {
            var more = shown.getAsDouble() * (now - until) / 1e9;
            joules += more;
            trained += trains.getAsBoolean() ? more : 0;
            until = now;
        } // else it has just begun, and the first reading will tell
    }

    @Override
    public synchronized void level(int threads) {
        settle();
        if (heats == threads > 0) return;
        if (heats && shown.isEmpty()) gaps++;
        heats = threads > 0;
        shown = OptionalDouble.empty();
        until = nanoTime.getAsLong();
    }

    @Override
    public synchronized double total() {
        settle();
        return trained;
    }

    @Override
    public synchronized Count begin() {
        settle();
        var before = joules;
        var gapsBefore = gaps;
        return _ -> since(before, gapsBefore);
    }

    private synchronized OptionalDouble since(double before, int gapsBefore) {
        settle();
        var known = gaps == gapsBefore && (!heats || shown.isPresent());
        return known ? OptionalDouble.of(joules - before) : OptionalDouble.empty();
    }

    @Override
    public synchronized OptionalDouble watts() {
        settle();
        return heats ? shown : OptionalDouble.of(0);
    }

    @Override
    public void close() {
        reader.interrupt();
    }
}
