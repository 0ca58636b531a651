package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PriceOutlookTest {
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final PriceOutlook TWO_HOURS = new PriceOutlook(START, Duration.ofHours(1), 0.2, -0.01);

    @Test
    void aPriceHoldsForItsStep() {
        assertEquals(0.2, TWO_HOURS.perKwh(START.plusSeconds(3599)));
        assertEquals(-0.01, TWO_HOURS.perKwh(START.plusSeconds(3600)));
        assertEquals(START.plusSeconds(3600), TWO_HOURS.since(START.plusSeconds(5000)));
    }

    @Test
    void nothingIsSaidOfOtherTimes() {
        assertThrows(IllegalArgumentException.class, () -> TWO_HOURS.perKwh(START.minusNanos(1)));
        assertThrows(IllegalArgumentException.class, () -> TWO_HOURS.perKwh(TWO_HOURS.end()));
        assertThrows(IllegalArgumentException.class, () -> new PriceOutlook(START, Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> new PriceOutlook(START, Duration.ofHours(1), Double.NaN));
    }
}
