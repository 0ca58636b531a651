package org.athanor.edge.forecast;

import java.util.Currency;
import org.athanor.comfort.series.EnergyCharts;
import org.athanor.comfort.series.HouseholdAddition;
import org.athanor.units.PricePerKwh;

/** What the household's contract says of the price of electricity. */
public sealed interface PriceTerms {
    Currency currency();

    /** The same price at any time; nobody is asked. */
    record Fixed(PricePerKwh price) implements PriceTerms {
        @Override
        public Currency currency() {
            return price.currency();
        }
    }

    /**
     * That of the day-ahead market, and what the household pays beside it.
     *
     * @param biddingZone by its short name, such as BE, DE-LU or DK1
     */
    record DayAhead(String biddingZone, HouseholdAddition addition) implements PriceTerms {
        /** @throws IllegalArgumentException for a name that no zone has */
        public DayAhead {
            if (!biddingZone.matches("[A-Z]{2}[A-Za-z0-9-]{0,20}"))
                throw new IllegalArgumentException(
                        "bidding zone \"" + biddingZone + "\" (a short name such as BE, DE-LU or DK1)");
        }

        @Override
        public Currency currency() {
            return EnergyCharts.CURRENCY;
        }
    }
}
