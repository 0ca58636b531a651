package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.athanor.devices.simulated.SimulatedElement;
import org.athanor.units.Celsius;
import org.athanor.units.Watts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code athanor demo --train}, short and in February: real engines in three simulated homes, of which one has August. */
class DemoTrainTest {
    @TempDir
    private Path folder;

    @Test
    void theColdHomesTrainAndAllRoomsStayInTheirBands() throws Exception {
        var file = folder.resolve("out.json");
        var data = folder.resolve("data");
        JsonNode report;
        String printed;
        try (var demo = Child.start(
                Main.class,
                "demo",
                "--train",
                "--for",
                "30s",
                "--speed",
                "1440",
                "--start",
                "02-16",
                "--data",
                data.toString(),
                "--report",
                file.toString())) {
            printed = String.join("\n", demo.awaitEnd(Duration.ofMinutes(4)));
            assertEquals(0, demo.exitCode(), printed);
            report = new ObjectMapper().readTree(file.toFile());
        }
        var denver = report.at("/homes/0");
        var chicago = report.at("/homes/1");
        var mild = report.at("/homes/2");
        for (var cold : List.of(denver, chicago)) {
            assertTrue(cold.path("rounds").asInt() > 0, printed);
            assertTrue(cold.path("heatKwh").asDouble() > 0, printed);
            assertTrue(cold.path("heatOfCountedWorkKwh").asDouble() > 0, printed);
            assertTrue(
                    cold.path("heatOfCountedWorkKwh").asDouble()
                            <= cold.path("heatKwh").asDouble() + 0.01,
                    printed);
            assertTrue(
                    cold.path("trainedShare").asDouble()
                            > mild.path("trainedShare").asDouble() + 0.2,
                    printed);
            assertTrue(cold.path("tokens").asLong() > mild.path("tokens").asLong(), printed);
        }
        for (var home : report.path("homes")) {
            assertEquals(0, home.path("kelvinHoursBelow").asDouble(), 0.5, printed);
            assertTrue(home.path("balanceRelativeError").asDouble() < 1e-9, printed);
        }
        assertEquals(0, denver.path("kelvinHoursAbove").asDouble(), 0.5, printed);
        assertEquals(0, chicago.path("kelvinHoursAbove").asDouble(), 0.5, printed);
        assertTrue(report.at("/loss/last").asDouble() < report.at("/loss/first").asDouble() - 0.3, printed);
        assertEquals(0, report.at("/receipts/bad").asInt(), printed);
        assertEquals(
                report.path("tokens").asLong(),
                denver.path("tokens").asLong()
                        + chicago.path("tokens").asLong()
                        + mild.path("tokens").asLong(),
                "all that was learned was learned in a home");
        assertEquals(0, report.path("notes").size(), report.toString());
        assertEquals(0, enginesIn(data), "nothing is left running");
    }

    private static long enginesIn(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                                .contains(data.toString());
                    } catch (java.io.IOException gone) {
                        return false;
                    }
                })
                .count();
    }

    private static String refused(String... arguments) {
        var error = new StringWriter();
        var code = new CommandLine(new Main()).setErr(new PrintWriter(error)).execute(arguments);
        assertEquals(2, code, error.toString());
        return error.toString();
    }

    @Test
    void whatHasNoMeaningWithThreeHomesIsRefused() {
        assertTrue(refused("demo", "--train", "--weather", "a.epw").contains("--weather does not go with --train"));
        assertTrue(refused("demo", "--train", "--speed", "0").contains("--speed 0.0: more than 0"));
        assertTrue(refused("demo", "--train", "--start", "13-32").contains("--start 13-32: a month and day"));
    }

    @Test
    void aStripShowsWhenAHomeTrained() {
        var days = new DemoTrainDays(Instant.EPOCH);
        assertEquals("", days.strip(10));
        for (int minute = 0; minute < 4 * 180; minute++)
            days.add(Instant.EPOCH.plusSeconds(60L * minute), minute >= 180 && (minute >= 540 || minute % 2 == 0));
        assertEquals(" ▄▄█", days.strip(10));
        assertEquals("▄█", days.strip(2));
        assertEquals(0.5, days.share());
    }

    @Test
    void aPlugOfTheDemoSwitchesItselfOff() {
        var element = new SimulatedElement(new Watts(1000), 400);
        var plug = new DemoPlug("plug", element, new Watts(2500));
        var outlet = plug.outlet("boost", 0.6);
        outlet.advance(Duration.ofMinutes(1), new Celsius(20));
        assertEquals(0, element.electricity().value());
        plug.on(Duration.ofSeconds(90));
        assertTrue(plug.read().on());
        outlet.advance(Duration.ofMinutes(1), new Celsius(20));
        assertEquals(60_000, element.electricity().value(), 1e-6);
        outlet.advance(Duration.ofMinutes(1), new Celsius(20));
        assertEquals(90_000, plug.read().energy().value(), 1e-6);
        assertFalse(plug.read().on());
        assertEquals(Watts.ZERO, plug.read().power());
    }
}
