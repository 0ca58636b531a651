package org.athanor.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            text      | watts | printed
            1.2 kW    |  1200 | 1.2 kW
            800W      |   800 | 800 W
            0 W       |     0 | 0 W
            2.5 MW    | 2.5e6 | 2.5 MW
            -17 W     |   -17 | -17 W
            """)
    void powerIsReadAndPrinted(String text, double watts, String printed) {
        assertEquals(watts, Watts.parse(text).value());
        assertEquals(printed, Watts.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            text       | hashesPerSecond | printed
            37.5 TH/s  | 37.5e12         | 37.5 TH/s
            250 kH/s   | 250e3           | 250 kH/s
            """)
    void hashrateIsReadAndPrinted(String text, double rate, String printed) {
        assertEquals(rate, Hashrate.parse(text).value());
        assertEquals(printed, Hashrate.parse(text).toString());
    }

    @Test
    void everyQuantityReadsWhatItPrints() {
        assertEquals(new Celsius(20.5), Celsius.parse(new Celsius(20.5).toString()));
        assertEquals("20.5 °C", new Celsius(20.5).toString());
        assertEquals(new Kelvins(-1.5), Kelvins.parse(new Kelvins(-1.5).toString()));
        assertEquals(new Joules(1500), Joules.parse(new Joules(1500).toString()));
        assertEquals(new JoulesPerTerahash(20), JoulesPerTerahash.parse(new JoulesPerTerahash(20).toString()));
        assertEquals(
                PricePerKwh.parse("0.2535 EUR/kWh"),
                PricePerKwh.parse(PricePerKwh.parse("0.2535 EUR/kWh").toString()));
        assertEquals(new Millisatoshis(1_500), Millisatoshis.parse(new Millisatoshis(1_500).toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "W", "1.2.3 W", "12 V", "NaN W", "1e999 W", "kW 1"})
    void malformedPowerIsRefusedNamingTheTextAndTheUnits(String text) {
        var error = assertThrows(IllegalArgumentException.class, () -> Watts.parse(text));
        if (!text.startsWith("1e999")) {
            assertTrue(error.getMessage().contains("\"" + text + "\""), error.getMessage());
            assertTrue(error.getMessage().contains("kW"), error.getMessage());
        }
    }

    @Test
    void aTemperatureBelowAbsoluteZeroIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Celsius(-274));
        assertThrows(IllegalArgumentException.class, () -> new Celsius(Double.NaN));
    }
}
