package org.athanor.edge;

/** Says when the next control cycle is due. In simulation it first moves the world on by one control step. */
public interface Ticker {
    /** Blocks until the next cycle is due. */
    Tick next() throws InterruptedException;

    /** A user is waiting: the next cycle may come early. */
    default void hurry() {}
}
