package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import org.athanor.ledger.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

/** Some cold days of a home; whole years are in {@code PlanCommandTest}. */
class HomePlanTest {
    private static final int DAYS = 14;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {preset: well-insulated-flat}                                     | avalon-mini-3
            {kind: flat, floorArea: 60, mass: light, insulation: average}     | heatbit
            {kind: house, floorArea: 140, mass: heavy, insulation: average}   | avalon-q
            {kind: house, floorArea: 120, mass: light, insulation: passive}   | antminer-s9
            """)
    void energyBalancesCloseAndTheRoomIsWarm(String home, String device) {
        var plan = Homes.january(
                Homes.of("home: " + home + "\nheating: {kind: gas}\ndevice: {model: " + device + "}\n"), DAYS);
        var report = plan.report();
        assertTrue(
                report.energy().balanceRelativeError() < 1e-6, report.energy().toString());
        assertTrue(report.energy().usefulHeatKwh() > 0, report.energy().toString());
        assertEquals(
                report.energy().electricityKwh(),
                report.energy().usefulHeatKwh() + report.energy().wastedHeatKwh(),
                1e-9);
        // what was delivered is what the setpoint takes, but for what the walls still hold
        double wanted = plan.books().sum(YearBooks.Day::referenceKwh);
        double given = report.energy().electricityKwh() + report.energy().otherHeatKwh();
        assertEquals(wanted, given, 0.12 * wanted, report.energy().toString());
        assertTrue(
                report.comfort().kelvinHoursBelow() < 0.05 * 24 * DAYS,
                report.comfort().toString());
    }

    @Test
    void moneyAddsUp() {
        var report = Homes.january(Homes.of(Homes.flat("")), DAYS).report();
        var money = report.money();
        assertEquals(0.2535 * report.energy().electricityKwh(), money.electricity(), 1e-6);
        assertEquals(money.electricity() - money.earned(), money.netCost(), 1e-9);
        assertEquals(money.netCost() / report.energy().usefulHeatKwh(), money.netCostPerUsefulKwh(), 1e-9);
        assertEquals(money.earnedMsat() / 1e11 * 100_000, money.earned(), 1e-6);
        assertEquals(0.2535, money.alternatives().resistive().costPerUsefulKwh(), 1e-9);
        assertEquals(0.0498 / 0.85, money.alternatives().gas().costPerUsefulKwh(), 1e-9);
        assertNull(money.alternatives().oil());
        assertNull(report.payback(), "a fortnight pays nothing back");
        assertNull(report.comfort().noiseHours(), "nobody states the noise of the Mini 3's upper levels");
    }

    /** At the break-even hashprice the net cost equals the other heat, and at the other one nothing. */
    @ParameterizedTest
    @CsvSource({"gas", "resistive"})
    void breakEvenHashpricesBreakEven(String heating) {
        Function<String, Report> run =
                mining -> Homes.january(Homes.of(Homes.flat(mining).replace("kind: resistive", "kind: " + heating)), 3)
                        .report();
        var first = run.apply("");
        double free = first.breakEvenHashprice().againstNothing();
        var paid = run.apply("mining: {hashprice: " + free + "}\n");
        assertEquals(0, paid.money().netCost(), 1e-3 * paid.money().electricity());
        double equal = first.breakEvenHashprice().againstOtherHeat();
        assertTrue(equal < free);
        if (heating.equals("gas")) {
            var even = run.apply("mining: {hashprice: " + equal + "}\n");
            assertEquals(
                    even.money().alternatives().gas().costPerUsefulKwh(),
                    even.money().netCostPerUsefulKwh(),
                    1e-3);
        }
    }

    @Test
    void aGasHomeAtALowHashpriceGetsDont() {
        var report = Homes.january(
                        Homes.of(Homes.flat("mining: {hashprice: 0.02}\n").replace("kind: resistive", "kind: gas")),
                        DAYS)
                .report();
        assertTrue(report.advice().startsWith("Don't: "), report.advice());
        assertTrue(report.advice().contains("gas boiler"), report.advice());
    }

    @Test
    void aResistiveHomeGetsAdviceForIt() {
        var report = Homes.january(Homes.of(Homes.flat("")), DAYS).report();
        assertTrue(report.advice().startsWith("A useful kWh costs "), report.advice());
        assertTrue(report.money().netCostPerUsefulKwh()
                < report.money().alternatives().resistive().costPerUsefulKwh());
    }

    @Test
    void chipsThatOnlyRunWhenCheaperRestBesideCheapGas() {
        var report = Homes.january(
                        Homes.of(Homes.flat("operation: only-when-cheaper\nmining: {hashprice: 0.02}\n")
                                .replace("kind: resistive", "kind: gas")),
                        3)
                .report();
        assertEquals(0, report.energy().electricityKwh());
        assertTrue(report.energy().otherHeatKwh() > 0);
        assertNull(report.money().netCostPerUsefulKwh());
        assertNull(report.mining());
        assertTrue(report.advice().startsWith("Don't: "), report.advice());
    }

    @Test
    void aRentedPcEarnsByOccupancy() {
        var text = "home: {preset: well-insulated-flat}\nheating: {kind: resistive}\n"
                + "device: {model: gpu-pc-4090, rentPerHour: 0.2, occupancy: ";
        var half = Homes.january(Homes.of(text + "0.5}\n"), 3).report();
        var never = Homes.january(Homes.of(text + "0}\n"), 3).report();
        assertEquals(0, never.money().earned());
        assertEquals(0.1 / 0.55, half.money().earned() / half.energy().electricityKwh(), 1e-6);
        assertEquals(half.money().earned(), half.money().earnedByRent(), 1e-12);
        assertEquals(0, half.money().earnedByMining(), "a figure that nobody gave");
        assertNull(half.breakEvenHashprice());
        assertEquals(0, half.money().earnedMsat());
    }

    /** Half of the hours are sold at 0.20, in the others it mines for 0.05. */
    @Test
    void aRentedPcMinesWhatIsNotSold() {
        var report = Homes.january(
                        Homes.of("home: {preset: well-insulated-flat}\nheating: {kind: resistive}\ndevice: {model: "
                                + "gpu-pc-4090, rentPerHour: 0.2, occupancy: 0.5, miningPerHour: 0.05}\n"),
                        3)
                .report();
        double hours = report.energy().electricityKwh() / 0.55;
        assertEquals(0.1 * hours, report.money().earnedByRent(), 1e-6);
        assertEquals(0.025 * hours, report.money().earnedByMining(), 1e-6);
        assertEquals(
                report.money().earned(),
                report.money().earnedByRent() + report.money().earnedByMining(),
                1e-12);
    }

    /** A sunny fortnight in July: what nobody lets out makes the rooms hot. */
    @Test
    void windowsThatOpenKeepASummerBearable() {
        var text = """
                home: {kind: flat, floorArea: 60, mass: light, insulation: good, people: 2}
                heating: {kind: resistive}
                device: {model: avalon-mini-3}
                """;
        var open = HomePlan.ofDays(Homes.of(text), HomePlan.rule(Homes.of(text)), 185, DAYS)
                .report();
        var shutText = text + "openWindowsAbove: 50\n";
        var shut = HomePlan.ofDays(Homes.of(shutText), HomePlan.rule(Homes.of(shutText)), 185, DAYS)
                .report();
        assertEquals(0, shut.energy().letOutKwh());
        assertTrue(open.energy().letOutKwh() > 50, open.energy().toString());
        assertTrue(
                open.comfort().kelvinHoursAboveAnyway() < 0.6 * shut.comfort().kelvinHoursAboveAnyway(),
                open.comfort() + " beside " + shut.comfort());
        assertTrue(open.energy().balanceRelativeError() < 1e-6, open.energy().toString());
    }

    /** Chips that run without end in a passive flat: what they give too much goes out of the window and is wasted. */
    @Test
    void whatIsLetOutOfWindowsIsWastedNotUseful() {
        var home = Homes.of("""
                home: {kind: flat, floorArea: 25, mass: light, insulation: passive, people: 1}
                heating: {kind: resistive}
                device: {model: antminer-s9}
                """);
        Strategy.Maker always = _ -> _ -> new Strategy.Decision(1, 0, 0);
        var report = HomePlan.ofDays(home, always, 0, DAYS).report();
        var energy = report.energy();
        assertTrue(energy.letOutKwh() > 0.3 * energy.electricityKwh(), energy.toString());
        assertTrue(energy.letOutAnywayKwh() < 0.02 * energy.letOutKwh(), energy.toString());
        assertTrue(energy.wastedHeatKwh() > energy.letOutKwh(), energy.toString());
        assertTrue(report.advice().contains("It is too large for this home"), report.advice());
    }

    @Test
    void carbonIsNeverNettedAgainstWhatIsDisplaced() {
        var plain = Homes.january(Homes.of(Homes.flat("")), 3).report().carbon();
        assertEquals(0.167 / plain.erf(), plain.thisHeater().kgPerUsefulKwh(), 1e-9);
        assertEquals(0.167, plain.resistive().kgPerUsefulKwh(), 1e-9);
        assertTrue(plain.displacedUpperBoundKg() > 0);
        assertNull(plain.sci(), "making the device is not known");
        var known = Homes.january(Homes.of(Homes.flat("").replace("price: 900", "price: 900, embodiedKg: 50")), 3)
                .report()
                .carbon();
        assertTrue(known.sci() > 0);
        assertTrue(known.thisHeater().kgPerUsefulKwh() > plain.thisHeater().kgPerUsefulKwh());
    }

    @Test
    void thePageIsWholeAndFetchesNothing() throws Exception {
        var one = Homes.january(Homes.of("name: Tom & <Ann>\n" + Homes.flat("")), 3);
        var two = Homes.january(Homes.of(Homes.flat("").replace("kind: resistive", "kind: gas")), 3);
        var page = PlanHtml.page(List.of(one, two));
        assertTrue(page.startsWith("<!DOCTYPE html>\n"));
        var body = page.substring("<!DOCTYPE html>\n".length());
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(body)));
        assertEquals(8, document.getElementsByTagName("svg").getLength());
        assertEquals(2, document.getElementsByTagName("h2").getLength());
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertTrue(
                !page.contains("http:") && !page.contains("https:") && !page.contains("NaN"),
                "fetches or lacks figures");
        assertTrue(page.contains("prefers-color-scheme: dark"));
        assertTrue(page.contains("Tom &amp; &lt;Ann&gt;"));
    }

    @Test
    void namesThatDoNotFitStandAboveTheTable() {
        var one = Homes.january(Homes.of("name: a name that is far too long for a column\n" + Homes.flat("")), 1);
        var lines = PlanTable.lines(List.of(one, one, one), 100);
        assertTrue(
                lines.getFirst().startsWith("1  a name that is far too long for a column: Avalon Mini 3"),
                lines.getFirst());
        assertTrue(
                lines.contains(" ".repeat(56) + "1" + " ".repeat(20) + "2" + " ".repeat(20) + "3"),
                String.join("\n", lines));
        for (var line : lines.subList(3, lines.size())) assertTrue(line.length() <= 100, line);
    }

    @Test
    void plansThatDoNotFitFollowInAFurtherTable() {
        var one = Homes.january(Homes.of("name: a\n" + Homes.flat("")), 1);
        var lines = PlanTable.lines(List.of(one, one, one, one), 80);
        for (var line : lines) assertTrue(line.length() <= 80, line);
        assertEquals(2, lines.stream().filter(line -> line.startsWith("Money")).count(), String.join("\n", lines));
        assertTrue(lines.contains(" ".repeat(49) + "4"), String.join("\n", lines));
    }

    @Test
    void theTableHasAColumnForEachPlan() {
        var one = Homes.january(Homes.of("name: first\n" + Homes.flat("")), 1);
        var two = Homes.january(Homes.of("name: second\n" + Homes.flat("")), 1);
        var lines = PlanTable.lines(List.of(one, two), 100);
        assertTrue(lines.getFirst().matches("Home +first +second"), lines.getFirst());
        for (var line : lines) assertTrue(line.length() <= 100, line);
        assertNotNull(one.report().advice());
    }
}
