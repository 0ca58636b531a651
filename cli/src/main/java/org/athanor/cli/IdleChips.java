package org.athanor.cli;

import org.athanor.devices.Computation;

/** Chips without a pool: they draw power and compute nothing. */
final class IdleChips implements Computation {
    @Override
    public void setThreads(int threads) {}

    @Override
    public Counters counters() {
        return Counters.NONE;
    }

    @Override
    public void close() {}
}
