package org.athanor.comfort.series;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import org.athanor.units.PricePerKwh;

/** Hourly prices from the start of a year. A series of a whole year repeats; a shorter one ends. */
public final class PriceSeries {
    private static final int HOURS_OF_YEAR = 8760;
    private static final String TIME = "time";

    private final String source;
    private final Currency currency;
    private final double[] prices;

    private PriceSeries(String source, Currency currency, double[] prices) {
        this.source = source;
        this.currency = currency;
        this.prices = prices;
    }

    /**
     * Reads comma-separated text: a header, then one line an hour with {@code time} in seconds from the start of the year.
     *
     * @param source what to call the text in messages, such as its file name
     * @param column name of the column that holds the price per kWh
     * @throws SeriesException on a missing column, a gap, a duplicate, disorder or something that is not a number
     */
    public static PriceSeries readCsv(String source, String text, String column, Currency currency) {
        var lines = text.lines().toList();
        if (lines.isEmpty()) throw new SeriesException(source, 1, "header", "the text is empty");
        var header = Arrays.stream(lines.getFirst().split(",", -1))
                .map(String::strip)
                .toList();
        int timeField = field(source, header, TIME);
        int priceField = field(source, header, column);
        var prices = new ArrayList<Double>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) continue;
            var row = TextRow.of(source, i + 1, lines.get(i), ",");
            hourly(row, timeField, prices.size());
            prices.add(row.number(priceField, column));
        }
        if (prices.isEmpty()) throw new SeriesException(source, lines.size(), "end of text", "there are no prices");
        // one hour more than a year is the first moment of the next, as BOPTEST writes it
        if (prices.size() == HOURS_OF_YEAR + 1) prices.removeLast();
        return new PriceSeries(
                source,
                currency,
                prices.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static int field(String source, List<String> header, String name) {
        int index = header.indexOf(name);
        if (index < 0)
            throw new SeriesException(
                    source, 1, "header", "no column \"" + name + "\"; there are " + String.join(", ", header));
        return index + 1;
    }

    private static void hourly(TextRow row, int field, int hours) {
        double time = row.number(field, TIME);
        double expected = 3600.0 * hours;
        if (time == expected) return;
        var what = hours > 0 && time == expected - 3600
                ? "a duplicate of the hour before"
                : time < expected ? "out of order" : "a gap";
        throw row.wrong(field, TIME, time + " s is " + what + "; " + expected + " s was expected");
    }

    /**
     * The price of the hour that contains this moment.
     *
     * @throws IllegalArgumentException if the series is shorter than a year and does not reach that far
     */
    public PricePerKwh at(Duration sinceYearStart) {
        long hour = Math.floorDiv(sinceYearStart.toSeconds(), 3600L);
        if (prices.length >= HOURS_OF_YEAR) hour = Math.floorMod(hour, (long) prices.length);
        if (hour < 0 || hour >= prices.length)
            throw new IllegalArgumentException(
                    source + " has prices for " + prices.length + " hours, none for hour " + hour);
        return new PricePerKwh(prices[(int) hour], currency);
    }
}
