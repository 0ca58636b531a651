package org.athanor.comfort.money;

import java.time.LocalDate;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** When what a device saves has paid for it. */
public final class Payback {
    private static final int MONTHS_PER_YEAR = 12;

    private Payback() {}

    /**
     * Years until the discounted savings reach the price, to a part of a month; empty when they do not within the horizon.
     *
     * @param price of the device, with everything that is bought for it
     * @param discount yearly, 0.03 is 3 %
     * @param savingPerYear what it saves in a year at a hashprice, at least 0: it may be left off
     */
    public static OptionalDouble years(
            double price,
            double discount,
            int horizonYears,
            HashpricePath path,
            LocalDate bought,
            DoubleUnaryOperator savingPerYear) {
        if (!(price >= 0)) throw new IllegalArgumentException("price " + price + ": 0 or more");
        if (!(discount > -1)) throw new IllegalArgumentException("discount " + discount + ": above -1");
        if (price == 0) return OptionalDouble.of(0);
        double open = price;
        for (int month = 0; month < horizonYears * MONTHS_PER_YEAR; month++) {
            var day = bought.plusMonths(month);
            double saved = savingPerYear.applyAsDouble(path.at(day))
                    / MONTHS_PER_YEAR
                    * Math.pow(1 + discount, -(month + 0.5) / MONTHS_PER_YEAR);
            if (saved >= open) return OptionalDouble.of((month + open / saved) / MONTHS_PER_YEAR);
            open -= Math.max(0, saved);
        }
        return OptionalDouble.empty();
    }
}
