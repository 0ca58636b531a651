package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.athanor.comfort.money.HashpricePath;
import org.athanor.comfort.money.Payback;

/** Over random homes, devices, days and prices. */
class HomePlanPropertyTest {
    private static final int DAYS = 2;

    private static HomePlan plan(String home, int firstDay) {
        var planned = Homes.of(home);
        return HomePlan.ofDays(planned, HomePlan.rule(planned), firstDay, DAYS);
    }

    @Provide
    Arbitrary<String> homes() {
        return Combinators.combine(
                        Arbitraries.of("flat", "house"),
                        Arbitraries.integers().between(15, 300),
                        Arbitraries.of("light", "medium", "heavy"),
                        Arbitraries.of("poor", "average", "good", "passive"),
                        Arbitraries.of("chicago", "denver"),
                        Arbitraries.of(
                                "heatbit",
                                "avalon-nano-3s",
                                "avalon-mini-3",
                                "avalon-q",
                                "bitaxe-gamma",
                                "antminer-s21"))
                .as((kind, area, mass, insulation, climate, device) -> String.format(
                        Locale.ROOT,
                        "home: {kind: %s, floorArea: %d, mass: %s, insulation: %s}%nclimate: %s%ndevice: {model: %s}%n",
                        kind,
                        area,
                        mass,
                        insulation,
                        climate,
                        device));
    }

    @Property(tries = 25)
    void energyBalancesClose(@ForAll("homes") String home, @ForAll @IntRange(max = 363) int firstDay) {
        var report = plan(home + "heating: {kind: gas}\n", firstDay).report();
        var energy = report.energy();
        assertTrue(energy.balanceRelativeError() < 1e-6, energy.toString());
        assertTrue(energy.usefulHeatKwh() >= 0 && energy.wastedHeatKwh() >= -1e-9, energy.toString());
        assertEquals(energy.electricityKwh(), energy.usefulHeatKwh() + energy.wastedHeatKwh(), 1e-9);
    }

    /** Money moves no heat where the device heats first. */
    @Property(tries = 10)
    void moreRevenueNeverPushesTheRoomOutOfItsBand(
            @ForAll("homes") String home, @ForAll @DoubleRange(min = 0.01, max = 0.5) double hashprice) {
        var usual = plan(home + "heating: {kind: gas}\n", 10).report();
        var other = plan(home + "heating: {kind: gas}\nmining: {hashprice: " + hashprice + "}\n", 10)
                .report();
        assertEquals(usual.comfort(), other.comfort());
        assertEquals(usual.energy(), other.energy());
    }

    @Property(tries = 10)
    void dearerElectricityNeverRaisesWhatIsDrawn(
            @ForAll("homes") String home,
            @ForAll @DoubleRange(min = 0.02, max = 0.4) double price,
            @ForAll @DoubleRange(min = 0, max = 0.2) double more) {
        var rest = "heating: {kind: gas}\noperation: only-when-cheaper\ntariff: {kind: flat, price: ";
        double cheap = plan(home + rest + price + "}\n", 10).report().energy().electricityKwh();
        double dear =
                plan(home + rest + (price + more) + "}\n", 10).report().energy().electricityKwh();
        assertTrue(dear <= cheap + 1e-9, dear + " kWh beside " + cheap);
    }

    @Property(tries = 100)
    void aBetterPathNeverPaysBackLater(
            @ForAll @DoubleRange(min = -0.5, max = 1) double growth,
            @ForAll @DoubleRange(min = 0, max = 1) double better,
            @ForAll @DoubleRange(min = 1, max = 5000) double price) {
        var day = LocalDate.of(2026, 1, 1);
        var worse = new HashpricePath("worse", day, 0.05, 3.125, 0.02, growth, 0.2);
        var best = new HashpricePath("better", day, 0.05, 3.125, 0.02, growth + better, 0.2);
        var later = Payback.years(price, 0.03, 20, worse, day, hashprice -> 10_000 * hashprice);
        var sooner = Payback.years(price, 0.03, 20, best, day, hashprice -> 10_000 * hashprice);
        assertTrue(
                later.isEmpty() || sooner.orElse(Double.POSITIVE_INFINITY) <= later.getAsDouble() + 1e-9,
                sooner + " beside " + later);
    }
}
