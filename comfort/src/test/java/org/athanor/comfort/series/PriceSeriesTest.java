package org.athanor.comfort.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Currency;
import org.athanor.units.PricePerKwh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceSeriesTest {
    private static final Currency EUR = Currency.getInstance("EUR");

    private static PriceSeries read(String text) {
        return PriceSeries.readCsv("be.csv", text, "Dynamic", EUR);
    }

    @Test
    void theHourThatContainsTheMomentCounts() {
        var prices = read("time,Constant,Dynamic\n0.0,0.25,0.2\n3600.0,0.25,-0.01\n7200,0.25,3e-1\n");
        assertEquals(new PricePerKwh(0.2, EUR), prices.at(Duration.ofMinutes(59)));
        assertEquals(new PricePerKwh(-0.01, EUR), prices.at(Duration.ofHours(1)));
        assertEquals(new PricePerKwh(0.3, EUR), prices.at(Duration.ofMinutes(179)));
        assertThrows(IllegalArgumentException.class, () -> prices.at(Duration.ofHours(3)));
    }

    @Test
    void aWholeYearRepeatsAndItsLastLineMayBeTheFirstOfTheNext() {
        var text = new StringBuilder("time,Dynamic\n");
        for (int h = 0; h <= 8760; h++)
            text.append(h * 3600).append(',').append(h == 8760 ? 77 : h).append('\n');
        var prices = read(text.toString());
        assertEquals(8759, prices.at(Duration.ofHours(8759)).value());
        assertEquals(0, prices.at(Duration.ofDays(365)).value());
        assertEquals(8759, prices.at(Duration.ofHours(-1)).value());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            second line | third line | says
            0,0.2       | 7200,0.2   | be.csv, line 3, field 1 (time): 7200.0 s is a gap; 3600.0 s was expected
            0,0.2       | 0,0.2      | be.csv, line 3, field 1 (time): 0.0 s is a duplicate of the hour before; 3600.0 s was expected
            0,0.2       | 1800,0.2   | be.csv, line 3, field 1 (time): 1800.0 s is out of order; 3600.0 s was expected
            0,0.2       | 3600,      | be.csv, line 3, field 2 (Dynamic): not a number: ""
            0,0.2       | 3600,n/a   | be.csv, line 3, field 2 (Dynamic): not a number: "n/a"
            0,0.2       | 3600       | be.csv, line 3, field 2 (Dynamic): the line has only 1 fields
            x,0.2       | 3600,0.2   | be.csv, line 2, field 1 (time): not a number: "x"
            3600,0.2    | 7200,0.2   | be.csv, line 2, field 1 (time): 3600.0 s is a gap; 0.0 s was expected
            """)
    void aBadLineIsNamed(String second, String third, String says) {
        var text = "time,Dynamic\n" + second + "\n" + third;
        assertEquals(says, assertThrows(SeriesException.class, () -> read(text)).getMessage());
    }

    @Test
    void aMissingColumnListsThoseThatThereAre() {
        assertEquals(
                "be.csv, line 1, header: no column \"Dynamic\"; there are time, Constant",
                assertThrows(SeriesException.class, () -> read("time,Constant\n0,1"))
                        .getMessage());
        assertThrows(SeriesException.class, () -> read(""));
        assertThrows(SeriesException.class, () -> read("time,Dynamic\n"));
    }
}
