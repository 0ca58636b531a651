package org.athanor.comfort.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PaybackTest {
    private static final LocalDate START = LocalDate.of(2025, 7, 25);

    private static HashpricePath path(double price, double difficulty) {
        return new HashpricePath("test", START, 0.05, 3.125, 0, price, difficulty);
    }

    /** Block 1,050,000 lies 142,911 blocks after the known height: 992 days. */
    @Test
    void theNextHalvingIsInApril2028() {
        assertEquals(LocalDate.of(2028, 4, 12), HashpricePath.expectedDay(1_050_000));
    }

    @Test
    void hashpriceHalvesWithTheSubsidyAndFallsWithDifficulty() {
        assertEquals(0.05, path(0, 0).at(START), 1e-12);
        assertEquals(0.05, path(0, 0).at(LocalDate.of(2028, 4, 1)), 1e-12);
        assertEquals(0.025, path(0, 0).at(LocalDate.of(2028, 5, 1)), 1e-12);
        assertEquals(0.0125, path(0, 0).at(LocalDate.of(2032, 6, 1)), 1e-12);
        assertEquals(0.05 / 1.25, path(0, 0.25).at(START.plusYears(1)), 5e-5);
        assertEquals(0.05, path(0.25, 0.25).at(START.plusYears(2)), 1e-12);
        var withFees = new HashpricePath("fees", START, 0.05, 3.125, 3.125, 0, 0);
        assertEquals(0.0375, withFees.at(LocalDate.of(2028, 5, 1)), 1e-12);
    }

    @Test
    void aSteadySavingPaysThePriceBackInPriceOverSaving() {
        var years = Payback.years(900, 0, 20, path(0, 0), START, _ -> 100);
        assertEquals(9, years.orElseThrow(), 1e-9);
    }

    @Test
    void theHalvingAndDiscountLengthenThePayback() {
        // 0.05 pays 400 a year, 0.025 pays 200; the subsidy halves after 2.72 years
        var undisturbed = Payback.years(2000, 0, 20, path(0, 0), START, hashprice -> 8000 * hashprice);
        assertTrue(undisturbed.orElseThrow() > 5 && undisturbed.orElseThrow() < 8, undisturbed.toString());
        var discounted = Payback.years(2000, 0.05, 20, path(0, 0), START, hashprice -> 8000 * hashprice);
        assertTrue(discounted.orElseThrow() > undisturbed.orElseThrow());
    }

    @Test
    void whatNeverPaysHasNoPayback() {
        assertEquals(OptionalDouble.empty(), Payback.years(900, 0, 20, path(0, 0), START, _ -> 0));
        assertEquals(OptionalDouble.empty(), Payback.years(900, 0, 8, path(0, 0), START, _ -> 100));
        assertEquals(OptionalDouble.of(0), Payback.years(0, 0, 8, path(0, 0), START, _ -> 0));
    }

    @Test
    void impossiblePathsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> path(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new HashpricePath("x", START, -1, 3, 0, 0, 0));
    }
}
