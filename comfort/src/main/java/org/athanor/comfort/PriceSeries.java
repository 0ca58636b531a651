package org.athanor.comfort;

import java.time.Duration;
import java.util.Currency;
import org.athanor.units.PricePerKwh;

/** Hourly prices of a year. */
public final class PriceSeries {
    private PriceSeries() {}

    public static PriceSeries readCsv(String source, String text, String column, Currency currency) {
        throw new UnsupportedOperationException("price reader: " + source + text.length() + column + currency);
    }

    public PricePerKwh at(Duration sinceYearStart) {
        throw new UnsupportedOperationException("price at " + sinceYearStart);
    }
}
