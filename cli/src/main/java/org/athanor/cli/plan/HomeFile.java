package org.athanor.cli.plan;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.athanor.cli.yaml.Fields;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.comfort.money.Carbon;
import org.athanor.comfort.money.HashpricePath;
import org.athanor.comfort.money.HeatPrice;
import org.athanor.comfort.money.HeatPump;
import org.athanor.comfort.money.MiningPay;
import org.athanor.comfort.series.PriceSeries;
import org.athanor.comfort.series.SeriesException;
import org.athanor.comfort.series.Weather;
import org.athanor.devices.catalogue.Catalogue;
import org.athanor.devices.catalogue.CatalogueDevice;
import org.athanor.ledger.MiningScenario;
import org.athanor.simulation.HomeShape;
import org.athanor.simulation.HomeSpec;
import org.athanor.simulation.ShippedData;
import org.athanor.units.Millisatoshis;

/**
 * Reads a home file. All of it is read and checked before anything of it is used; the first mistake ends the reading.
 * {@code athanor help home} documents every key.
 */
public final class HomeFile {
    private static final Currency EUR = Currency.getInstance("EUR");
    static final Set<String> KEYS = Set.of(
            "name",
            "home",
            "country",
            "currency",
            "climate",
            "setpoint",
            "schedule",
            "band",
            "openWindowsAbove",
            "quietHours",
            "heating",
            "alternatives",
            "tariff",
            "device",
            "mining",
            "payback",
            "carbon",
            "wear",
            "operation");
    private static final String[] HEATING_KEYS = {"kind", "price", "efficiency", "source", "sink", "carbonKgPerKwh"};
    private static final String[] ALTERNATIVE_KEYS = {"price", "efficiency", "source", "sink", "carbonKgPerKwh"};
    private static final Duration LAST_HOUR = Duration.ofHours(8759);

    private final Path folder;
    private final Fields top;
    private final Currency currency;
    private final CountryFigures country;
    private final Optional<CatalogueDevice> instead;

    private HomeFile(Path folder, Fields top, Optional<CatalogueDevice> instead) {
        this.folder = folder;
        this.top = top;
        this.instead = instead;
        currency = top.value("currency", "an ISO 4217 code such as EUR", Currency::getInstance)
                .orElse(EUR);
        country = top.value("country", "a country by two letters, such as be, or other", CountryFigures::of)
                .orElseGet(() -> CountryFigures.of("be"));
    }

    /** @throws YamlMistake naming file, line, field, value and what is accepted */
    public static PlannedHome read(Path file) {
        return read(file, Optional.empty());
    }

    /**
     * The same home with one piece of another device, at the catalogue's price; its name then ends in the device's.
     *
     * @throws YamlMistake as above, or if the catalogue has no such device
     */
    public static PlannedHome read(Path file, String model) {
        var device = Catalogue.find(model)
                .orElseThrow(() -> new YamlMistake(
                        "device " + model + ": one of " + String.join(", ", models().keySet()) + " is accepted"));
        return read(file, Optional.of(device));
    }

    private static PlannedHome read(Path file, Optional<CatalogueDevice> instead) {
        var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        return new HomeFile(folder, Fields.of(file.toString(), text(file), KEYS), instead).home();
    }

    /**
     * A home from text that stands in no file.
     *
     * @param source what to call the text
     * @param folder that paths in the text begin at
     * @throws YamlMistake as above
     */
    public static PlannedHome parse(String source, String text, Path folder) {
        return new HomeFile(folder, Fields.of(source, text, KEYS), Optional.empty()).home();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new YamlMistake(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new YamlMistake(file + ": not a text file", e);
        } catch (IOException e) {
            throw new YamlMistake(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private PlannedHome home() {
        var spec = spec();
        var name = top.text("name", "a short name").orElse(spec.name())
                + instead.map(device -> ", " + device.title()).orElse("");
        var weather = weather();
        var tariff = tariff();
        var heating = heating();
        var mining = mining();
        var device = device();
        var payback = top.group("payback", "discount", "years", "low", "middle", "high");
        var carbon = top.group("carbon", "electricityKgPerKwh", "displacedPue", "displacedKgPerKwh");
        var intensity = intensity(carbon);
        var setpoints = setpoints();
        double band = top.number("band", 0.1, 5, "K").orElse(1);
        return new PlannedHome(
                name,
                spec,
                weather.weather,
                weather.source,
                tariff.tariff,
                tariff.source,
                setpoints,
                band,
                openWindowsAbove(PlannedHome.warmest(setpoints), band),
                quiet(),
                heating,
                alternatives(heating),
                device.device,
                device.count,
                device.occupancy,
                device.rentPerHour,
                device.otherMiningPerHour,
                device.price,
                device.priceSource,
                device.embodiedKg,
                top.choice("operation", ordered("heat-first", false, "only-when-cheaper", true))
                        .orElse(false),
                top.number("wear", 0, 1, currency + "/kWh").orElse(0),
                currency,
                mining,
                paths(payback, mining),
                payback.map(group -> group.number("discount", 0, 0.5, "(0.03 is 3 % a year)"))
                        .orElse(OptionalDouble.empty())
                        .orElse(0.03),
                payback.map(group -> group.whole("years", 1, 30, 10)).orElse(10),
                intensity.value(),
                intensity.source(),
                carbon.map(group -> group.number("displacedPue", 1, 3, ""))
                        .orElse(OptionalDouble.empty())
                        .orElse(1.2),
                carbon.map(group -> group.number("displacedKgPerKwh", 0, 2, "kg/kWh"))
                        .orElse(OptionalDouble.empty())
                        .orElse(intensity.value()));
    }

    /** People like the warmest of the day's setpoints, bear the band, and one kelvin more before they get up. Assumed. */
    private double openWindowsAbove(double warmest, double band) {
        return top.number("openWindowsAbove", warmest, 50, "°C, not below the setpoint")
                .orElse(warmest + band + 1);
    }

    private HomeSpec spec() {
        var group = top.group("home", "preset", "kind", "floorArea", "mass", "insulation", "people")
                .orElseThrow(
                        () -> top.missing("home", "a group of preset, or kind, floorArea, mass, insulation, people"));
        var preset = group.choice("preset", ordered("well-insulated-flat", HomeSpec.wellInsulatedFlat()));
        if (preset.isPresent()) {
            group.onlyWhere("a preset", "preset");
            return preset.get();
        }
        var kind = group.choice("kind", ordered("flat", HomeShape.Kind.FLAT, "house", HomeShape.Kind.HOUSE))
                .orElseThrow(() -> group.missing("kind", "one of flat, house"));
        double area = group.number("floorArea", 15, 500, "m2")
                .orElseThrow(() -> group.missing("floorArea", "a number from 15 to 500 m2"));
        var mass = group.choice(
                        "mass",
                        ordered(
                                "light",
                                HomeShape.Mass.LIGHT,
                                "medium",
                                HomeShape.Mass.MEDIUM,
                                "heavy",
                                HomeShape.Mass.HEAVY))
                .orElse(HomeShape.Mass.MEDIUM);
        var insulation = group.choice(
                        "insulation",
                        ordered(
                                "poor", HomeShape.Insulation.POOR,
                                "average", HomeShape.Insulation.AVERAGE,
                                "good", HomeShape.Insulation.GOOD,
                                "passive", HomeShape.Insulation.PASSIVE))
                .orElse(HomeShape.Insulation.AVERAGE);
        int people = group.whole("people", 0, 12, HomeShape.peopleFor(area));
        var title = String.format(
                Locale.ROOT,
                "%s, %.0f m2, %s, %s insulation",
                kind.name().toLowerCase(Locale.ROOT),
                area,
                mass.name().toLowerCase(Locale.ROOT),
                insulation.name().toLowerCase(Locale.ROOT));
        return new HomeShape(kind, area, mass, insulation, people).spec(title);
    }

    private record Climate(Weather weather, String source) {}

    private Climate weather() {
        var accepted = "chicago, denver or the path of a file that ends in .epw or .mos";
        var text = top.text("climate", accepted).orElse("chicago");
        if (text.equalsIgnoreCase("chicago"))
            return new Climate(ShippedData.chicago(), "Chicago O'Hare, typical year (TMY3)");
        if (text.equalsIgnoreCase("denver")) return new Climate(ShippedData.denver(), "Denver, typical year (TMY)");
        var lower = text.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".epw") && !lower.endsWith(".mos")) throw top.wrong("climate", accepted);
        var content = file(top, "climate", text);
        try {
            var weather = lower.endsWith(".epw") ? Weather.readEpw(text, content) : Weather.readMos(text, content);
            return new Climate(weather, weather.location().name() + " (" + text + ")");
        } catch (SeriesException e) {
            throw top.notTogether("climate", e.getMessage());
        }
    }

    private String file(Fields fields, String key, String path) {
        try {
            return text(folder.resolve(path));
        } catch (InvalidPathException e) {
            throw fields.wrong(key, "the path of a file");
        } catch (YamlMistake e) {
            throw fields.notTogether(key, e.getMessage());
        }
    }

    private record Priced(Tariff tariff, String source) {}

    private Priced tariff() {
        var group = top.group(
                "tariff", "kind", "price", "day", "night", "dayFrom", "dayUntil", "file", "column", "surcharge");
        if (group.isEmpty()) {
            var known = country.electricityIn(currency)
                    .orElseThrow(() -> top.missing(
                            "tariff",
                            "a group of kind and prices, such as {kind: flat, price: 0.30} (no price of electricity in "
                                    + currency + " is known of " + country.name() + ", but of "
                                    + CountryFigures.having(CountryFigures::electricity) + ")"));
            return flat(
                    known.value(),
                    country.name() + ", " + known.value() + " " + currency + "/kWh (" + known.source() + ")");
        }
        var tariff = group.get();
        var kind = tariff.choice(
                        "kind",
                        ordered("flat", "flat", "day-night", "day-night", "hourly", "hourly", "be_2019", "be_2019"))
                .orElseThrow(() -> tariff.missing("kind", "one of flat, day-night, hourly, be_2019"));
        return switch (kind) {
            case "flat" -> {
                tariff.onlyWhere("kind: flat", "kind", "price");
                double price = price(tariff, "price");
                yield flat(price, "flat, " + price + " " + currency + "/kWh");
            }
            case "day-night" -> dayNight(tariff);
            case "hourly" -> hourly(tariff);
            default -> {
                tariff.onlyWhere("kind: be_2019", "kind");
                if (!currency.equals(EUR))
                    throw tariff.wrong("kind", "with currency " + currency + " one of flat, day-night, hourly");
                yield new Priced(
                        time -> ShippedData.belgium2019().at(time).value(),
                        "Belgium 2019, day-ahead + 0.20 EUR/kWh network and tax, hourly");
            }
        };
    }

    private static Priced flat(double price, String source) {
        return new Priced(_ -> price, source);
    }

    private double price(Fields fields, String key) {
        double lowest = -1;
        double highest = 5;
        return fields.number(key, lowest, highest, currency + "/kWh")
                .orElseThrow(() -> fields.missing(key, "a number from -1 to 5 " + currency + "/kWh"));
    }

    private Priced dayNight(Fields tariff) {
        tariff.onlyWhere("kind: day-night", "kind", "day", "night", "dayFrom", "dayUntil");
        double day = price(tariff, "day");
        double night = price(tariff, "night");
        var from = tariff.time("dayFrom").orElse(LocalTime.of(7, 0));
        var until = tariff.time("dayUntil").orElse(LocalTime.of(22, 0));
        var daytime = new PlannedHome.Quiet(from, until, 0);
        return new Priced(
                time -> daytime.contains(timeOfDay(time)) ? day : night,
                "day " + day + " from " + from + " to " + until + ", night " + night + " " + currency + "/kWh");
    }

    static LocalTime timeOfDay(Duration sinceYearStart) {
        return LocalTime.ofSecondOfDay(Math.floorMod(sinceYearStart.toSeconds(), 86_400L));
    }

    private Priced hourly(Fields tariff) {
        tariff.onlyWhere("kind: hourly", "kind", "file", "column", "surcharge");
        var accepted = "the path of a CSV file with the columns time (seconds) and electricity";
        var path = tariff.text("file", accepted).orElseThrow(() -> tariff.missing("file", accepted));
        var column = tariff.text("column", "the name of a column").orElse("electricity");
        double surcharge = tariff.number("surcharge", -1, 5, currency + "/kWh").orElse(0);
        try {
            var prices = PriceSeries.readCsv(path, file(tariff, "file", path), column, currency);
            prices.at(LAST_HOUR);
            return new Priced(
                    time -> prices.at(time).value() + surcharge,
                    path + (surcharge == 0 ? "" : " + " + surcharge + " " + currency + "/kWh") + ", hourly");
        } catch (SeriesException e) {
            throw tariff.notTogether("file", e.getMessage());
        } catch (IllegalArgumentException e) {
            throw tariff.notTogether("file", "a whole year is accepted, 8760 hours (" + e.getMessage() + ")");
        }
    }

    private List<PlannedHome.Setpoint> setpoints() {
        if (top.has("setpoint") && top.has("schedule"))
            throw top.notTogether("setpoint", "stands beside schedule; one of the two is accepted");
        var schedule = top.list("schedule", "from", "setpoint");
        if (top.has("schedule") && schedule.isEmpty())
            throw top.notTogether("schedule", "is empty; at least one entry of from and setpoint is accepted");
        if (schedule.isEmpty())
            return List.of(
                    new PlannedHome.Setpoint(LocalTime.MIDNIGHT, celsius(top).orElse(20.5)));
        var setpoints = new ArrayList<PlannedHome.Setpoint>();
        for (var entry : schedule) {
            var from = entry.time("from").orElseThrow(() -> entry.missing("from", "a time of day such as \"06:30\""));
            double celsius = celsius(entry).orElseThrow(() -> entry.missing("setpoint", "a number from 5 to 28 °C"));
            if (!setpoints.isEmpty() && !from.isAfter(setpoints.getLast().from()))
                throw entry.wrong("from", "a time later than that of the entry before");
            setpoints.add(new PlannedHome.Setpoint(from, celsius));
        }
        return setpoints;
    }

    private static OptionalDouble celsius(Fields fields) {
        return fields.number("setpoint", 5, 28, "°C");
    }

    private Optional<PlannedHome.Quiet> quiet() {
        return top.group("quietHours", "from", "until", "maximumDecibels").map(group -> {
            var from = group.time("from").orElseThrow(() -> group.missing("from", "a time of day such as \"22:00\""));
            var until =
                    group.time("until").orElseThrow(() -> group.missing("until", "a time of day such as \"07:00\""));
            if (from.equals(until)) throw group.wrong("until", "a time other than that of from");
            return new PlannedHome.Quiet(
                    from,
                    until,
                    group.number("maximumDecibels", 0, 120, "dB(A)").orElse(40));
        });
    }

    private Heating heating() {
        var group = top.group("heating", HEATING_KEYS)
                .orElseThrow(
                        () -> top.missing("heating", "a group of kind and its prices: the heating that the home has"));
        var kind = group.choice("kind", HeatingKind.byKey())
                .orElseThrow(() -> group.missing(
                        "kind",
                        "one of " + String.join(", ", HeatingKind.byKey().keySet())));
        return heating(group, kind);
    }

    private Heating heating(Fields group, HeatingKind kind) {
        var because = "kind: " + kind.key;
        var pump = HeatPump.AIR_RADIATORS;
        double price = Double.NaN;
        double efficiency = 1;
        var carbon = OptionalDouble.empty();
        switch (kind) {
            case RESISTIVE -> group.onlyWhere(because, "kind");
            case HEAT_PUMP -> {
                group.onlyWhere(because, "kind", "source", "sink");
                boolean ground = group.choice("source", ordered("air", false, "ground", true))
                        .orElse(false);
                boolean floor = group.choice("sink", ordered("radiators", false, "floor", true))
                        .orElse(false);
                pump = ground
                        ? floor ? HeatPump.GROUND_FLOOR : HeatPump.GROUND_RADIATORS
                        : floor ? HeatPump.AIR_FLOOR : HeatPump.AIR_RADIATORS;
            }
            case GAS, OIL -> {
                group.onlyWhere(because, "kind", "price", "efficiency", "carbonKgPerKwh");
                var usual = country.gasIn(currency);
                price = kind == HeatingKind.GAS && !group.has("price") && usual.isPresent()
                        ? usual.get().value()
                        : price(group, "price");
                efficiency = group.number("efficiency", 0.3, 1.1, "of the lower heating value")
                        .orElse(HeatPrice.BOILER_EFFICIENCY);
                carbon = group.number("carbonKgPerKwh", 0, 2, "kg/kWh");
                if (kind == HeatingKind.GAS && carbon.isEmpty()) carbon = OptionalDouble.of(Carbon.GAS_KG_PER_KWH);
            }
            case DISTRICT -> {
                group.onlyWhere(because, "kind", "price", "carbonKgPerKwh");
                price = price(group, "price");
                carbon = group.number("carbonKgPerKwh", 0, 2, "kg/kWh");
            }
        }
        return new Heating(kind, price, efficiency, pump, carbon, currency);
    }

    private Map<HeatingKind, Heating> alternatives(Heating own) {
        var all = new EnumMap<HeatingKind, Heating>(HeatingKind.class);
        all.put(HeatingKind.RESISTIVE, plain(HeatingKind.RESISTIVE, Double.NaN, OptionalDouble.empty()));
        all.put(HeatingKind.HEAT_PUMP, plain(HeatingKind.HEAT_PUMP, Double.NaN, OptionalDouble.empty()));
        country.gasIn(currency)
                .ifPresent(gas -> all.put(
                        HeatingKind.GAS,
                        plain(HeatingKind.GAS, gas.value(), OptionalDouble.of(Carbon.GAS_KG_PER_KWH))));
        top.group("alternatives", "gas", "oil", "heat-pump", "district").ifPresent(group -> {
            for (var kind : HeatingKind.values())
                group.group(kind.key, ALTERNATIVE_KEYS).ifPresent(fields -> all.put(kind, heating(fields, kind)));
        });
        all.put(own.kind(), own);
        return all;
    }

    private Heating plain(HeatingKind kind, double price, OptionalDouble carbon) {
        return new Heating(kind, price, HeatPrice.BOILER_EFFICIENCY, HeatPump.AIR_RADIATORS, carbon, currency);
    }

    private record Bought(
            CatalogueDevice device,
            int count,
            double occupancy,
            double rentPerHour,
            double otherMiningPerHour,
            double price,
            String priceSource,
            OptionalDouble embodiedKg) {}

    private Bought device() {
        var group = top.group(
                        "device", "model", "count", "price", "embodiedKg", "rentPerHour", "occupancy", "miningPerHour")
                .orElseThrow(() -> top.missing("device", "a group of model and price"));
        var models = models();
        var device = group.choice("model", models)
                .orElseThrow(() -> group.missing("model", "one of " + String.join(", ", models.keySet())));
        var asWritten = bought(group, device);
        return instead.isEmpty() ? asWritten : fromCatalogue(instead.get());
    }

    private static Map<String, CatalogueDevice> models() {
        var models = new LinkedHashMap<String, CatalogueDevice>();
        for (var device : Catalogue.all()) models.put(device.id(), device);
        return models;
    }

    private Bought fromCatalogue(CatalogueDevice device) {
        if (!device.priceCurrency().equals(currency.getCurrencyCode()))
            throw top.notTogether(
                    "currency",
                    "is " + currency + ", and the catalogue's price of " + device.id() + " is in "
                            + device.priceCurrency() + "; a home file of its own is accepted");
        var other = device.otherWork();
        return new Bought(
                device,
                1,
                other.map(work -> work.occupancy().value()).orElse(0.0),
                other.map(work -> work.perHour().value()).orElse(0.0),
                0,
                device.price().value(),
                catalogueSource(device),
                OptionalDouble.empty());
    }

    private static String catalogueSource(CatalogueDevice device) {
        return (device.price().assumed() ? "" : "catalogue, ") + device.price().source() + ", " + device.priceDate();
    }

    private Bought bought(Fields group, CatalogueDevice device) {
        int count = group.whole("count", 1, 50, 1);
        var price = group.number("price", 0, 1e6, currency + " for each");
        if (price.isEmpty() && !device.priceCurrency().equals(currency.getCurrencyCode()))
            throw group.missing(
                    "price",
                    "a number from 0 to 1000000 " + currency + " for each (the catalogue's price is in "
                            + device.priceCurrency() + ")");
        var source = price.isPresent() ? "as given" : catalogueSource(device);
        var rent = group.number("rentPerHour", 0, 100, currency.getCurrencyCode());
        var occupancy = group.number("occupancy", 0, 1, "(share of the hours that are sold)");
        var otherMining = group.number("miningPerHour", 0, 100, currency.getCurrencyCode());
        var other = device.otherWork();
        for (var key : List.of("rentPerHour", "occupancy", "miningPerHour"))
            if (other.isEmpty() && group.has(key))
                throw group.notTogether(key, "has no meaning for " + device.id() + ", which only mines bitcoin");
        if (other.isPresent() && rent.isEmpty() && !other.get().currency().equals(currency.getCurrencyCode()))
            throw group.missing("rentPerHour", "a number from 0 to 100 " + currency);
        return new Bought(
                device,
                count,
                occupancy.orElse(other.map(work -> work.occupancy().value()).orElse(0.0)),
                rent.orElse(other.map(work -> work.perHour().value()).orElse(0.0)),
                otherMining.orElse(0),
                count * price.orElse(device.price().value()),
                source,
                embodied(group, count));
    }

    private static OptionalDouble embodied(Fields group, int count) {
        var each = group.number("embodiedKg", 0, 10_000, "kg CO2e for each");
        return each.isPresent() ? OptionalDouble.of(each.getAsDouble() * count) : each;
    }

    private MiningScenario mining() {
        var shipped = MiningScenario.JULY_2025;
        var group = top.group(
                "mining", "name", "date", "hashprice", "difficulty", "subsidy", "fees", "bitcoinPrice", "poolFee");
        if (group.isEmpty()) {
            if (!currency.equals(shipped.currency()))
                throw top.missing(
                        "mining",
                        "a group with bitcoinPrice in " + currency + " (the shipped scenario is in "
                                + shipped.currency() + ")");
            return shipped;
        }
        var given = group.get();
        var accepted = "a number above 0 " + currency + " per bitcoin";
        var bitcoinPrice = given.value("bitcoinPrice", accepted, HomeFile::positive);
        if (bitcoinPrice.isEmpty() && !currency.equals(shipped.currency()))
            throw given.missing("bitcoinPrice", accepted);
        var price = bitcoinPrice.orElse(shipped.bitcoinPrice());
        var subsidy = bitcoins(given, "subsidy").orElse(shipped.subsidy());
        var fees = bitcoins(given, "fees").orElse(shipped.fees());
        if (given.has("hashprice") && given.has("difficulty"))
            throw given.notTogether("hashprice", "stands beside difficulty; one of the two is accepted");
        if (subsidy.plus(fees).value() == 0) throw given.wrong("fees", "with subsidy 0 an amount above 0 BTC");
        var difficulty = given.value("difficulty", "a number above 0", HomeFile::positive)
                .orElse(shipped.difficulty());
        var hashprice =
                given.value("hashprice", "a number above 0 " + currency + " per TH/s per day", HomeFile::positive);
        if (hashprice.isPresent())
            difficulty = new BigDecimal(
                    MiningPay.difficulty(
                            hashprice.get().doubleValue(),
                            subsidy.plus(fees).bitcoin().doubleValue(),
                            price.doubleValue()),
                    MathContext.DECIMAL64);
        boolean asShipped = !given.has("hashprice")
                && !given.has("difficulty")
                && !given.has("subsidy")
                && !given.has("fees")
                && bitcoinPrice.isEmpty();
        return new MiningScenario(
                given.text("name", "a short name").orElse(asShipped ? shipped.name() : "as given in the home file"),
                given.value("date", "a day such as 2026-01-31", LocalDate::parse)
                        .orElse(shipped.date()),
                difficulty,
                subsidy,
                fees,
                price,
                currency,
                given.value("poolFee", "a fraction from 0 to 0.99 with at most nine decimals", HomeFile::fee)
                        .orElse(shipped.poolFee()));
    }

    private static Optional<Millisatoshis> bitcoins(Fields fields, String key) {
        return fields.value(key, "a number of BTC from 0 to 50, such as 3.125", text -> {
            var bitcoin = new BigDecimal(text);
            if (bitcoin.signum() < 0 || bitcoin.compareTo(BigDecimal.valueOf(50)) > 0)
                throw new IllegalArgumentException(text);
            try {
                return Millisatoshis.ofBitcoin(bitcoin);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("not a whole number of millisatoshis: " + text, e);
            }
        });
    }

    private static BigDecimal positive(String text) {
        var number = new BigDecimal(text);
        if (number.signum() <= 0 || number.precision() - number.scale() > 30 || number.scale() > 30)
            throw new IllegalArgumentException(text);
        return number;
    }

    private static BigDecimal fee(String text) {
        var number = new BigDecimal(text).stripTrailingZeros();
        if (number.signum() < 0 || number.compareTo(new BigDecimal("0.99")) > 0 || number.scale() > 9)
            throw new IllegalArgumentException(text);
        return number;
    }

    /** Declared assumptions; the whole range is what is reported. */
    private PlannedHome.Paths paths(Optional<Fields> payback, MiningScenario mining) {
        return new PlannedHome.Paths(
                path(payback, "low", mining, -0.2, 0.3),
                path(payback, "middle", mining, 0.1, 0.25),
                path(payback, "high", mining, 0.4, 0.25));
    }

    private static HashpricePath path(
            Optional<Fields> payback, String name, MiningScenario mining, double price, double difficulty) {
        var group = payback.flatMap(fields -> fields.group(name, "priceGrowth", "difficultyGrowth"));
        return new HashpricePath(
                name,
                mining.date(),
                mining.hashprice(),
                mining.subsidy().bitcoin().doubleValue(),
                mining.fees().bitcoin().doubleValue(),
                growth(group, "priceGrowth").orElse(price),
                growth(group, "difficultyGrowth").orElse(difficulty));
    }

    private static OptionalDouble growth(Optional<Fields> group, String key) {
        return group.map(fields -> fields.number(key, -0.9, 9, "a year (0.25 is 25 %)"))
                .orElse(OptionalDouble.empty());
    }

    private CountryFigures.Sourced intensity(Optional<Fields> carbon) {
        var given = carbon.map(group -> group.number("electricityKgPerKwh", 0, 2, "kg/kWh"))
                .orElse(OptionalDouble.empty());
        if (given.isPresent()) return new CountryFigures.Sourced(given.getAsDouble(), "as given");
        var known = country.electricityKg();
        if (known.isPresent())
            return new CountryFigures.Sourced(
                    known.get().value(), country.name() + ", " + known.get().source());
        var accepted = "a number from 0 to 2 kg/kWh (none is known of " + country.name() + ", but of "
                + CountryFigures.having(CountryFigures::electricityKg) + ")";
        throw carbon.map(group -> group.missing("electricityKgPerKwh", accepted))
                .orElseGet(() -> top.missing("carbon", "a group with electricityKgPerKwh, " + accepted));
    }

    /** Pairs of key and value, in order. */
    @SuppressWarnings("unchecked")
    private static <T> Map<String, T> ordered(String key, T value, Object... more) {
        var map = new LinkedHashMap<String, T>();
        map.put(key, value);
        for (int i = 0; i < more.length; i += 2) map.put((String) more[i], (T) more[i + 1]);
        return map;
    }
}
