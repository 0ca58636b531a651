package org.athanor.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
    private static WarmUp after(String megahashes, double bytesPerHash) {
        var warmUp = new WarmUp();
        for (var rate : megahashes.strip().split(" +", -1)) warmUp.add(round(Double.parseDouble(rate), bytesPerHash));
        return warmUp;
    }

    private static WarmUp.Round round(double megahashesPerSecond, double bytesPerHash) {
        var hashes = Math.round(megahashesPerSecond * 1e6);
        return new WarmUp.Round(hashes, 1_000_000_000, Math.round(hashes * bytesPerHash));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            rates, MH/s                  | bytes a hash | warm
            25 25 25                     |            0 | false
            25 25 25 25                  |            0 | true
            22.3 26.3 23.0 24.9          |            0 | true
            0.1 0.1 0.1 25 25 25 25      |            0 | true
            0.3 25 25 25                 |            0 | false
            12 25 25 25                  |            0 | false
            0.1 0.1 0.1 0.1 0.1 0.1 0.1  |        19000 | false
            2.1 2.1 2.1 2.1              |         6000 | false
            8 8 8 8                      |          193 | true
            """)
    void isWarmWhenSteadyAndNothingIsBoxed(String rates, double bytesPerHash, boolean warm) {
        assertEquals(warm, after(rates, bytesPerHash).warm());
    }

    @Test
    void oneBoxedRoundAmongTheLastIsTooMany() {
        var warmUp = after("25 25 25", 0);
        warmUp.add(round(25, 3000));
        assertEquals(false, warmUp.warm());
        for (int i = 0; i < 3; i++) warmUp.add(round(25, 0));
        assertEquals(false, warmUp.warm());
        warmUp.add(round(25, 0));
        assertEquals(true, warmUp.warm());
    }

    @Test
    void theFastestOfTheLastRoundsCounts() {
        assertEquals(26.3e6, after("40 22.3 26.3 23.0 24.9", 0).fastest(), 1);
        assertEquals(0, new WarmUp().fastest());
    }

    @Test
    void aRoundWithoutHashesOrTimeIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new WarmUp.Round(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new WarmUp.Round(1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new WarmUp.Round(1, 1, -1));
    }
}
