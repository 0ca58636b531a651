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
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.athanor.comfort.learning.Construction;
import org.athanor.comfort.learning.Insulation;
import org.athanor.comfort.learning.RoomPrior;
import org.athanor.comfort.money.MiningPay;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.Weather;
import org.athanor.ledger.MiningScenario;
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
    private static final int HOURS = 8760;
    private static final int[] FROM_DAY = {14, 75};

    /** Of the lower end of ours' band, K: its knob, as the thermostats' setpoint is theirs. */
    private static final double[] OFFSETS = {-0.28, -0.2, -0.12, -0.04, 0, 0.04, 0.1};

    private static final double[] ABLATED = {-0.03, 0, 0.03};
    private static final double LEARNING_OFFSET = 0.05;

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
        var only = List.of("");
        String ablate = null;
        Path page = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) throw new IllegalArgumentException(arguments[i] + " needs a value");
            switch (arguments[i]) {
                case "--only" -> only = List.of(arguments[i + 1].split(";", -1));
                case "--html" -> page = Path.of(arguments[i + 1]);
                case "--ablate" -> ablate = arguments[i + 1];
                case "--weather" -> {
                    var file = Path.of(arguments[i + 1]);
                    climates.put(name(file), Weather.readMos(file.toString(), whole(Files.readString(file))));
                }
                case "--prices" -> {
                    var file = Path.of(arguments[i + 1]);
                    prices.put(name(file), dayAhead(file));
                }
                default ->
                    throw new IllegalArgumentException(arguments[i]
                            + ": known are --only, --weather, --prices, --html and --ablate (\"\" for all)");
            }
        }
        for (var market : List.copyOf(prices.keySet())) {
            var series = prices.get(market);
            prices.put(market + " flat", flat(series));
            prices.put(market + " mining", changed(series, price -> price - MINING_PER_KWH));
        }
        if (climates.size() == 2) out.println("no third climate: --weather FILE.mos adds one");
        if (prices.size() == 3) out.println("no second series of prices: --prices FILE.csv adds one");
        out.println(Comparison.HEADER);
        var shown = new ArrayList<Comparison>();
        for (var comparison : winters(climates, prices)) {
            if (only.stream().noneMatch(comparison.winter.name()::contains)) continue;
            if (ablate != null) {
                Ablation.run(comparison.winter, comparison.prior, ablate, ABLATED, out);
                continue;
            }
            comparison.learn(Ablation.standard(LEARNING_OFFSET));
            out.flush();
            comparison.tuneThermostat();
            comparison.tryHysteresis();
            for (double offset : OFFSETS) comparison.tryOurs(Ablation.standard(offset));
            comparison.bound();
            for (double kelvinHours : Comparison.KELVIN_HOURS) out.println(comparison.row(kelvinHours));
            shown.add(comparison);
            if (page != null) Files.writeString(page, ComfortPage.page(shown));
        }
    }

    /** Tables that begin at 0 s and have as many rows as a year has hours lack its last one: it is taken for the one before. */
    private static String whole(String text) {
        var last = text.stripTrailing();
        last = last.substring(last.lastIndexOf('\n') + 1);
        var tab = last.indexOf('\t');
        if (tab < 0 || Double.parseDouble(last.substring(0, tab)) != 3600.0 * (HOURS - 1)) return text;
        return text.stripTrailing() + '\n' + 3600.0 * HOURS + last.substring(tab) + '\n';
    }

    private static String name(Path file) {
        var name = file.getFileName().toString();
        return name.substring(0, Math.min(12, name.length()));
    }

    private static List<Comparison> winters(Map<String, Weather> climates, Map<String, PriceSeries> prices) {
        var winters = new ArrayList<Comparison>();
        for (var home : HOMES)
            climates.forEach((place, weather) -> prices.forEach((market, series) -> {
                for (int day : FROM_DAY) {
                    var name = home.name() + ", " + place + ", " + market + ", " + day;
                    var winter = new Winter(
                            name, home.spec(), weather, series, Duration.ofDays(day), LEARNING, LENGTH, home.watts());
                    winters.add(new Comparison(winter, home.prior()));
                }
            }));
        return winters;
    }

    /**
     * What a kWh earns in an Avalon Q (1300 W for 83 TH/s) at the hashprice of July 2025, the pool's fee taken off: a dated scenario, no
     * forecast. Taken off the price, so that "cost" is money paid less money earned.
     */
    private static final double MINING_PER_KWH = MiningPay.perKwh(
            MiningScenario.JULY_2025.hashprice(),
            MiningScenario.JULY_2025.poolFee().doubleValue(),
            1300.0 / 83);

    /** The first year of a file of day-ahead prices, with 0.15 EUR/kWh of network and tax. */
    private static PriceSeries dayAhead(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        return series(file.toString(), hour -> {
            var fields = lines.get(hour + 1).split(",", -1);
            return Double.parseDouble(fields[fields.length - 1]) + 0.15;
        });
    }

    private static PriceSeries flat(PriceSeries series) {
        double sum = 0;
        for (int hour = 0; hour < HOURS; hour++)
            sum += series.at(Duration.ofHours(hour)).value();
        double mean = sum / HOURS;
        return changed(series, price -> mean);
    }

    private static PriceSeries changed(PriceSeries series, DoubleUnaryOperator change) {
        return series(
                "changed",
                hour -> change.applyAsDouble(series.at(Duration.ofHours(hour)).value()));
    }

    private static PriceSeries series(String name, IntToDoubleFunction ofHour) {
        var text = new StringBuilder("time,price\n");
        for (int hour = 0; hour < HOURS; hour++)
            text.append(3600L * hour)
                    .append(',')
                    .append(ofHour.applyAsDouble(hour))
                    .append('\n');
        return PriceSeries.readCsv(name, text.toString(), "price", Currency.getInstance("EUR"));
    }
}
