package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

final class Until {
    private Until() {}

    /** Waits for a condition, at most ten seconds. */
    static void holds(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited for ten seconds");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
