package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class YearBooksTest {
    private static YearBooks.Step step(
            double room,
            double device,
            double other,
            double reference,
            double price,
            double pay,
            YearBooks.Noise noise) {
        var prices = Map.of(HeatingKind.RESISTIVE, price, HeatingKind.GAS, 0.06);
        var carbon = Map.of(HeatingKind.OIL, 0.2);
        return new YearBooks.Step(
                1, room, 20, 19.5, 21.5, device, device, 10, pay, 0, 0, other, reference, price, noise, prices, carbon);
    }

    @Test
    void heatIsUsefulAsFarAsTheSetpointAskedForIt() {
        var books = new YearBooks(HeatingKind.GAS, 0);
        books.add(step(20, 2, 1, 2, 0.3, 0.5, YearBooks.Noise.LOUD));
        books.add(step(22, 2, 0, 2, 0.1, 0.5, YearBooks.Noise.UNKNOWN));
        books.closeDay();
        var day = books.days().getFirst();
        // the setpoint asked for 4 of the 5 that device and boiler gave: four fifths of the device's 4 kWh are useful
        assertEquals(3.2, day.usefulKwh(), 1e-12);
        assertEquals(4, day.deviceKwh(), 1e-12);
        assertEquals(2 * 0.3 + 2 * 0.1, day.electricityCost(), 1e-12);
        assertEquals(3.2 * 0.06, day.alternativeCost().get(HeatingKind.GAS), 1e-12);
        assertEquals(1.6 * 0.3 + 1.6 * 0.1, day.alternativeCost().get(HeatingKind.RESISTIVE), 1e-12);
        assertEquals(3.2 * 0.2, day.alternativeCarbon().get(HeatingKind.OIL), 1e-12);
        assertEquals(0.5, books.kelvinHoursAbove(), 1e-12);
        assertEquals(1, books.loudHours());
        assertEquals(1, books.unknownNoiseHours());
        // r = 0.25: free at 0.1, not at 0.3; c = p - 0.8 x 0.06 is 0.252 and 0.052
        assertEquals(2, books.claimHours());
        assertEquals(1, books.freeHours());
        assertEquals(1, books.noDearerHours());
    }

    @Test
    void aDayWithoutDemandWastesEverything() {
        var books = new YearBooks(HeatingKind.GAS, 0);
        books.add(step(18, 2, 0, 0, 0.3, 0, YearBooks.Noise.QUIET));
        books.closeDay();
        assertEquals(0, books.days().getFirst().usefulKwh());
        assertEquals(1.5, books.kelvinHoursBelow(), 1e-12);
        assertEquals(0, books.noDearerHours());
    }
}
