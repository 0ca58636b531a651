package org.athanor.edge.training;

/** Of what training heats with, as its level goes up and down. */
interface HeatMeter extends Meter, AutoCloseable {
    /** From now on; returns without waiting for anything. */
    void level(int threads);

    /** Joules since the start, as far as they are known, of work that pays. */
    double total();

    @Override
    default void close() {}
}
