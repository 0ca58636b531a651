package org.athanor.conformance.broken.stratum;

final class ReadsTheClock {
    private ReadsTheClock() {}

    static long offend() {
        return System.currentTimeMillis();
    }
}
