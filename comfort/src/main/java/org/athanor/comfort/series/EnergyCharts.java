package org.athanor.comfort.series;

import java.time.Duration;
import java.util.Currency;

/**
 * Replies of {@code /price} of Fraunhofer ISE's <a href="https://api.energy-charts.info">energy-charts.info</a>: day-ahead
 * prices of a bidding zone, in quarters of an hour since October 2025, in euro also where another currency is used. The
 * licence depends on the zone and stands in each reply ({@link Prices#licence}).
 */
public final class EnergyCharts {
    public static final Currency CURRENCY = Currency.getInstance("EUR");

    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Duration HALF = Duration.ofMinutes(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_PRICES = 96 * 31;

    /** The harmonised limits of the European day-ahead market are -500 and 4000 €/MWh, and rise after extreme days. */
    private static final double IMPOSSIBLE_PER_MWH = 20_000;

    /** @param licence as the reply gives it */
    public record Prices(PriceOutlook outlook, String licence) {}

    private EnergyCharts() {}

    /**
     * @param source what to call the reply in messages
     * @param addition what the household pays beside the market's price
     * @throws SeriesException for text that is not such a reply: not JSON, another unit than EUR/MWh, times that are not evenly
     *     15, 30 or 60 minutes apart, a price that is null in the middle or impossible, no price at all
     */
    public static Prices prices(String source, String text, HouseholdAddition addition) {
        var reply = JsonReply.read(source, text);
        var unit = reply.member("unit");
        if (!unit.text().replace(" ", "").equalsIgnoreCase("EUR/MWh"))
            throw unit.wrong("\"" + unit.text() + "\" (EUR / MWh)");
        var times = EvenTimes.of(reply.member("unix_seconds"), 2, MOST_PRICES, QUARTER, HALF, HOUR);
        var price = reply.member("price");
        var given = price.numbers();
        if (given.size() != times.count()) throw price.wrong(given.size() + " prices for " + times.count() + " times");
        int count = EvenTimes.last(given) + 1; // those behind it are not published yet
        if (count == 0) throw price.wrong("has no price");
        var perKwh = new double[count];
        for (int i = 0; i < count; i++) {
            if (given.get(i).isEmpty()) throw price.wrong("price " + i + " is null, though later ones are not");
            double perMwh = given.get(i).get();
            if (Math.abs(perMwh) > IMPOSSIBLE_PER_MWH)
                throw price.wrong("price " + i + " is " + perMwh + " (within ±" + IMPOSSIBLE_PER_MWH + " EUR per MWh)");
            perKwh[i] = addition.perKwh(perMwh / 1000);
        }
        var licence = reply.has("license_info") ? reply.member("license_info").text() : "without a licence";
        return new Prices(new PriceOutlook(times.start(), times.step(), perKwh), licence);
    }
}
