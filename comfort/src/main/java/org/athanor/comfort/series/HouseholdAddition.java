package org.athanor.comfort.series;

/**
 * What a household pays per kWh beside the market's price: (market + addition) (1 + tax).
 *
 * @param perKwh of supplier, network and levies, before tax; in the currency of the market, it may be negative
 * @param taxShare value added tax, 0.21 for 21 %
 */
public record HouseholdAddition(double perKwh, double taxShare) {
    public static final HouseholdAddition NONE = new HouseholdAddition(0, 0);

    /** @throws IllegalArgumentException for an addition beyond ±10 per kWh, or a tax outside 0 to 1 */
    public HouseholdAddition {
        if (!(Math.abs(perKwh) <= 10))
            throw new IllegalArgumentException("addition to the market's price " + perKwh + " per kWh (-10 to 10)");
        if (!(taxShare >= 0 && taxShare <= 1))
            throw new IllegalArgumentException("tax on electricity " + taxShare + " (0 to 1; 0.21 is 21 %)");
    }

    /** @param market per kWh; a negative one is taxed too, as on the bills of dynamic contracts */
    public double perKwh(double market) {
        return (market + perKwh) * (1 + taxShare);
    }
}
