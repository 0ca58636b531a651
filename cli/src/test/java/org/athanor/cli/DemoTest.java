package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.athanor.edge.ControlLoop;
import org.athanor.edge.journal.Journal;
import org.athanor.network.ShareLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code athanor demo --for 45s --seed 1 --report out.json}, and what must hold of it: in real time, so nothing runs beside it. */
@Isolated
class DemoTest {
    @TempDir
    private Path folder;

    @Test
    void twoThirdsOfADayKeepComfortAndTheBooks() throws Exception {
        var file = folder.resolve("out.json");
        var data = folder.resolve("data");
        try (var demo = Child.start(
                Main.class,
                "demo",
                "--for",
                "45s",
                "--seed",
                "1",
                "--port",
                "0",
                "--report",
                file.toString(),
                "--data",
                data.toString())) {
            var printed = String.join("\n", demo.awaitEnd(Duration.ofMinutes(3)));
            assertEquals(0, demo.exitCode(), printed);
            var report = new ObjectMapper().readTree(file.toFile());

            assertEquals(0, report.at("/comfort/kelvinHoursBelow").asDouble(), 0.1, printed);
            assertEquals(0, report.at("/comfort/kelvinHoursAbove").asDouble(), 0.1, printed);
            for (var heater : List.of(Demo.COMPUTER, Demo.MINER)) {
                assertTrue(report.at("/mining/acceptedShares/" + heater).asLong() > 0, printed);
                assertTrue(
                        new BigInteger(report.at("/mining/workHashes/" + heater).asText()).signum() > 0, printed);
                assertTrue(report.at("/weights/" + heater + "/mean").asDouble() > 1, printed);
            }
            double expected = report.at("/mining/blocks/expected").asDouble();
            assertTrue(expected >= 20, printed);
            int found = report.at("/mining/blocksFound").asInt();
            // one run in a thousand is outside of the interval that is shown, and none outside of this one
            assertEquals(expected, found, 6 * Math.sqrt(expected), printed);
            assertEquals(
                    report.at("/mining/blocks/low").asInt() <= found
                            && found <= report.at("/mining/blocks/high").asInt(),
                    report.at("/mining/blocks/agrees").asBoolean(),
                    printed);
            assertTrue(report.at("/energy/balanceRelativeError").asDouble() < 1e-3, printed);
            assertTrue(report.at("/energy/electricityKwh").asDouble() > 0, printed);
            for (var other : List.of("resistive", "gas", "heatPump"))
                assertTrue(
                        report.at("/money/alternatives/" + other + "/costPerUsefulKwh")
                                        .asDouble()
                                > 0,
                        printed);

            long earned = report.at("/money/earnedMsat").asLong();
            assertTrue(earned > 0, printed);
            assertEquals(report.at("/money/poolCreditedMsat").asLong(), earned, printed);
            assertEquals(earned, creditedByLogAlone(data), "the share log alone");
            assertPlanned(data, printed);
            assertKeys(report);
            try (var schema = Main.class.getResourceAsStream("report.schema.json")) {
                ReportSchema.check(new ObjectMapper().readTree(schema), report);
            }
        }
    }

    /** From the first minute on, for all but the quarter of an hour or so that something may stand in the way. */
    private static void assertPlanned(Path data, String printed) {
        try (var journal = Journal.open(data.resolve("journal"))) {
            var steps = journal.history(Instant.EPOCH, Integer.MAX_VALUE);
            assertTrue(steps.getFirst().planned().isPresent(), printed);
            long planned =
                    steps.stream().filter(step -> step.planned().isPresent()).count();
            assertTrue(planned > 0.98 * steps.size(), planned + " of " + steps.size() + " steps; " + printed);
            var alarms = journal.events(10_000).stream()
                    .filter(event ->
                            event.text().contains("plan") || event.text().contains("learned"))
                    .toList();
            assertEquals(List.of(), alarms, printed);
            assertTrue(journal.learned(ControlLoop.LEARNED).isPresent());
        }
    }

    @Test
    void theSameSeedGivesTheSameHome() throws Exception {
        var one = firstSteps("one");
        var two = firstSteps("two");
        int both = Math.min(one.size(), two.size()); // as many as a busy machine lives in that time
        assertTrue(both >= 20, one.size() + " and " + two.size() + " steps");
        assertEquals(one.subList(0, both), two.subList(0, both));
    }

    /** What was read and how it was heated in the first hour, or what was lived of it. */
    private List<String> firstSteps(String run) throws Exception {
        var data = folder.resolve(run);
        try (var demo = Child.start(
                Main.class, "demo", "--for", "8s", "--seed", "7", "--port", "0", "--data", data.toString())) {
            var printed = String.join("\n", demo.awaitEnd(Duration.ofMinutes(2)));
            assertEquals(0, demo.exitCode(), printed);
        }
        try (var journal = Journal.open(data.resolve("journal"))) {
            return journal.history(Instant.EPOCH, Integer.MAX_VALUE).stream()
                    .limit(60)
                    .map(step -> step.time() + " " + step.room() + " " + step.outdoor() + " " + step.heaters())
                    .toList();
        }
    }

    private static long creditedByLogAlone(Path data) {
        var replay = ShareLog.replay(data.resolve("pool"));
        assertTrue(replay.agrees(), replay.toString());
        return replay.total().credited().value();
    }

    private static void assertKeys(JsonNode report) {
        for (var key : List.of(
                "/period/start",
                "/period/end",
                "/currency",
                "/scenario/name",
                "/scenario/date",
                "/energy/usefulHeatKwh",
                "/energy/wastedHeatKwh",
                "/mining/rejectedShares",
                "/mining/blocksFound",
                "/money/electricity",
                "/money/earned",
                "/money/netCost",
                "/money/netCostPerUsefulKwh",
                "/claims/energyCostsNothingHours",
                "/claims/noDearerThanOtherHeatHours",
                "/claims/hours",
                "/speedReached",
                "/advice"))
            assertTrue(!report.at(key).isMissingNode() && !report.at(key).isNull(), key + " is missing");
    }
}
