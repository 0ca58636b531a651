package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.ledger.Weight;
import org.junit.jupiter.api.Test;

class SettlerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void theComputersWeightIsVirtualTimePerWallTime() {
        var weights = Settler.weightings(1800 * SECOND, 5 * SECOND / 4, BigInteger.ZERO, 0);
        assertEquals(Weight.of(1440, 1), weights.computer().weight());
    }

    @Test
    void theMinersWeightIsItsNominalHashesPerNonceItTried() {
        // 40 TH/s nominal over 1800 virtual seconds, 250 kH/s real over 1.25 wall seconds
        var nominal = BigInteger.valueOf(40_000_000_000_000L).multiply(BigInteger.valueOf(1800));
        var weights = Settler.weightings(1800 * SECOND, 5 * SECOND / 4, nominal, 312_500);
        // the same as (virtual / wall) x (nominal rate / real rate)
        assertEquals(
                Weight.of(1440, 1).times(Weight.of(40_000_000_000_000L, 250_000)),
                weights.miner().weight());
        assertTrue(
                weights.miner().basis().contains("312500 nonces"),
                weights.miner().basis());
    }

    @Test
    void withoutNoncesThereIsNoCredit() {
        assertEquals(
                Weight.NONE,
                Settler.weightings(SECOND, SECOND, BigInteger.TEN, 0).miner().weight());
    }

    @Test
    void eachIntervalStartsWhereTheLastOneEnded() {
        var virtual = new AtomicLong();
        var wall = new AtomicLong();
        var settler = new Settler(virtual::get, wall::get, () -> BigInteger.ZERO, () -> 0);
        virtual.set(100 * SECOND);
        wall.set(SECOND);
        assertEquals(Weight.of(100, 1), settler.close().computer().weight());
        virtual.set(150 * SECOND);
        wall.set(2 * SECOND);
        assertEquals(Weight.of(50, 1), settler.close().computer().weight());
        assertEquals(0, settler.virtualSinceLast());
    }

    @Test
    void waitingForTheLastVerdictsIsNoTime() {
        var wall = new AtomicLong();
        var settler = new Settler(() -> 100 * wall.get(), wall::get, () -> BigInteger.ZERO, () -> 0);
        wall.set(SECOND);
        settler.stopTime();
        wall.set(6 * SECOND);
        assertTrue(settler.close().computer().basis().startsWith("virtual 100 s / wall 1.000 s"));
    }
}
