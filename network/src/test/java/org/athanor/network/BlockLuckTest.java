package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockLuckTest {
    private static final MathContext DIGITS = new MathContext(60);

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 0.0004, 0.00051, 0.5, 1, 3.7, 20, 99.5, 744, 2000, 12_345.678})
    void theIntervalLeavesHalfAPerMilleOnEachSide(double expected) {
        var luck = BlockLuck.of(0, expected);
        assertTrue(below(luck.low(), expected) <= 0.0005, "fewer than " + luck.low());
        assertTrue(below(luck.low() + 1, expected) > 0.0005, "fewer than " + (luck.low() + 1));
        assertTrue(1 - below(luck.high() + 1, expected) <= 0.0005, "more than " + luck.high());
        if (luck.high() > 0) assertTrue(1 - below(luck.high(), expected) > 0.0005, "more than " + (luck.high() - 1));
    }

    /** P(X < k) in sixty digits, by the definition. */
    private static double below(long k, double expected) {
        var lambda = new BigDecimal(expected);
        var term = BigDecimal.ONE;
        var all = BigDecimal.ZERO;
        var part = BigDecimal.ZERO;
        for (var i = 0; i < k || i < expected || term.compareTo(all.movePointLeft(40)) > 0; i++) {
            all = all.add(term, DIGITS);
            if (i < k) part = part.add(term, DIGITS);
            term = term.multiply(lambda, DIGITS).divide(BigDecimal.valueOf(i + 1L), DIGITS);
        }
        return part.divide(all, DIGITS).doubleValue();
    }

    @Test
    void aRunOutsideTheIntervalDoesNotAgree() {
        assertEquals(new BlockLuck(20, 20, 7, 36), BlockLuck.of(20, 20));
        assertTrue(BlockLuck.of(7, 20).agrees());
        assertFalse(BlockLuck.of(6, 20).agrees());
        assertFalse(BlockLuck.of(37, 20).agrees());
    }

    @Test
    void noWorkFindsNoBlock() {
        assertTrue(BlockLuck.of(0, 0).agrees());
        assertFalse(BlockLuck.of(1, 0).agrees());
    }

    @Test
    void hugeExpectationsNeitherUnderflowNorTakeLong() {
        var luck = BlockLuck.of(1_000_000_000, 1e9);
        assertTrue(luck.agrees());
        assertEquals(1e9 - 3.29 * Math.sqrt(1e9), (double) luck.low(), 50);
        assertEquals(1e9 + 3.29 * Math.sqrt(1e9), (double) luck.high(), 50);
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> BlockLuck.of(0, -1));
        assertThrows(IllegalArgumentException.class, () -> BlockLuck.of(0, Double.NaN));
    }
}
