package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoBooksTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static DemoBooks.Step step(double room, double price, double kwh, double useful, double value) {
        return new DemoBooks.Step(HOUR, room, 19.5, 21.5, room > 22, price, 0.06, 0.10, kwh, kwh, kwh, useful, value);
    }

    @Test
    void kelvinHoursCountOnlyWhatLiesOutsideTheBand() {
        var books = new DemoBooks();
        books.add(step(20, 0.25, 1, 1, 0));
        books.add(step(19, 0.25, 1, 1, 0));
        books.add(step(22.5, 0.25, 1, 1, 0));
        assertEquals(0.5, books.comfort().kelvinHoursBelow(), 1e-12);
        assertEquals(1.0, books.comfort().kelvinHoursAbove(), 1e-12);
        assertEquals(1.0, books.comfort().noiseHours(), 1e-12);
    }

    @Test
    void alternativesAreChargedForTheUsefulHeatAlone() {
        var books = new DemoBooks();
        books.add(step(20, 0.20, 1, 0.5, 0.05));
        books.add(step(20, 0.30, 1, 1, 0.05));
        var accounts = books.accounts(0.1, 1234, 1234);
        assertEquals(0.5, accounts.electricity(), 1e-12);
        assertEquals(0.4, accounts.netCost(), 1e-12);
        assertEquals(0.4 / 1.5, accounts.netCostPerUsefulKwh(), 1e-12);
        assertEquals(
                (0.5 * 0.20 + 0.30) / 1.5, accounts.alternatives().resistive().costPerUsefulKwh(), 1e-12);
        assertEquals(0.06, accounts.alternatives().gas().costPerUsefulKwh(), 1e-12);
        assertEquals(0.5, books.energy(0).wastedHeatKwh(), 1e-12);
    }

    @Test
    void theTwoClaimsAreNotMixedUp() {
        var books = new DemoBooks();
        books.add(step(20, 0.20, 1, 1, 0.05)); // wanted heat: no dearer than the boost element, but not free
        books.add(step(20, 0.04, 1, 1, 0.05)); // the work pays for all of it
        books.add(step(24, 0.20, 1, 0, 0.05)); // nobody wanted that heat
        var claims = books.claims();
        assertEquals(3, claims.hours(), 1e-12);
        assertEquals(1, claims.energyCostsNothingHours(), 1e-12);
        assertEquals(2, claims.noDearerThanOtherHeatHours(), 1e-12);
    }

    @Test
    void withoutUsefulHeatThereIsNoPriceOfIt() {
        var books = new DemoBooks();
        assertNull(books.alternatives());
        assertNull(books.accounts(0, 0, 0).netCostPerUsefulKwh());
    }
}
