package org.athanor.edge.forecast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.athanor.comfort.Outlook;
import org.athanor.comfort.series.EnergyCharts;
import org.athanor.comfort.series.Forecast;
import org.athanor.comfort.series.OpenMeteo;
import org.athanor.comfort.series.PriceOutlook;
import org.athanor.units.PricePerKwh;

/**
 * The outlook of a home from a weather service and the terms of its contract, asked about once an hour in the background. What
 * it has, it gives, however old; a plan that rests on an old forecast says so itself, {@link #sentences} says it for people.
 */
public final class RemoteOutlook implements OutlookSource, AutoCloseable {
    /** A fixed price is known for longer than any plan looks ahead. */
    private static final Duration FIXED_FOR = Duration.ofDays(5);

    private static final Duration JOIN = Duration.ofSeconds(5);

    private final PriceTerms terms;
    private final Supplier<Map<String, List<Double>>> revenuePerHour;
    private final Transport transport;
    private final Refresher<Forecast> weather;
    private final Optional<Refresher<EnergyCharts.Prices>> market;
    private final List<Thread> threads = new ArrayList<>();

    /** Nothing runs yet: {@link #start} does, tests step by hand. */
    RemoteOutlook(
            ForecastConfig config,
            Supplier<Map<String, List<Double>>> revenuePerHour,
            InstantSource clock,
            LongSupplier nanos,
            Consumer<String> notes) {
        terms = config.prices();
        this.revenuePerHour = revenuePerHour;
        transport = new Transport(config.timeout());
        weather = new Refresher<>(
                new WeatherQuestion(config.weather(), config.home(), config.windows()),
                transport,
                new ReplyFile(config.folder().resolve("weather.reply"), notes),
                clock,
                nanos,
                ThreadLocalRandom.current()::nextDouble,
                notes);
        market = switch (terms) {
            case PriceTerms.Fixed _ -> Optional.empty();
            case PriceTerms.DayAhead(var zone, var addition) ->
                Optional.of(new Refresher<>(
                        new PriceQuestion(config.market(), zone, addition),
                        transport,
                        new ReplyFile(config.folder().resolve("prices.reply"), notes),
                        clock,
                        nanos,
                        ThreadLocalRandom.current()::nextDouble,
                        notes));
        };
    }

    /**
     * Begins with the replies that the folder holds, and asks for newer ones in threads of its own.
     *
     * @param revenuePerHour what each heater's work earns at each of its levels (off first), in the currency of the prices; asked
     *     at each call of {@link #at}, so it must not wait for anything
     * @param clock of the wall
     * @param notes told of trouble and of its end, in sentences, from any thread
     */
    public static RemoteOutlook start(
            ForecastConfig config,
            Supplier<Map<String, List<Double>>> revenuePerHour,
            InstantSource clock,
            Consumer<String> notes) {
        var outlook = new RemoteOutlook(config, revenuePerHour, clock, System::nanoTime, notes);
        outlook.run("weather", outlook.weather, notes);
        outlook.market.ifPresent(prices -> outlook.run("prices", prices, notes));
        return outlook;
    }

    private void run(String name, Refresher<?> refresher, Consumer<String> notes) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                while (true) {
                    Duration wait;
                    try {
                        wait = refresher.step();
                    } catch (RuntimeException e) {
                        notes.accept("error of this program in asking for " + name + ": " + e);
                        wait = Refresher.EVERY;
                    }
                    Thread.sleep(wait);
                }
            } catch (InterruptedException _) {
                // closed
            }
        }));
    }

    Refresher<Forecast> weather() {
        return weather;
    }

    Optional<Refresher<EnergyCharts.Prices>> market() {
        return market;
    }

    /** From memory: it waits for nobody. */
    @Override
    public Outlook at(Instant time) {
        return new Outlook(weather.held().value(), prices(time), revenuePerHour.get());
    }

    private Optional<PriceOutlook> prices(Instant time) {
        return switch (terms) {
            case PriceTerms.Fixed(var price) ->
                Optional.of(new PriceOutlook(time.truncatedTo(ChronoUnit.HOURS), FIXED_FOR, price.value()));
            case PriceTerms.DayAhead _ ->
                market.flatMap(prices -> prices.held().value()).map(EnergyCharts.Prices::outlook);
        };
    }

    /** What a kWh costs at this time, addition and tax included; empty when that is not known. */
    public Optional<PricePerKwh> price(Instant time) {
        return prices(time)
                .filter(prices -> !time.isBefore(prices.start()) && time.isBefore(prices.end()))
                .map(prices -> new PricePerKwh(prices.perKwh(time), terms.currency()));
    }

    /** For people: where weather and prices come from, under which licence, how old they are, and what is wrong. */
    public List<String> sentences(Instant now) {
        var sentences = new ArrayList<String>();
        var forecast = weather.held();
        sentences.add(sentence(OpenMeteo.ATTRIBUTION, forecast, now)
                + forecast.value()
                        .filter(known -> !now.isBefore(known.end()))
                        .map(known -> "; it ended at " + known.end())
                        .orElse(""));
        market.map(Refresher::held).ifPresent(held -> {
            var licence = held.value().map(EnergyCharts.Prices::licence).map(text -> ", " + text);
            sentences.add(sentence("Prices by energy-charts.info" + licence.orElse(""), held, now)
                    + held.value()
                            .map(known -> "; they reach to " + known.outlook().end())
                            .orElse(""));
        });
        return List.copyOf(sentences);
    }

    private static String sentence(String source, Refresher.Held<?> held, Instant now) {
        var age = held.fetched()
                .map(fetched -> age(Duration.between(fetched, now)))
                .orElse("none yet");
        return source + ": " + age + held.trouble().map(why -> "; " + why).orElse("");
    }

    private static String age(Duration age) {
        if (age.isNegative()) return "of a time that is yet to come by this computer's clock";
        if (age.toMinutes() < 90) return age.toMinutes() + " min old";
        return age.toHours() < 72 ? age.toHours() + " h old" : age.toDays() + " days old";
    }

    /** Ends the asking. What is known can still be had. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        transport.close();
        boolean interrupted = false;
        for (var thread : threads) {
            try {
                thread.join(JOIN);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
