package org.athanor.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.Location;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.WindowSun;
import org.athanor.devices.avalon.AvalonModel;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.Climate;
import org.athanor.simulation.ForecastErrors;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.World;

/**
 * What services would tell the demo's home: each hour a forecast of the simulated weather that errs as in life, and
 * day-ahead prices as a market publishes them, those of the next day at 13:00. Of one thread.
 */
final class DemoOutlook implements OutlookSource {
    private static final int FORECAST_HOURS = 48;
    private static final int PUBLISHED_HOUR = 13;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final double MSAT_PER_BITCOIN = 1e11;

    private final Climate climate;
    private final Location location;
    private final ZoneOffset offset;
    private final WindowSun windows = HomeSpec.wellInsulatedFlat().windowSun();
    private final PriceSeries electricity;
    private final ForecastErrors errors;
    private final Map<String, List<Double>> revenue;
    private Optional<Forecast> forecast = Optional.empty();
    private Optional<PriceOutlook> prices = Optional.empty();

    /** @param seed of the forecast's errors */
    DemoOutlook(DemoData data, MiningScenario scenario, long seed) {
        // this computer earns some millionths of a cent an hour, which no plan would notice: it is left out
        this(data, Map.of(Demo.MINER, minerPerHour(scenario)), seed);
    }

    /** @param revenue of each heater's levels an hour, off first */
    DemoOutlook(DemoData data, Map<String, List<Double>> revenue, long seed) {
        climate = Climate.of(data.weather());
        location = data.weather().location();
        offset = World.offset(location);
        electricity = data.electricity();
        errors = ForecastErrors.typical(seed);
        this.revenue = revenue;
    }

    /** What the simulated miner's levels earn, off first, in the scenario's currency. */
    static List<Double> minerPerHour(MiningScenario scenario) {
        var levels = new ArrayList<>(List.of(0.0));
        for (var level : AvalonModel.MINI_3.heatingLevels())
            levels.add(level.hashrate().value()
                    * HOUR.toSeconds()
                    * scenario.payPerHash()
                    / MSAT_PER_BITCOIN
                    * scenario.bitcoinPrice().doubleValue());
        return levels;
    }

    @Override
    public Outlook at(Instant time) {
        var issued = time.truncatedTo(ChronoUnit.HOURS);
        if (forecast.isEmpty() || !forecast.get().issued().equals(issued))
            forecast = Optional.of(
                    errors.forecast(climate, windows, issued, World.sinceYearStart(issued, location), FORECAST_HOURS));
        var today = LocalDate.ofInstant(time, offset);
        int days = time.atOffset(offset).getHour() >= PUBLISHED_HOUR ? 2 : 1;
        var start = today.atStartOfDay().toInstant(offset);
        var end = start.plus(HOUR.multipliedBy(24L * days));
        if (prices.isEmpty()
                || !prices.get().start().equals(start)
                || !prices.get().end().equals(end)) prices = Optional.of(prices(start, 24 * days));
        return new Outlook(forecast, prices, revenue);
    }

    private PriceOutlook prices(Instant start, int hours) {
        var perKwh = new double[hours];
        for (int i = 0; i < hours; i++)
            perKwh[i] = electricity
                    .at(World.sinceYearStart(start.plus(HOUR.multipliedBy(i)), location))
                    .value();
        return new PriceOutlook(start, HOUR, perKwh);
    }
}
