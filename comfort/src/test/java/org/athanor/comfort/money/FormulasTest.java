package org.athanor.comfort.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Currency;
import java.util.List;
import org.athanor.units.PricePerKwh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Worked examples with the numbers of each formula's source. */
class FormulasTest {
    private static final double BELGIAN_ELECTRICITY = 0.2535;
    private static final double BELGIAN_GAS = 0.0498;

    private static PricePerKwh euros(double value) {
        return new PricePerKwh(value, Currency.getInstance("EUR"));
    }

    /** Published fit of when2heat, air source and radiators. */
    @ParameterizedTest
    @CsvSource({"-7, 2.09", "2, 2.84", "7, 3.38", "12, 4.00"})
    void anAirHeatPumpOnRadiatorsFollowsItsCurve(double outdoor, double cop) {
        assertEquals(cop, HeatPump.AIR_RADIATORS.cop(outdoor, 10), 0.005);
    }

    /** The same for hot water at 50 °C. */
    @ParameterizedTest
    @CsvSource({"-7, 1.99", "2, 2.31", "7, 2.51", "12, 2.74"})
    void anAirHeatPumpForHotWaterFollowsItsCurve(double outdoor, double cop) {
        assertEquals(cop, HeatPump.AIR_HOT_WATER.cop(outdoor, 10), 0.005);
    }

    /** By hand: a floor wants 30 °C at 0 °C, soil at 10 °C gives brine at 5 °C, so that the lift is 25 K. */
    @Test
    void aGroundHeatPumpLooksAtTheSoil() {
        double byHand = 0.85 * (10.288 - 0.2084 * 25 + 0.0012 * 25 * 25);
        assertEquals(byHand, HeatPump.GROUND_FLOOR.cop(0, 10), 1e-12);
        assertEquals(HeatPump.GROUND_HOT_WATER.cop(-10, 10), HeatPump.GROUND_HOT_WATER.cop(10, 10), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(HeatPump.class)
    void aHeatPumpNeverGainsByColdNorFallsBelowAHeatingRod(HeatPump pump) {
        double last = 0;
        for (double outdoor = -45; outdoor < 30; outdoor += 0.1) {
            double cop = pump.cop(outdoor, 10);
            assertTrue(cop >= 1 && cop >= last - 1e-12, outdoor + " °C");
            last = cop;
        }
    }

    /** 6.81 - 0.121 · 40 + 0.00063 · 40² = 2.978. */
    @Test
    void staffellsFitAgreesWithItsCoefficients() {
        assertEquals(2.978, HeatPump.staffellAirCop(40), 1e-9);
        assertEquals(HeatPump.staffellAirCop(96), HeatPump.staffellAirCop(120), 1e-12);
    }

    @Test
    void aKilowattHourOfHeatCostsByItsSource() {
        assertEquals(euros(0.25), HeatPrice.resistive(euros(0.25)));
        assertEquals(
                0.0498 / 0.85,
                HeatPrice.boiler(euros(BELGIAN_GAS), HeatPrice.BOILER_EFFICIENCY)
                        .value(),
                1e-12);
        assertEquals(
                0.25 / 2.839,
                HeatPrice.heatPump(euros(0.25), HeatPump.AIR_RADIATORS.cop(2, 10))
                        .value(),
                1e-4);
        assertThrows(IllegalArgumentException.class, () -> HeatPrice.boiler(euros(0.05), 0));
        assertThrows(IllegalArgumentException.class, () -> HeatPrice.heatPump(euros(0.05), 0.5));
    }

    /** D = 10¹⁴, 100,000 USD, 3.125 BTC: 62.86 USD/PH/day (published: 62.81); 0.131 USD/kWh at 20 J/TH, 0.065 at 40. */
    @Test
    void hashpriceAndRevenueFollowTheNetwork() {
        double hashprice = MiningPay.hashprice(1e14, 3.125, 100_000);
        assertEquals(62.86, hashprice * 1000, 0.01);
        assertEquals(0.131, MiningPay.perKwh(hashprice, 0, 20), 5e-4);
        assertEquals(0.065, MiningPay.perKwh(hashprice, 0, 40), 6e-4);
        // the same by r = 3.6e18 (S + F) P / (e D 2^32)
        assertEquals(3.6e18 * 3.125 * 100_000 / (20 * 1e14 * 0x1p32), MiningPay.perKwh(hashprice, 0, 20), 3e-6);
        assertEquals(1e14, MiningPay.difficulty(hashprice, 3.125, 100_000), 1);
        assertEquals(hashprice, MiningPay.breakEvenHashprice(MiningPay.perKwh(hashprice, 0.02, 20), 0.02, 20), 1e-12);
    }

    /** Profiles of an S19k Pro by LuxOS: 20.0 J/TH at 784 W, 25.7 at 4195 W, where the last step costs 36.5. */
    @Test
    void oneMoreWattEarnsLessAtTheTopOfTheRange() {
        var curve = new EfficiencyCurve(List.of(
                new EfficiencyCurve.Point(784, 39.2),
                new EfficiencyCurve.Point(1080, 54.7),
                new EfficiencyCurve.Point(4005, 157.9),
                new EfficiencyCurve.Point(4195, 163.1)));
        assertEquals(20.0, curve.average(0), 0.005);
        assertEquals(19.74, curve.average(1), 0.005);
        assertEquals(25.72, curve.average(3), 0.005);
        assertEquals(190 / 5.2, curve.marginal(3), 1e-9);
        assertEquals(curve.average(0), curve.marginal(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new EfficiencyCurve(
                        List.of(new EfficiencyCurve.Point(800, 40), new EfficiencyCurve.Point(700, 41))));
    }

    /** At 0.2535 and 0.0498 EUR/kWh: gas (0.85) 0.195, heat pump at 7 °C 0.178, at -7 °C 0.132 EUR/kWh. */
    @Test
    void workMustEarnWhatTheOtherHeatWouldHaveSaved() {
        assertEquals(
                0.195,
                ComputeHeat.breakEvenRevenue(BELGIAN_ELECTRICITY, 0, 1, BELGIAN_GAS / HeatPrice.BOILER_EFFICIENCY),
                5e-4);
        for (var row : List.of(new double[] {7, 0.178}, new double[] {-7, 0.132})) {
            double cop = HeatPump.AIR_RADIATORS.cop(row[0], 10);
            assertEquals(
                    row[1], ComputeHeat.breakEvenRevenue(BELGIAN_ELECTRICITY, 0, 1, BELGIAN_ELECTRICITY / cop), 1e-3);
        }
        assertEquals(BELGIAN_ELECTRICITY, ComputeHeat.breakEvenRevenue(BELGIAN_ELECTRICITY, 0, 1, 0));
    }

    @Test
    void heatThatWouldBeBoughtAnywayLeavesOnlyWear() {
        assertEquals(0.01, ComputeHeat.netCost(0.25, 0.01, 1, 0.25), 1e-12);
        assertEquals(0.26, ComputeHeat.netCost(0.25, 0.01, 0.5, 0), 1e-12);
        assertEquals(0.31, ComputeHeat.ask(0.26, 0.31));
        assertEquals(0.26, ComputeHeat.ask(0.26, 0.1));
        assertThrows(IllegalArgumentException.class, () -> ComputeHeat.netCost(0.25, 0, 1.2, 0.1));
    }

    @Test
    void wastedHeatMakesTheUsefulDearer() {
        assertEquals(0.15, ComputeHeat.costPerUsefulKwh(0.25, 0.10, 0, 1), 1e-12);
        assertEquals(0.30, ComputeHeat.costPerUsefulKwh(0.25, 0.10, 0, 0.5), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> ComputeHeat.costPerUsefulKwh(0.25, 0.1, 0, 0));
    }

    /** With d = 0: Belgium 0.167 beats gas 0.213, Germany 2020 0.315 does not; neither beats a heat pump (0.05, 0.09). */
    @Test
    void carbonOfHeatByPlace() {
        double gas = Carbon.boiler(Carbon.GAS_KG_PER_KWH, 0.85);
        assertEquals(0.213, gas, 5e-4);
        double belgium = Carbon.perUsefulKwh(0.167, 0, 0, 0.167, 1);
        double germany = Carbon.perUsefulKwh(0.315, 0, 0, 0.315, 1);
        assertTrue(belgium < gas && gas < germany);
        double cop = HeatPump.AIR_RADIATORS.cop(7, 10);
        assertEquals(0.05, Carbon.heatPump(0.167, cop), 0.005);
        assertEquals(0.09, Carbon.heatPump(0.315, cop), 0.005);
        assertEquals(0, Carbon.perUsefulKwh(0.3, 0, 1, 0.3, 0.8), 1e-12);
        assertEquals(330, Carbon.displacedUpperBound(1000, 1.1, 0.3), 1e-9);
    }

    @Test
    void softwareCarbonIntensityCountsMakingTheDevice() {
        assertEquals((100 * 300 + 5000) / 70.0, Carbon.sci(100, 300, 5000, 70), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> Carbon.sci(100, 300, 5000, 0));
    }

    @Test
    void reuseAndOverheadAreSharesOfAllThatIsDrawn() {
        assertEquals(0.8, Facility.erf(80, 100), 1e-12);
        assertEquals(1.25, Facility.pue(100, 80), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> Facility.erf(101, 100));
        assertThrows(IllegalArgumentException.class, () -> Facility.pue(79, 80));
    }
}
