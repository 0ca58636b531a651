package org.athanor.edge.forecast;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.athanor.comfort.series.EnergyCharts;
import org.athanor.comfort.series.HouseholdAddition;

/**
 * {@code /price} of energy-charts.info for a bidding zone, from yesterday to tomorrow by the zone's own days. Tomorrow's prices
 * come in the early afternoon.
 */
record PriceQuestion(URI base, String biddingZone, HouseholdAddition addition)
        implements Question<EnergyCharts.Prices> {
    private static final String NAME = "energy-charts.info";

    @Override
    public String service() {
        return NAME;
    }

    @Override
    public String asked() {
        return "/price?bzn=" + URLEncoder.encode(biddingZone, StandardCharsets.UTF_8);
    }

    @Override
    public URI request(Instant now) {
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return Question.below(base, asked() + "&start=" + today.minusDays(1) + "&end=" + today.plusDays(1));
    }

    @Override
    public EnergyCharts.Prices read(String text, Instant fetched) {
        return EnergyCharts.prices(NAME, text, addition);
    }

    @Override
    public Optional<String> objection(EnergyCharts.Prices fresh, Optional<EnergyCharts.Prices> held, Instant now) {
        var prices = fresh.outlook();
        if (now.isBefore(prices.start()) || !now.isBefore(prices.end()))
            return Optional.of("prices from " + prices.start() + " to " + prices.end()
                    + " when this computer's clock says " + now);
        // a price once published stays: less than is known is the service's trouble
        return held.map(EnergyCharts.Prices::outlook)
                .filter(known -> !now.isBefore(known.start()) && prices.end().isBefore(known.end()))
                .map(known -> "prices to " + prices.end() + ", though those to " + known.end() + " are known");
    }
}
