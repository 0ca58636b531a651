package org.athanor.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    /** Rows of Bitcoin Core's arith_uint256_tests.cpp, bignum_SetCompact (MIT). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            bits     | value                                                            | back
            00000000 | 0                                                                | 00000000
            00123456 | 0                                                                | 00000000
            01003456 | 0                                                                | 00000000
            02000056 | 0                                                                | 00000000
            03000000 | 0                                                                | 00000000
            04000000 | 0                                                                | 00000000
            00923456 | 0                                                                | 00000000
            01803456 | 0                                                                | 00000000
            02800056 | 0                                                                | 00000000
            03800000 | 0                                                                | 00000000
            04800000 | 0                                                                | 00000000
            01123456 | 12                                                               | 01120000
            02123456 | 1234                                                             | 02123400
            03123456 | 123456                                                           | 03123456
            04123456 | 12345600                                                         | 04123456
            05009234 | 92340000                                                         | 05009234
            20123456 | 1234560000000000000000000000000000000000000000000000000000000000 | 20123456
            1d00ffff | 00000000ffff0000000000000000000000000000000000000000000000000000 | 1d00ffff
            207fffff | 7fffff0000000000000000000000000000000000000000000000000000000000 | 207fffff
            """)
    void compactBitsAreReadAndWrittenAsBitcoinCoreDoes(String bits, String value, String back) {
        var target = Target.ofBits(Integer.parseUnsignedInt(bits, 16));
        assertEquals(new BigInteger(value, 16), target.value());
        assertEquals(back, Hex.encode(target.bits()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01fedcba", "04923456", "ff123456", "23000001", "22000100", "21010000"})
    void negativeAndOverflowingBitsAreRefused(String bits) {
        assertThrows(IllegalArgumentException.class, () -> Target.ofBits(Integer.parseUnsignedInt(bits, 16)));
    }

    @Property
    void writingBitsNeverMakesATargetEasierAndLosesLessThanAThirtyThousandth(
            @ForAll
                    @BigRange(
                            min = "0",
                            max = "115792089237316195423570985008687907853269984665640564039457584007913129639935")
                    BigInteger value) {
        var back = Target.ofBits(new Target(value).bits()).value();
        assertTrue(back.compareTo(value) <= 0);
        assertTrue(value.subtract(back).shiftLeft(15).compareTo(value) <= 0);
        assertEquals(new Target(back).bits(), new Target(value).bits());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 00000000ffff0000000000000000000000000000000000000000000000000000",
        "2, 000000007fff8000000000000000000000000000000000000000000000000000",
        "0.5, 00000001fffe0000000000000000000000000000000000000000000000000000",
        "3, 0000000055550000000000000000000000000000000000000000000000000000",
        "1e3, 00000000004188f5c28f5c28f5c28f5c28f5c28f5c28f5c28f5c28f5c28f5c28",
        "2e-10, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "1e-999999999, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "1e999999999, 0000000000000000000000000000000000000000000000000000000000000000",
    })
    void difficultyDividesTheTargetOfOne(String difficulty, String target) {
        assertEquals(
                target.replace(" ", ""),
                Target.ofDifficulty(new BigDecimal(difficulty)).toString());
    }

    @Property
    void difficultyIsExact(
            @ForAll @BigRange(min = "0.000000001", max = "1000000000000000") @Scale(20) BigDecimal difficulty) {
        var target = Target.ofDifficulty(difficulty).value();
        var one = new BigDecimal(BigInteger.valueOf(0xffff).shiftLeft(208));
        assertTrue(difficulty.multiply(new BigDecimal(target)).compareTo(one) <= 0);
        if (target.compareTo(Target.MAX.value()) < 0)
            assertTrue(difficulty
                            .multiply(new BigDecimal(target.add(BigInteger.ONE)))
                            .compareTo(one)
                    > 0);
    }

    @Property
    void goingToADifficultyAndBackNeverMakesATargetHarder(
            @ForAll
                    @BigRange(
                            min = "1",
                            max = "115792089237316195423570985008687907853269984665640564039457584007913129639935")
                    BigInteger value) {
        var target = new Target(value);
        assertFalse(target.isEasierThan(Target.ofDifficulty(target.difficulty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-1e-30"})
    void aDifficultyIsAboveZero(String difficulty) {
        assertThrows(IllegalArgumentException.class, () -> Target.ofDifficulty(new BigDecimal(difficulty)));
    }

    @Test
    void aHashEqualToTheTargetMeetsIt() {
        var target = Target.ofBits(0x207fffff);
        var hash = Hex.ofDisplay(target.toString());
        assertTrue(target.metBy(hash));
        hash[0]++;
        assertFalse(target.metBy(hash));
        assertEquals("4.6565423739069247E-10", "" + target.difficulty().doubleValue());
    }
}
