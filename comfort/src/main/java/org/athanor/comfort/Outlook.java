package org.athanor.comfort;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.PowerOutlook;
import org.athanor.comfort.series.PriceOutlook;

/**
 * What is expected of the hours to come. Whatever is missing costs the plan, never the heat.
 *
 * @param forecast the newest there is, however old
 * @param prices of electricity
 * @param revenuePerHour what each heater's work earns at each of its levels (off first), in the currency of the prices; a heater
 *     that is not named earns nothing
 * @param promised W that those that compute have promised to draw at least, all together, for work that is leased
 * @param house the rest of the home
 * @param allowed W that those that compute may draw at most, all together, by the wish of an energy manager; hours of which it
 *     says nothing are free. It binds plans, and no thermostat that stands in for one
 */
public record Outlook(
        Optional<Forecast> forecast,
        Optional<PriceOutlook> prices,
        Map<String, List<Double>> revenuePerHour,
        Optional<PowerOutlook> promised,
        HouseOutlook house,
        Optional<PowerOutlook> allowed) {
    public static final Outlook UNKNOWN = new Outlook(Optional.empty(), Optional.empty(), Map.of());

    public Outlook {
        revenuePerHour = Map.copyOf(revenuePerHour);
    }

    /** With nothing said of the rest of the home. */
    public Outlook(
            Optional<Forecast> forecast, Optional<PriceOutlook> prices, Map<String, List<Double>> revenuePerHour) {
        this(forecast, prices, revenuePerHour, Optional.empty(), HouseOutlook.UNKNOWN);
    }

    /** With no wish of an energy manager. */
    public Outlook(
            Optional<Forecast> forecast,
            Optional<PriceOutlook> prices,
            Map<String, List<Double>> revenuePerHour,
            Optional<PowerOutlook> promised,
            HouseOutlook house) {
        this(forecast, prices, revenuePerHour, promised, house, Optional.empty());
    }

    /** With work that must run; hard limits, caps and timers go before it, the comfort band and its costs do not. */
    public Outlook withPromised(PowerOutlook watts) {
        return new Outlook(forecast, prices, revenuePerHour, Optional.of(watts), house, allowed);
    }

    /** With a cap that is wished of those that compute. */
    public Outlook withAllowed(PowerOutlook watts) {
        return new Outlook(forecast, prices, revenuePerHour, promised, house, Optional.of(watts));
    }

    public Outlook with(HouseOutlook rest) {
        return new Outlook(forecast, prices, revenuePerHour, promised, rest, allowed);
    }
}
