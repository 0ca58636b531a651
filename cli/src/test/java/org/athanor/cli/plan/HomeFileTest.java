package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.athanor.cli.yaml.YamlMistake;
import org.athanor.devices.catalogue.Catalogue;
import org.athanor.ledger.MiningScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeFileTest {
    private static final String REST = "heating: {kind: gas}\ndevice: {model: avalon-q}\n";
    private static final String FLAT = "home: {kind: flat, floorArea: 60}\n";

    @TempDir
    private Path folder;

    @Test
    void aShortFileGetsSensibleDefaults() {
        var home = Homes.of(FLAT + REST);
        assertEquals("flat, 60 m2, medium, average insulation", home.name());
        assertEquals(0.2535, home.tariff().at(Duration.ZERO));
        assertEquals(20.5, home.setpoint(LocalTime.NOON));
        assertEquals(MiningScenario.JULY_2025, home.mining());
        assertEquals(0.0498 / 0.85, home.heating().pricePerKwh(0.25, 0, 10), 1e-12);
        assertEquals(0.167, home.electricityKgPerKwh());
        assertEquals("EUR", home.currency().getCurrencyCode());
        assertTrue(home.alternatives().containsKey(HeatingKind.HEAT_PUMP));
        assertFalse(home.alternatives().containsKey(HeatingKind.OIL));
    }

    @Test
    void everyExampleIsRead() throws Exception {
        var kinds = new HashSet<HeatingKind>();
        try (var files = Files.list(Homes.EXAMPLES)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList())
                kinds.add(HomeFile.read(file).heating().kind());
        }
        assertEquals(5, kinds.size(), kinds.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            setpoint: 80                                          | line 1, setpoint: 80: a number from 5 to 28 °C is accepted
            setpoint: warm                                        | setpoint: warm: a number from 5 to 28 °C
            setpoint: NaN                                         | setpoint: NaN: a number
            setpoint: [20]                                        | setpoint: a list: a number
            setpoint:                                             | setpoint: nothing: a number
            setpiont: 20                                          | setpiont: unknown key; did you mean setpoint?
            frobnicate: 1                                         | frobnicate: unknown key. Accepted here: alternatives, band,
            band: 0                                               | band: 0: a number from 0.1 to 5 K
            country: xx                                           | country: xx: a country by two letters, such as be, or other is accepted
            country: France                                       | country: France: a country by two letters
            country: fr                                           | tariff: missing; a group of kind and prices, such as {kind: flat, price: 0.30} (no price of electricity in EUR is known of France, but of Belgium)
            country: de                                           | tariff: missing
            openWindowsAbove: 19                                  | openWindowsAbove: 19: a number from 20.5 to 50 °C
            currency: Euro                                        | currency: Euro: an ISO 4217 code
            climate: paris                                        | climate: paris: chicago, denver or the path
            climate: none.epw                                     | climate:
            tariff: {kind: flat}                                  | tariff.price: missing; a number from -1 to 5 EUR/kWh is accepted
            tariff: {kind: flat, price: 30}                       | tariff.price: 30: a number from -1 to 5
            tariff: {kind: flat, day: 0.2}                        | tariff.day: has no meaning with kind: flat
            tariff: {price: 0.2}                                  | tariff.kind: missing
            tariff: {kind: spot}                                  | tariff.kind: spot: one of flat, day-night, hourly, be_2019
            tariff: {kind: day-night, day: 0.3, night: 0.2, dayFrom: 25:00} | tariff.dayFrom: 25:00: a time of day
            tariff: {kind: hourly}                                | tariff.file: missing
            tariff: {kind: hourly, file: none.csv}                | tariff.file:
            tariff: 0.3                                           | tariff: 0.3: a group of
            schedule: [{from: "06:00"}]                           | schedule[0].setpoint: missing
            schedule: [{from: "06:00", setpoint: 20}, {from: "05:00", setpoint: 18}] | schedule[1].from: 05:00: a time later
            schedule: [20]                                        | schedule[0]: 20: a group of from, setpoint
            schedule: []                                          | schedule: is empty
            quietHours: {from: "22:00"}                           | quietHours.until: missing
            quietHours: {from: "22:00", until: "22:00"}           | quietHours.until: 22:00: a time other than
            mining: {hashprice: 0.05, difficulty: 1e14}           | mining.hashprice: stands beside difficulty
            mining: {hashprice: 0}                                | mining.hashprice: 0: a number above 0
            mining: {poolFee: 1}                                  | mining.poolFee: 1: a fraction from 0 to 0.99
            mining: {subsidy: -1}                                 | mining.subsidy: -1: a number of BTC from 0 to 50
            mining: {subsidy: 0, fees: 0}                         | mining.fees: 0: with subsidy 0 an amount above 0
            mining: {date: yesterday}                             | mining.date: yesterday: a day such as
            payback: {years: 1.5}                                 | payback.years: 1.5: a whole number from 1 to 30
            payback: {low: {priceGrowth: -1}}                     | payback.low.priceGrowth: -1: a number from -0.9 to 9
            payback: {low: {price: 1}}                            | payback.low.price: unknown key; did you mean priceGrowth?
            carbon: {electricityKgPerKwh: 5}                      | carbon.electricityKgPerKwh: 5: a number from 0 to 2 kg/kWh
            operation: sometimes                                  | operation: sometimes: one of heat-first, only-when-cheaper
            wear: -1                                              | wear: -1: a number from 0 to 1 EUR/kWh
            alternatives: {oil: {efficiency: 0.8}}                | alternatives.oil.price: missing
            alternatives: {gas: {sink: floor}}                    | alternatives.gas.sink: has no meaning with kind: gas
            name: ""                                              | name: nothing: a short name
            """)
    void aWrongValueIsNamedWithPathValueAndWhatIsAccepted(String line, String said) {
        assertSays(line + "\n" + FLAT + REST, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            home: {}                                              | home.kind: missing; one of flat, house
            home: {kind: flat}                                    | home.floorArea: missing
            home: {kind: castle, floorArea: 60}                   | home.kind: castle: one of flat, house
            home: {kind: flat, floorArea: 5}                      | home.floorArea: 5: a number from 15 to 500 m2
            home: {kind: flat, floorArea: 60, mass: iron}         | home.mass: iron: one of light, medium, heavy
            home: {kind: flat, floorArea: 60, insulation: none}   | home.insulation: none: one of poor, average, good, passive
            home: {preset: well-insulated-flat, mass: light}      | home.mass: has no meaning with a preset
            home: {preset: palace}                                | home.preset: palace: one of well-insulated-flat
            home: {kind: flat, floorArea: 60, people: 40}         | home.people: 40: a whole number from 0 to 12
            """)
    void theHomeIsDescribedInWordsThatAreKnown(String home, String said) {
        assertSays(home + "\n" + REST, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            heating: {kind: gas}                                  | device: missing
            device: {model: avalon-q}                             | heating: missing
            heating: {kind: oil}                                  | heating.price: missing
            heating: {kind: stove}                                | heating.kind: stove: one of resistive, gas, oil, heat-pump, district
            heating: {kind: resistive, price: 0.2}                | heating.price: has no meaning with kind: resistive
            heating: {kind: gas, efficiency: 3}                   | heating.efficiency: 3: a number from 0.3 to 1.1
            device: {model: toaster}                              | device.model: toaster: one of heatbit, avalon-nano-3s,
            device: {model: avalon-q, occupancy: 0.5}             | device.occupancy: has no meaning for avalon-q
            device: {model: avalon-q, count: 0}                   | device.count: 0: a whole number from 1 to 50
            device: {model: avalon-q, price: free}                | device.price: free: a number from 0 to 1000000
            """)
    void heatingAndDeviceAreNeeded(String line, String said) {
        var other = line.startsWith("heating") ? "device: {model: avalon-q}\n" : "heating: {kind: gas}\n";
        assertSays(FLAT + line + "\n" + (said.endsWith("missing") && !said.contains(".") ? "" : other), said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "just words",
                "- a\n- list\n",
                "home: {kind: flat",
                "home: &a [*a]",
                "name: a\nname: b\n",
                "\tname: tab",
                "? [1]\n: x\n",
                "name: !!java.lang.Object x\n"
            })
    void whatIsNoHomeFileIsRefusedWithItsName(String text) {
        var mistake = assertThrows(YamlMistake.class, () -> Homes.of(text));
        assertTrue(mistake.getMessage().startsWith("home.yaml"), mistake.getMessage());
        assertFalse(mistake.getMessage().contains("org.snakeyaml"), mistake.getMessage());
    }

    @Test
    void nestingWithoutEndIsRefused() {
        var mistake = assertThrows(YamlMistake.class, () -> Homes.of("name: " + "[".repeat(50_000)));
        assertTrue(mistake.getMessage().startsWith("home.yaml"), mistake.getMessage());
        assertThrows(YamlMistake.class, () -> Homes.of("# " + "x".repeat(200_000)));
    }

    /** Whatever stands in a file, it is read or refused in one line. */
    @Property(tries = 300)
    void anyTextIsReadOrRefused(@ForAll("mutilated") String text) {
        try {
            Homes.of(text);
        } catch (YamlMistake mistake) {
            assertEquals(1, mistake.getMessage().lines().count(), mistake.getMessage());
        }
    }

    /** A good file with a piece of it replaced. */
    @Provide
    Arbitrary<String> mutilated() {
        var good = FLAT + REST + "schedule: [{from: \"06:00\", setpoint: 20}]\npayback: {low: {priceGrowth: 0.1}}\n";
        var pieces = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.of(
                        "{", "}", "[", "]", ": ", "\n", "- ", "&a ", "*a", "!!x ", "|", "1e999", "NaN", "-1", "'"));
        return Combinators.combine(
                        Arbitraries.integers().between(0, good.length()),
                        Arbitraries.integers().between(0, 12),
                        pieces)
                .as((from, length, piece) ->
                        good.substring(0, from) + piece + good.substring(Math.min(good.length(), from + length)));
    }

    @Test
    void everythingIsInOneCurrency() {
        var swiss = "currency: CHF\ntariff: {kind: flat, price: 0.3}\n";
        assertSays(
                swiss + FLAT + "heating: {kind: resistive}\ndevice: {model: avalon-q, price: 1500}\n",
                "mining: missing");
        assertSays(
                swiss + "mining: {bitcoinPrice: 95000}\n" + FLAT
                        + "heating: {kind: resistive}\ndevice: {model: avalon-q}\n",
                "device.price: missing");
        assertSays(
                "currency: CHF\ntariff: {kind: be_2019}\nmining: {bitcoinPrice: 95000}\n" + FLAT
                        + "heating: {kind: resistive}\ndevice: {model: avalon-q, price: 1500}\n",
                "tariff.kind: be_2019: with currency CHF");
        var home = Homes.of(swiss + "mining: {bitcoinPrice: 95000}\n" + FLAT
                + "heating: {kind: resistive}\ndevice: {model: avalon-q, price: 1500}\n");
        assertEquals("CHF", home.mining().currency().getCurrencyCode());
        assertFalse(home.alternatives().containsKey(HeatingKind.GAS), "a price of gas in EUR beside CHF");
    }

    @Test
    void aHashpriceThatIsGivenIsTheOneThatCounts() {
        var home = Homes.of("mining: {hashprice: 0.04, bitcoinPrice: 80000}\n" + FLAT + REST);
        assertEquals(0.04, home.mining().hashprice(), 1e-9);
        assertEquals("as given in the home file", home.mining().name());
    }

    @Test
    void tariffsFollowTheClock() throws Exception {
        var dayNight = Homes.of("tariff: {kind: day-night, day: 0.3, night: 0.2}\n" + FLAT + REST)
                .tariff();
        assertEquals(0.2, dayNight.at(Duration.ofHours(6)));
        assertEquals(0.3, dayNight.at(Duration.ofHours(24 + 7)));
        assertEquals(0.2, dayNight.at(Duration.ofHours(22)));

        var lines = new ArrayList<>(List.of("time,electricity"));
        for (int hour = 0; hour < 8760; hour++) lines.add(hour * 3600 + "," + (hour % 24) / 100.0);
        Files.write(folder.resolve("prices.csv"), lines);
        var hourly = HomeFile.parse(
                        "home.yaml", "tariff: {kind: hourly, file: prices.csv, surcharge: 0.1}\n" + FLAT + REST, folder)
                .tariff();
        assertEquals(0.15, hourly.at(Duration.ofHours(24 + 5)), 1e-12);

        Files.write(folder.resolve("prices.csv"), lines.subList(0, 100));
        var mistake = assertThrows(
                YamlMistake.class,
                () -> HomeFile.parse("home.yaml", "tariff: {kind: hourly, file: prices.csv}\n" + FLAT + REST, folder));
        assertTrue(mistake.getMessage().contains("8760 hours"), mistake.getMessage());
    }

    /** What helps and what checks must not part. */
    @Test
    void helpAndSchemaNameEveryKeyAndEveryDevice() throws Exception {
        try (var schemaText = HomeFile.class.getResourceAsStream("/org/athanor/cli/home.schema.json");
                var helpText = HomeFile.class.getResourceAsStream("/org/athanor/cli/home.txt")) {
            var schema = new ObjectMapper().readTree(schemaText);
            var help = new String(helpText.readAllBytes(), StandardCharsets.UTF_8);
            var inSchema = new TreeSet<String>();
            schema.get("properties").fieldNames().forEachRemaining(inSchema::add);
            assertEquals(new TreeSet<>(HomeFile.KEYS), inSchema);
            for (var key : HomeFile.KEYS) assertTrue(help.contains("  " + key), key);
            var models = new ArrayList<String>();
            schema.at("/properties/device/properties/model/enum").forEach(model -> models.add(model.asText()));
            assertEquals(Catalogue.all().stream().map(device -> device.id()).toList(), models);
            for (var model : models) assertTrue(help.contains(model), model);
        }
    }

    private static void assertSays(String text, String said) {
        var mistake = assertThrows(YamlMistake.class, () -> Homes.of(text), text);
        var place = mistake.getMessage().matches("home\\.yaml, \\w+: missing; .*") ? "home.yaml, " : "home.yaml, line ";
        assertTrue(mistake.getMessage().startsWith(place), mistake.getMessage());
        assertTrue(mistake.getMessage().contains(said.strip()), mistake.getMessage());
        assertEquals(1, mistake.getMessage().lines().count(), mistake.getMessage());
    }
}
