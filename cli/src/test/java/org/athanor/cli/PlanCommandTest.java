package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code athanor plan} as people call it: whole years. */
class PlanCommandTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "homes");

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String error) {}

    private static Outcome athanor(String... arguments) {
        var out = new StringWriter();
        var error = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(error))
                .execute(arguments);
        return new Outcome(code, out.toString(), error.toString());
    }

    private static void checkSchema(JsonNode report) throws Exception {
        try (var schema = Main.class.getResourceAsStream("report.schema.json")) {
            ReportSchema.check(new ObjectMapper().readTree(schema), report);
        }
    }

    @Test
    void aYearOfTwoHomesIsReportedByTheSchema() throws Exception {
        var outcome = athanor(
                "plan",
                EXAMPLES.resolve("house-resistive.yaml").toString(),
                "--compare",
                EXAMPLES.resolve("flat-light-gas.yaml").toString(),
                "--json");
        assertEquals(0, outcome.code, outcome.error);
        assertEquals("", outcome.error);
        var reports = new ObjectMapper().readTree(outcome.out);
        assertEquals(2, reports.size());
        for (var report : reports) {
            checkSchema(report);
            assertTrue(report.at("/energy/balanceRelativeError").asDouble() < 1e-6, report.toString());
            assertTrue(
                    report.at("/money/alternatives/heatPump/costPerUsefulKwh").asDouble() > 0, report.toString());
            assertTrue(report.at("/carbon/displacedUpperBoundKg").asDouble() > 0, report.toString());
        }
        var resistive = reports.get(0);
        assertEquals("2019-01-01T00:00:00-06:00", resistive.at("/period/start").asText());
        assertEquals("2020-01-01T00:00:00-06:00", resistive.at("/period/end").asText());
        assertTrue(
                resistive.at("/money/netCostPerUsefulKwh").asDouble()
                        < resistive
                                .at("/money/alternatives/resistive/costPerUsefulKwh")
                                .asDouble(),
                resistive.toString());
        var advice = resistive.at("/advice").asText();
        assertTrue(advice.startsWith("Do, if you believe the prices: "), advice);
        double best = resistive.at("/payback/low").asDouble();
        double middle = resistive.at("/payback/years").asDouble();
        assertTrue(best > 0.5 && best < middle && middle < 10, resistive.toString());
        assertTrue(reports.get(1).at("/advice").asText().startsWith("Don't: "), reports.toString());
        assertTrue(reports.get(1).at("/payback/years").isMissingNode(), reports.toString());
    }

    @Test
    void theSchemaOfHomesKnowsTheExamplesAndNoMistakes() throws Exception {
        var mapper = new ObjectMapper();
        try (var text = Main.class.getResourceAsStream("home.schema.json");
                var files = Files.list(EXAMPLES)) {
            var schema = mapper.readTree(text);
            for (var file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList())
                ReportSchema.check(schema, home(Files.readString(file)));
            var good = Files.readString(EXAMPLES.resolve("house-oil.yaml"));
            for (var mistake : List.of(
                    good.replace("kind: oil", "kind: coal"),
                    good.replace("floorArea: 160", "floorArea: 1600"),
                    good.replace("tariff:", "tarif:"),
                    good.replace("antminer-s19j-pro", "antminer"),
                    good.replace("kind: flat, price", "kind: hourly, price")))
                assertThrows(AssertionError.class, () -> ReportSchema.check(schema, home(mistake)), mistake);
        }
    }

    private static JsonNode home(String yaml) {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    @Test
    void mistakesInAHomeFileEndWithOneLine() throws Exception {
        var file = folder.resolve("home.yaml");
        Files.writeString(
                file, "home: {preset: well-insulated-flat}\nheating: {kind: gas}\ndevice: {modell: avalon-q}\n");
        var outcome = athanor("plan", file.toString());
        assertEquals(1, outcome.code);
        assertEquals(1, outcome.error.lines().count(), outcome.error);
        assertTrue(
                outcome.error.contains(file + ", line 3, device.modell: unknown key; did you mean model?"),
                outcome.error);
        assertEquals("", outcome.out);
    }

    @Test
    void aFileThatIsMissingOrAnOptionThatClashesIsNamed() {
        var missing = athanor("plan", folder.resolve("none.yaml").toString());
        assertEquals(1, missing.code);
        assertTrue(missing.error.contains("none.yaml: there is no such file"), missing.error);
        var clash = athanor("plan", "x.yaml", "--json", "--html", "y.html");
        assertEquals(2, clash.code);
        assertTrue(clash.error.contains("--json and --html"), clash.error);
        var nowhere = athanor(
                "plan",
                "x.yaml",
                "--html",
                folder.resolve("none").resolve("y.html").toString());
        assertEquals(1, nowhere.code);
        assertTrue(nowhere.error.contains("--html"), nowhere.error);
        var nothing = athanor("plan");
        assertEquals(2, nothing.code);
        assertTrue(nothing.error.startsWith("HOME.yaml is missing"), nothing.error);
        var toaster = athanor("plan", EXAMPLES.resolve("flat-resistive.yaml").toString(), "--device", "toaster");
        assertEquals(1, toaster.code);
        assertTrue(toaster.error.contains("device toaster: one of heatbit, "), toaster.error);
    }

    @Test
    void currenciesAreNotMixed() throws Exception {
        var swiss = folder.resolve("swiss.yaml");
        Files.writeString(swiss, """
                home: {preset: well-insulated-flat}
                currency: CHF
                heating: {kind: resistive}
                tariff: {kind: flat, price: 0.3}
                device: {model: avalon-mini-3, price: 800}
                mining: {bitcoinPrice: 95000}
                """);
        var outcome =
                athanor("plan", EXAMPLES.resolve("flat-resistive.yaml").toString(), "--compare", swiss.toString());
        assertEquals(1, outcome.code);
        assertTrue(outcome.error.contains("one currency throughout"), outcome.error);
    }

    @Test
    void theCatalogueSaysWhereEveryFigureIsFrom() {
        var outcome = athanor("plan", "--devices");
        assertEquals(0, outcome.code, outcome.error);
        assertTrue(outcome.out.contains("avalon-q  Avalon Q"), outcome.out);
        assertTrue(outcome.out.contains("assumed: no dated price at hand"), outcome.out);
        assertTrue(outcome.out.contains("noise unknown"), outcome.out);
    }

    @Test
    void helpExplainsTheFile() {
        var outcome = athanor("help", "home");
        assertEquals(0, outcome.code, outcome.error);
        assertTrue(outcome.out.contains("device.model"), outcome.out);
    }
}
