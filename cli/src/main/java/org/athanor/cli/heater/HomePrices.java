package org.athanor.cli.heater;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.Optional;
import java.util.function.Function;
import org.athanor.cli.heater.HomeSetup.DayNight;
import org.athanor.cli.heater.HomeSetup.Flat;
import org.athanor.cli.heater.HomeSetup.Market;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.edge.Tariff;
import org.athanor.edge.forecast.OutlookSource;
import org.athanor.edge.forecast.PriceTerms;
import org.athanor.units.PricePerKwh;

/** What electricity costs a home, now and in the hours to come, by its contract. */
final class HomePrices {
    private static final Duration AHEAD = Duration.ofDays(2);
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final HomeSetup setup;

    HomePrices(HomeSetup setup) {
        this.setup = setup;
    }

    /** What forecasts go by; where day and night differ, {@link #known} says what they cost. */
    PriceTerms terms() {
        return switch (setup.tariff()) {
            case Flat(var price) -> new PriceTerms.Fixed(price);
            case DayNight dayNight -> new PriceTerms.Fixed(dayNight.day());
            case Market(var terms) -> terms;
        };
    }

    /** Of the two days to come; empty of a market, which tells its own. */
    Optional<PriceOutlook> known(Instant time) {
        var start = time.truncatedTo(ChronoUnit.HOURS);
        return switch (setup.tariff()) {
            case Flat(var price) -> Optional.of(new PriceOutlook(start, AHEAD, price.value()));
            case DayNight dayNight -> {
                var perKwh = new double[(int) AHEAD.dividedBy(QUARTER)];
                for (int i = 0; i < perKwh.length; i++)
                    perKwh[i] =
                            price(dayNight, start.plus(QUARTER.multipliedBy(i))).value();
                yield Optional.of(new PriceOutlook(start, QUARTER, perKwh));
            }
            case Market _ -> Optional.empty();
        };
    }

    private PricePerKwh price(DayNight tariff, Instant time) {
        var local = LocalTime.ofInstant(time, setup.zone());
        boolean over = tariff.dayFrom().isAfter(tariff.dayUntil());
        boolean after = !local.isBefore(tariff.dayFrom());
        boolean before = local.isBefore(tariff.dayUntil());
        return (over ? after || before : after && before) ? tariff.day() : tariff.night();
    }

    /**
     * What electricity is booked at.
     *
     * @param outlook that knows a market's prices
     */
    Tariff booked(OutlookSource outlook) {
        return switch (setup.tariff()) {
            case Flat(var price) -> Tariff.constant(price);
            case DayNight dayNight -> tariff(dayNight.day().currency(), time -> Optional.of(price(dayNight, time)));
            case Market(var terms) ->
                tariff(
                        terms.currency(),
                        time -> outlook.at(time)
                                .prices()
                                .filter(prices -> prices.covers(time))
                                .map(prices -> new PricePerKwh(prices.perKwh(time), terms.currency())));
        };
    }

    private static Tariff tariff(Currency currency, Function<Instant, Optional<PricePerKwh>> at) {
        return new Tariff() {
            @Override
            public Currency currency() {
                return currency;
            }

            @Override
            public Optional<PricePerKwh> at(Instant time) {
                return at.apply(time);
            }
        };
    }
}
