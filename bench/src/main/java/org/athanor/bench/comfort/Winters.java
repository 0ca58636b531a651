package org.athanor.bench.comfort;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.Weather;
import org.athanor.simulation.HomeShape;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.ShippedData;

/** The homes, climates, prices and days that are compared. */
public final class Winters {
    private record Case(String name, HomeSpec spec, RoomPrior prior, double watts) {}

    /** Heaters as large as it takes on the coldest days. */
    private static final List<Case> HOMES = List.of(
            new Case(
                    "light room",
                    spec(HomeShape.Kind.FLAT, 25, HomeShape.Mass.LIGHT, HomeShape.Insulation.AVERAGE),
                    new RoomPrior(25, Construction.LIGHT, Insulation.AVERAGE),
                    2600),
            new Case(
                    "medium flat",
                    spec(HomeShape.Kind.FLAT, 60, HomeShape.Mass.MEDIUM, HomeShape.Insulation.AVERAGE),
                    new RoomPrior(60, Construction.MEDIUM, Insulation.AVERAGE),
                    5000),
            new Case(
                    "heavy house",
                    spec(HomeShape.Kind.HOUSE, 90, HomeShape.Mass.HEAVY, HomeShape.Insulation.GOOD),
                    new RoomPrior(90, Construction.HEAVY, Insulation.GOOD),
                    6000));

    private static final Duration LEARNING = Duration.ofDays(10);
    private static final Duration LENGTH = Duration.ofDays(14);
    private static final int[] FROM_DAY = {14, 75};

    private Winters() {}

    private static HomeSpec spec(
            HomeShape.Kind kind, double floorArea, HomeShape.Mass mass, HomeShape.Insulation insulation) {
        var shape = new HomeShape(kind, floorArea, mass, insulation, HomeShape.peopleFor(floorArea));
        return shape.spec(mass + " " + kind);
    }

    public static void run(PrintStream out, String[] arguments) throws IOException {
        Map<String, Weather> climates = new LinkedHashMap<>();
        climates.put("Chicago", ShippedData.chicago());
        climates.put("Denver", ShippedData.denver());
        Map<String, PriceSeries> prices = new LinkedHashMap<>();
        prices.put("BE 2019", ShippedData.belgium2019());
        var only = "";
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) throw new IllegalArgumentException(arguments[i] + " needs a value");
            switch (arguments[i]) {
                case "--only" -> only = arguments[i + 1];
                case "--weather" -> {
                    var file = Path.of(arguments[i + 1]);
                    climates.put(name(file), Weather.readMos(file.toString(), Files.readString(file)));
                }
                case "--prices" -> {
                    var file = Path.of(arguments[i + 1]);
                    prices.put(name(file), dayAhead(file));
                }
                default ->
                    throw new IllegalArgumentException(arguments[i] + ": known are --only, --weather and --prices");
            }
        }
        if (climates.size() == 2) out.println("no third climate: --weather FILE.mos adds one");
        if (prices.size() == 1) out.println("no second series of prices: --prices FILE.csv adds one");
        out.println(Comparison.HEADER);
        for (var winter : winters(climates, prices)) {
            var comparison = winter.getKey();
            if (!winter.getValue().contains(only)) continue;
            out.println(comparison.row());
        }
    }

    private static String name(Path file) {
        var name = file.getFileName().toString();
        return name.substring(0, Math.min(12, name.length()));
    }

    private static List<Map.Entry<Comparison, String>> winters(
            Map<String, Weather> climates, Map<String, PriceSeries> prices) {
        var winters = new ArrayList<Map.Entry<Comparison, String>>();
        for (var home : HOMES)
            climates.forEach((place, weather) -> prices.forEach((market, series) -> {
                for (int day : FROM_DAY) {
                    var name = home.name() + ", " + place + ", " + market + ", " + day;
                    var winter = new Winter(
                            name, home.spec(), weather, series, Duration.ofDays(day), LEARNING, LENGTH, home.watts());
                    winters.add(Map.entry(new Comparison(winter, home.prior()), name));
                }
            }));
        return winters;
    }

    /** The first year of a file of day-ahead prices, with 0.15 EUR/kWh of network and tax. */
    private static PriceSeries dayAhead(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        var text = new StringBuilder("time,price\n");
        for (int hour = 0; hour < 8760; hour++) {
            var fields = lines.get(hour + 1).split(",", -1);
            text.append(3600L * hour)
                    .append(',')
                    .append(Double.parseDouble(fields[fields.length - 1]) + 0.15)
                    .append('\n');
        }
        return PriceSeries.readCsv(file.toString(), text.toString(), "price", Currency.getInstance("EUR"));
    }
}
