package org.athanor.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Locale;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.SeriesException;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.ShippedData;

/**
 * Weather and prices of a demo, and where they come from.
 *
 * @param apart whether the two come from different places
 */
record DemoData(
        Weather weather,
        String weatherSource,
        PriceSeries electricity,
        PriceSeries gas,
        String priceSource,
        boolean apart) {
    /** The calendar year that prices and dates belong to. */
    static final int YEAR = 2019;

    /** Local midnight in Chicago of the day that things begin with unless another is named: a cold spell. */
    static final Instant START = Instant.parse(YEAR + "-01-26T06:00:00Z");

    private static final Duration LAST_HOUR = Duration.ofHours(8759);
    private static final Currency EUR = Currency.getInstance("EUR");

    /**
     * @param weatherFile null for the shipped weather
     * @param priceFile null for the shipped prices
     * @throws UserMistake naming file, line and field of what cannot be read
     */
    static DemoData load(Path weatherFile, Path priceFile) {
        var weather = weatherFile == null ? ShippedData.chicago() : readWeather(weatherFile);
        var place = weather.location().name();
        if (priceFile == null)
            return new DemoData(
                    weather,
                    weatherFile == null ? "Chicago O'Hare, typical year (TMY3)" : place + " (" + weatherFile + ")",
                    ShippedData.belgium2019(),
                    ShippedData.belgium2019Gas(),
                    "Belgium 2019, day-ahead + 0.20 EUR/kWh network and tax",
                    true);
        var text = read(priceFile);
        return new DemoData(
                weather,
                weatherFile == null ? "Chicago O'Hare, typical year (TMY3)" : place + " (" + weatherFile + ")",
                readPrices(priceFile, text, "electricity"),
                readPrices(priceFile, text, "gas"),
                priceFile.toString(),
                weatherFile == null);
    }

    /** Shipped weather with the shipped prices. */
    static DemoData of(Weather weather) {
        return new DemoData(
                weather,
                weather.location().name() + ", typical year",
                ShippedData.belgium2019(),
                ShippedData.belgium2019Gas(),
                "Belgium 2019, day-ahead + 0.20 EUR/kWh network and tax",
                true);
    }

    /** Said wherever both are shown: they need not belong together. */
    String note() {
        return "Weather: " + weatherSource + ". Prices: " + priceSource
                + (apart ? ". The two come from different places." : ".");
    }

    private static Weather readWeather(Path file) {
        var text = read(file);
        try {
            var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".epw")) return Weather.readEpw(file.toString(), text);
            if (name.endsWith(".mos")) return Weather.readMos(file.toString(), text);
        } catch (SeriesException e) {
            throw new UserMistake("--weather: " + e.getMessage(), e);
        }
        throw new UserMistake("--weather " + file + ": a file that ends in .epw or .mos is accepted");
    }

    private static PriceSeries readPrices(Path file, String text, String column) {
        try {
            var prices = PriceSeries.readCsv(file.toString(), text, column, EUR);
            prices.at(LAST_HOUR);
            return prices;
        } catch (SeriesException e) {
            throw new UserMistake("--prices: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new UserMistake(
                    "--prices " + file + ": a whole year is accepted, 8760 hours (" + e.getMessage() + ")", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserMistake(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new UserMistake(file + ": not a text file", e);
        } catch (IOException e) {
            throw new UserMistake(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
