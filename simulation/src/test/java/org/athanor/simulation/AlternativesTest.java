package org.athanor.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Currency;
import org.athanor.units.PricePerKwh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlternativesTest {
    private static PricePerKwh euros(double value) {
        return new PricePerKwh(value, Currency.getInstance("EUR"));
    }

    /** Published fit of when2heat, air source and radiators. */
    @ParameterizedTest
    @CsvSource({"-7, 2.09", "2, 2.84", "7, 3.38", "12, 4.00"})
    void theHeatPumpFollowsItsCurve(double outdoor, double cop) {
        assertEquals(cop, Alternatives.heatPumpCop(outdoor), 0.005);
    }

    @Test
    void aHeatPumpNeverGainsByColdNorFallsBelowAHeatingRod() {
        double last = 0;
        for (double outdoor = -45; outdoor < 30; outdoor += 0.1) {
            double cop = Alternatives.heatPumpCop(outdoor);
            assertTrue(cop >= 1 && cop >= last - 1e-12, outdoor + " °C");
            last = cop;
        }
    }

    @Test
    void aKilowattHourOfHeatCostsByItsSource() {
        assertEquals(euros(0.25), Alternatives.resistive(euros(0.25)));
        assertEquals(0.0498 / 0.85, Alternatives.gas(euros(0.0498)).value(), 1e-12);
        assertEquals(0.25 / 2.839, Alternatives.heatPump(euros(0.25), 2).value(), 1e-4);
        assertThrows(IllegalArgumentException.class, () -> Alternatives.gas(euros(0.05), 0));
    }
}
