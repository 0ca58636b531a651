package org.athanor.devices.testing;

import org.athanor.devices.Computation;
import org.athanor.units.Hashrate;

/** Remembers how many threads it was told to run. */
public final class FakeComputation implements Computation {
    public volatile int threads;

    @Override
    public void setThreads(int count) {
        threads = count;
    }

    @Override
    public Counters counters() {
        return new Counters(1000, 7, 1, new Hashrate(threads * 1e6));
    }

    @Override
    public void close() {}
}
