package org.athanor.edge.training;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** Adds up a counter that wraps: it has to be read more often than it does, and where it was not, nothing is known. */
final class EnergyTotal {
    /** The counters wrap at full power in about half an hour. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final Counter counter;
    private final LongSupplier nanos;
    private double joules;
    private long read;
    private int gaps;

    /** Joules since it was last read. */
    @FunctionalInterface
    interface Counter {
        double sinceLast() throws IOException;
    }

    /** @param nanos of a clock that only goes forward */
    EnergyTotal(Counter counter, LongSupplier nanos) {
        this.counter = counter;
        this.nanos = nanos;
        read = nanos.getAsLong();
    }

    /** To be called every few minutes. */
    synchronized void read() {
        var now = nanos.getAsLong();
        if (now - read > LONGEST.toNanos()) {
            gaps++;
        }
        read = now;
        try {
            joules += counter.sinceLast();
        } catch (IOException unreadable) {
            gaps++; // what was drawn meanwhile stays unknown
        }
    }

    /** Where counting begins. */
    synchronized Mark mark() {
        read();
        return new Mark(joules, gaps);
    }

    /** Joules since {@code mark}; empty where the counter may have wrapped unseen, or could not be read. */
    synchronized OptionalDouble since(Mark mark) {
        read();
        return gaps == mark.gaps ? OptionalDouble.of(joules - mark.joules) : OptionalDouble.empty();
    }

    record Mark(double joules, int gaps) {}
}
