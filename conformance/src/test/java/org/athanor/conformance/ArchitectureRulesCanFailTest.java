package org.athanor.conformance;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule finds the offence that was put below {@code org.athanor.conformance.broken} for it. */
class ArchitectureRulesCanFailTest {
    private static final String ROOT = "org.athanor.conformance.broken";

    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);

    /** Rule, and the classes that it must name; every rule must be here. */
    private static final Map<String, List<String>> OFFENDERS = Map.ofEntries(
            entry("unitsKnowsOnlyWhatItBuildsOn", List.of("units.KnowsComfort")),
            entry("comfortKnowsOnlyWhatItBuildsOn", List.of("comfort.KnowsAnAssembly")),
            entry("hashKnowsOnlyWhatItBuildsOn", List.of("hash.KnowsUnits")),
            entry("stratumKnowsOnlyWhatItBuildsOn", List.of("stratum.KnowsDevices")),
            entry("devicesKnowsOnlyWhatItBuildsOn", List.of("devices.KnowsMining")),
            entry("ledgerKnowsOnlyWhatItBuildsOn", List.of("ledger.KnowsHashing")),
            entry("simulationKnowsOnlyWhatItBuildsOn", List.of("simulation.KnowsStratum")),
            entry("trainingKnowsOnlyWhatItBuildsOn", List.of("training.KnowsHashing")),
            entry("edgeKnowsOnlyWhatItBuildsOn", List.of("edge.KnowsTheNetwork", "edge.KnowsTheSimulation")),
            entry("networkKnowsOnlyWhatItBuildsOn", List.of("network.KnowsTheEdge")),
            entry("bareLibrariesNeedNothingButTheJdk", List.of("ledger.NeedsALibrary")),
            entry(
                    "decisionsDoNoInputOrOutput",
                    List.of("comfort.ReadsAFile", "ledger.ReadsAnOldFile", "comfort.OpensASocket")),
            entry("decisionsReadNoClock", List.of("comfort.ReadsAClock", "ledger.MeasuresTime")),
            entry("decisionsStartNoThreads", List.of("comfort.StartsAThread")),
            entry(
                    "onlyTheCommandReadsTheWallClock",
                    List.of("stratum.ReadsTheClock", "devices.TakesTheSystemsClock", "edge.ReadsAClock")),
            entry("librariesNeverWriteToTheConsole", List.of("devices.Prints")),
            entry("onlyProtocolModulesOwnSockets", List.of("simulation.OpensASocket", "comfort.OpensASocket")),
            entry("onlyDevicesAndAssembliesTouchFiles", List.of("stratum.ReadsAFile", "simulation.StartsAProcess")),
            entry("packagesFormNoCycle", List.of("edge.KnowsTheNetwork", "network.KnowsTheEdge")));

    @Test
    void noRuleIsWithoutAnOffender() {
        assertEquals(ArchitectureRules.below(ROOT).keySet(), OFFENDERS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> theOffenceIsNoticed() {
        return ArchitectureRules.below(ROOT).entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey(), () -> {
                    var report =
                            rule.getValue().evaluate(BROKEN).getFailureReport().toString();
                    for (var offender : OFFENDERS.get(rule.getKey()))
                        assertTrue(report.contains(ROOT + "." + offender), offender + " was not named in: " + report);
                }));
    }

    @Test
    void innocentClassesAreNotNamed() {
        ArchitectureRules.below(ROOT).forEach((name, rule) -> {
            var report = rule.evaluate(BROKEN).getFailureReport().getDetails();
            assertTrue(
                    report.stream().noneMatch(line -> line.contains("Class <" + ROOT + ".units.Innocent")),
                    name + ": " + report);
        });
    }
}
