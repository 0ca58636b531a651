package org.athanor.network;

import org.athanor.units.Hashrate;

/**
 * The hash rate of the last minutes, older shares counting less: a share of age t by e^(-t/300 s). So n shares of equal
 * work in the time that counts have the relative standard error 1/sqrt(n), and a steady heater with 18 shares a minute
 * is known to 7.5 %. One thread.
 */
final class RecentHashrate {
    static final double MEMORY_SECONDS = 300;

    /** After such a silence hardly a trace is left: what comes then is a new beginning. */
    private static final double FORGOTTEN_SECONDS = 6 * MEMORY_SECONDS;

    private long begun;
    private long updated;
    private boolean began;
    private double decayed;
    private double squares;

    /**
     * @param hashes that the share proves
     * @param now nanoseconds of a steady clock, here and below
     */
    void add(double hashes, long now) {
        if (!began || forgotten(now)) {
            // begins the time that is measured, in which it does not lie itself
            began = true;
            begun = now;
            updated = now;
            decayed = 0;
            squares = 0;
            return;
        }
        double kept = Math.exp(-seconds(updated, now) / MEMORY_SECONDS);
        decayed = decayed * kept + hashes;
        squares = squares * kept * kept + hashes * hashes;
        updated = now;
    }

    /** Zero, with an infinite error, before the second share and after a long silence. */
    MeasuredHashrate at(long now) {
        double age = seconds(begun, now);
        if (!(decayed > 0) || age <= 0 || forgotten(now))
            return new MeasuredHashrate(Hashrate.ZERO, Double.POSITIVE_INFINITY);
        double kept = Math.exp(-seconds(updated, now) / MEMORY_SECONDS);
        double time = MEMORY_SECONDS * -Math.expm1(-age / MEMORY_SECONDS);
        return new MeasuredHashrate(new Hashrate(decayed * kept / time), Math.sqrt(squares) / decayed);
    }

    boolean forgotten(long now) {
        return seconds(updated, now) > FORGOTTEN_SECONDS;
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }
}
