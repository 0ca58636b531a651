package org.athanor.devices.testing;

import java.util.Optional;
import org.athanor.devices.Computation;
import org.athanor.units.Hashrate;

/** Remembers how many threads it was told to run. */
public class FakeComputation implements Computation {
    public volatile int threads;
    /** Why it computes nothing; null while it does. */
    public volatile String hindrance;

    @Override
    public void setThreads(int count) {
        threads = count;
    }

    @Override
    public Counters counters() {
        return new Counters(1000, 7, 1, new Hashrate(threads * 1e6));
    }

    @Override
    public Optional<String> hindrance() {
        return Optional.ofNullable(hindrance);
    }

    @Override
    public void close() {}
}
