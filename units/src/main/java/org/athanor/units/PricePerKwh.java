package org.athanor.units;

import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/** Price of a kilowatt-hour. It may be negative, as day-ahead prices are at times. */
public record PricePerKwh(double value, Currency currency) {
    private static final Pattern TEXT = Pattern.compile("\\s*([+-]?\\d+(?:\\.\\d+)?)\\s*([A-Z]{3})/kWh\\s*");

    public PricePerKwh {
        Quantity.finite("price", value);
    }

    /**
     * Reads text such as {@code "0.2535 EUR/kWh"}.
     *
     * @throws IllegalArgumentException if {@code text} is not a number, an ISO 4217 code and /kWh
     */
    public static PricePerKwh parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches())
            throw new IllegalArgumentException("not a price: \"" + text + "\" (such as 0.25 EUR/kWh)");
        return new PricePerKwh(Double.parseDouble(matcher.group(1)), Currency.getInstance(matcher.group(2)));
    }

    public Money of(Joules energy) {
        return new Money(value * energy.kilowattHours(), currency);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f %s/kWh", value, currency);
    }
}
