package org.athanor.conformance.broken.ledger;

final class MeasuresTime {
    private MeasuresTime() {}

    static long offend() {
        return System.nanoTime();
    }
}
