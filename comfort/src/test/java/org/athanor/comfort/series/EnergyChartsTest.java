package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnergyChartsTest {
    private static final Instant START = Instant.parse("2026-01-13T23:00:00Z");
    private static final Instant END = Instant.parse("2026-01-16T23:00:00Z");
    private static final HouseholdAddition BELGIAN = new HouseholdAddition(0.14, 0.06);

    private static PriceOutlook read(String text, HouseholdAddition addition) {
        return EnergyCharts.prices("energy-charts", text, addition).outlook();
    }

    private static String complaint(String text) {
        return assertThrows(SeriesException.class, () -> read(text, HouseholdAddition.NONE))
                .getMessage();
    }

    @Test
    void quartersBecomePricesPerKwh() {
        var prices = read(Replies.ENERGY_CHARTS, HouseholdAddition.NONE);
        assertEquals(START, prices.start());
        assertEquals(END, prices.end());
        assertEquals(0.05829, prices.perKwh(START), 1e-12);
        assertEquals(0.06101, prices.perKwh(START.plus(Duration.ofMinutes(15))), 1e-12);
        assertEquals(0.05787, prices.perKwh(END.minusSeconds(1)), 1e-12);
    }

    @Test
    void theHouseholdPaysAdditionAndTaxAlsoOnNegativePrices() {
        var prices = read(Replies.ENERGY_CHARTS, BELGIAN);
        assertEquals((0.05829 + 0.14) * 1.06, prices.perKwh(START), 1e-12);
        var negative = Instant.parse("2026-01-16T01:00:00Z"); // -33.38 €/MWh
        assertEquals((-0.03338 + 0.14) * 1.06, prices.perKwh(negative), 1e-12);
    }

    @Test
    void theLicenceOfTheZoneIsKept() {
        var prices = EnergyCharts.prices("energy-charts", Replies.ENERGY_CHARTS, BELGIAN);
        assertEquals(
                "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de", prices.licence());
    }

    @Test
    void whatIsNotPublishedYetShortensIt() {
        var today = Replies.withAll(Replies.ENERGY_CHARTS, "price", 192, 288, "null");
        assertEquals(Instant.parse("2026-01-15T23:00:00Z"), read(today, BELGIAN).end());
        assertEquals(
                "energy-charts, line 1, price: has no price",
                complaint(Replies.withAll(Replies.ENERGY_CHARTS, "price", 0, 288, "null")));
    }

    @Test
    void hourlyPricesAreReadToo() {
        var hourly = "{\"license_info\":\"x\",\"unix_seconds\":[1733612400,1733616000],\"price\":[93.91,-86.83],"
                + "\"unit\":\"EUR/MWh\",\"deprecated\":false}";
        var prices = read(hourly, HouseholdAddition.NONE);
        assertEquals(-0.08683, prices.perKwh(Instant.ofEpochSecond(1733619599)), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
            from                    | to                     | complaint
            "unit":"EUR / MWh"      | "unit":"No Unit"       | unit: "No Unit" (EUR / MWh)
            "unit":"EUR / MWh"      | "unit":"EUR / kWh"     | unit: "EUR / kWh" (EUR / MWh)
            ,"unit":"EUR / MWh"     | ``                     | unit: is missing; there are license_info, unix_seconds, price, deprecated
            "price":[58.29,         | "price":[              | price: 287 prices for 288 times
            "price":[58.29,         | "price":["58.29",      | price[0]: is no number
            "price":[58.29,         | "price":[null,         | price: price 0 is null, though later ones are not
            "price":[58.29,         | "price":[58290,        | price: price 0 is 58290.0 (within ±20000.0 EUR per MWh)
            1768345200,1768346100   | 1768345200,1768346200  | unix_seconds: begins with 1768345200 and 1768346200 (apart by 15 min, 30 min, 60 min)
            """)
    void whatIsNoPriceListIsRefused(String from, String to, String complaint) {
        assertTrue(Replies.ENERGY_CHARTS.contains(from));
        assertEquals("energy-charts, line 1, " + complaint, complaint(Replies.ENERGY_CHARTS.replace(from, to)));
    }

    @Test
    void impossibleAdditionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HouseholdAddition(Double.NaN, 0));
        var percent = assertThrows(IllegalArgumentException.class, () -> new HouseholdAddition(0.1, 21));
        assertEquals("tax on electricity 21.0 (0 to 1; 0.21 is 21 %)", percent.getMessage());
    }

    @Property(tries = 1000)
    void aDamagedReplyIsRefusedOrAPriceList(
            @ForAll @IntRange(min = 0, max = 5160) int at,
            @ForAll @IntRange(min = 0, max = 30) int removed,
            @ForAll @CharRange(from = ' ', to = '~') char put) {
        var whole = Replies.ENERGY_CHARTS;
        var damaged = whole.substring(0, at) + put + whole.substring(Math.min(whole.length(), at + removed));
        try {
            assertTrue(read(damaged, HouseholdAddition.NONE).end().isAfter(START));
        } catch (SeriesException e) {
            assertTrue(e.getMessage().startsWith("energy-charts, line 1, "), e.getMessage());
        }
    }
}
