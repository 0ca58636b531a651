package org.athanor.cli;

import static org.athanor.cli.HandLog.A_MSAT_A_HASH;
import static org.athanor.cli.HandLog.EASY;
import static org.athanor.cli.HandLog.HARD;
import static org.athanor.cli.HandLog.SECOND;
import static org.athanor.cli.HandLog.START;
import static org.athanor.cli.HandLog.athanor;
import static org.athanor.cli.HandLog.units;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code athanor pool credit}, and what {@code pool account} makes of it. */
class PoolCreditTest {
    private static final String POOL = "pool.example:3333";
    private static final String OTHER = "other.example:3333";

    @TempDir
    private Path folder;

    private HandLog log;

    /** Four and eight hashes for one pool, then eight for another, then two for the first again. */
    @BeforeEach
    void write() throws IOException {
        log = new HandLog(folder);
        log.add("header", 2, "2026-01-01T00:00:00Z", HARD, A_MSAT_A_HASH, "by hand");
        log.add("upstream", POOL, "2026-01-01T00:00:00Z");
        var rejected = log.share("first", 1, EASY, 2, 1);
        var accepted = log.share("second", 1, HARD, 8, 2);
        log.share("first", 2, EASY, 2, 3);
        log.add("forward", "second", accepted, POOL, HARD, START + 3 * SECOND, "accepted");
        log.add("forward", "first", rejected, POOL, HARD, START + 3 * SECOND, "DUPLICATE", "seen before");
        log.add("upstream", OTHER, "2026-01-01T00:00:10Z");
        log.share("first", 3, HARD, 8, 12);
        log.add("upstream", POOL, "2026-01-01T00:00:20Z");
        log.share("first", 4, EASY, 2, 25);
        log.save();
    }

    private HandLog.Outcome credit(String upstream, String from, String to, String msat, String... more) {
        var arguments = new ArrayList<>(List.of("pool", "credit", "--share-log", folder.toString()));
        arguments.addAll(List.of("--upstream", upstream, "--from", from, "--to", to, "--msat", msat));
        arguments.addAll(List.of(more));
        return athanor(arguments.toArray(String[]::new));
    }

    private HandLog.Outcome account(String... more) {
        var arguments = new ArrayList<>(List.of("pool", "account", "--share-log", folder.toString()));
        arguments.addAll(List.of(more));
        return athanor(arguments.toArray(String[]::new));
    }

    private JsonNode books(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("--json"));
        arguments.addAll(List.of(more));
        var outcome = account(arguments.toArray(String[]::new));
        assertEquals(0, outcome.code(), outcome.error());
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void untilSomethingIsPaidEverythingIsExpected() throws Exception {
        var json = books();
        assertEquals(0, json.at("/total/upstream/paidMsat").asLong());
        assertEquals(22, json.at("/total/upstream/expectedMsat").asLong());
        assertEquals(14, json.at("/users/0/upstream/expectedMsat").asLong());
        assertEquals(POOL, json.at("/upstreams/0/name").asText());
        assertEquals(2, json.at("/upstreams/0/sessions").asInt());
        assertEquals(units(14), json.at("/upstreams/0/workUnits").asText());
        assertEquals(units(8), json.at("/upstreams/1/workUnits").asText());
        assertEquals("{\"duplicate\":1}", json.at("/users/0/upstream/rejected").toString());
        assertEquals(1, json.at("/users/1/upstream/accepted").asInt());
    }

    @Test
    void whatWasPaidIsDividedByTheWorkOfItsTime() throws Exception {
        var outcome = credit(POOL, "2026-01-01T00:00:00Z", "2026-01-01T01:00:20+01:00", "1000");
        assertEquals(0, outcome.code(), outcome.error());
        assertEquals(
                "entered 1000 msat of pool.example:3333 from 2026-01-01T00:00:00Z to 2026-01-01T00:00:20Z,"
                        + " for the work of 2 users",
                outcome.out().strip());
        var json = books();
        // four hashes against eight, however few of them the upstream counted
        assertEquals(
                "{\"first\":333,\"second\":667}",
                json.at("/upstreams/0/credits/0/users").toString());
        assertEquals(333, json.at("/users/0/upstream/paidMsat").asLong());
        assertEquals(10, json.at("/users/0/upstream/expectedMsat").asLong());
        assertEquals(667, json.at("/users/1/upstream/paidMsat").asLong());
        assertEquals(0, json.at("/users/1/upstream/expectedMsat").asLong());
        assertEquals(1000, json.at("/total/upstream/paidMsat").asLong());
        assertEquals(units(2), json.at("/upstreams/0/unpaidWorkUnits").asText());
        assertEquals(json, books());

        var withFee = books("--fee", "0.1");
        assertEquals(
                "{\"first\":300,\"second\":600}",
                withFee.at("/upstreams/0/credits/0/users").toString());
        assertEquals(100, withFee.at("/upstreams/0/credits/0/feeMsat").asLong());

        var text = account().out();
        for (var part : List.of(
                "upstream pool.example:3333: 2 sessions since 2026-01-01T00:00:00Z, 14 hashes done for it",
                "2 shares, 1 accepted (8 hashes), 1 rejected, 0 lost; 114.3% +- 81% of the work",
                "paid for 2026-01-01T00:00:00Z to 2026-01-01T00:00:20Z: 1000 msat, 1000 to 2 users, 0 kept",
                "not paid yet: 2 hashes, of which 2 msat are expected",
                "expected is the work at the rate of: by hand",
                "adds up: 1000 msat paid by upstreams, 1000 to users, 0 kept by the pool",
                "rejected by upstreams of first: 1 duplicate"))
            assertTrue(text.contains(part), "\"" + part + "\" is missing in:\n" + text);
    }

    @Test
    void eachUpstreamPaysForItsOwnTime() throws Exception {
        assertEquals(
                0,
                credit(OTHER, "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", "77")
                        .code());
        assertEquals(
                0,
                credit(POOL, "2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "12")
                        .code());
        assertEquals(
                0,
                credit(POOL, "2026-01-01T00:00:10Z", "2026-01-01T00:01:00Z", "0")
                        .code());
        var json = books();
        assertEquals("{\"first\":77}", json.at("/upstreams/1/credits/0/users").toString());
        assertEquals(
                "{\"first\":4,\"second\":8}",
                json.at("/upstreams/0/credits/0/users").toString());
        assertEquals("{\"first\":0}", json.at("/upstreams/0/credits/1/users").toString());
        assertEquals(89, json.at("/total/upstream/paidMsat").asLong());
        assertEquals(0, json.at("/total/upstream/expectedMsat").asLong());
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() throws Exception {
        assertEquals(
                0,
                credit(POOL, "2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "5")
                        .code());
        var before = books();
        assertRefused(
                credit(POOL, "2026-01-01T00:00:09Z", "2026-01-01T00:00:30Z", "5"),
                "overlaps what is entered already: 5 msat of pool.example:3333 from 2026-01-01T00:00:00Z");
        assertRefused(
                credit(POOL, "2026-01-01T00:00:10Z", "2999-01-01T00:00:00Z", "5"), "a time that is over is accepted");
        assertRefused(
                credit("nowhere.example:1", "2026-01-01T00:00:10Z", "2026-01-01T00:00:30Z", "5"),
                "upstream \"nowhere.example:1\": the share log knows pool.example:3333, other.example:3333");
        assertRefused(
                credit(POOL, "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "5"),
                "no share was accepted for pool.example:3333 in that time");
        assertWrong(credit(POOL, "2026-01-01T00:00:10Z", "2026-01-01T00:00:30Z", "-5"), "--msat -5: zero or more");
        assertWrong(credit(POOL, "2026-01-01T00:00:10Z", "2026-01-01T00:00:10Z", "5"), "is not after --from");
        assertWrong(credit(POOL, "2026-01-01T00:00:10", "2026-01-01T00:00:30Z", "5"), "not a time with a zone");
        assertWrong(credit(POOL, "2026-01-01T00:00:10Z", "2026-01-01T00:00:30Z", "1.5"), "1.5");
        assertEquals(before, books());
    }

    @Test
    void aMistakeCanBeAmendedButNotHidden() throws Exception {
        var from = "2026-01-01T00:00:00Z";
        var to = "2026-01-01T00:00:10Z";
        assertRefused(credit(POOL, from, to, "12", "--amend"), "nothing is entered for exactly this time of " + POOL);
        assertEquals(0, credit(POOL, from, to, "12000").code());
        assertRefused(credit(POOL, from, "2026-01-01T00:00:11Z", "12", "--amend"), "for exactly this time");
        assertEquals(0, credit(POOL, from, to, "12", "--amend").code());
        assertEquals(12, books().at("/total/upstream/paidMsat").asLong());
        assertRefused(credit(POOL, from, to, "12"), "overlaps what is entered already: 12 msat");
        var entered = Files.readString(folder.resolve("credits.log"));
        assertTrue(entered.contains("\t12000\t") && entered.lines().count() == 3, entered);
    }

    @Test
    void withoutAShareLogNothingIsEntered() throws Exception {
        Files.delete(log.file());
        assertRefused(credit(POOL, "2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "5"), "there is no share log");
        assertFalse(Files.exists(folder.resolve("credits.log")));
    }

    @Test
    void aCreditForNoWorkMakesTheBooksWrong() throws Exception {
        Files.writeString(
                folder.resolve("credits.log"),
                HandLog.line("credits", 1, "2026-01-02T00:00:00Z") + "\n"
                        + HandLog.line(
                                "credit",
                                "ghost:1",
                                "2026-01-01T00:00:00Z",
                                "2026-01-01T00:00:10Z",
                                5,
                                "2026-01-02T00:00:00Z")
                        + "\n");
        var outcome = account();
        assertEquals(1, outcome.code());
        assertTrue(
                outcome.error()
                        .contains(
                                "does not add up: 1 difference, credits.log: 5 msat of ghost:1 from"
                                        + " 2026-01-01T00:00:00Z to 2026-01-01T00:00:10Z: the share log knows no such upstream"),
                outcome.error());
    }

    @Test
    void anInterruptedEntryIsLeftOutAndCutOffByTheNext() throws Exception {
        assertEquals(
                0,
                credit(POOL, "2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "5")
                        .code());
        var file = folder.resolve("credits.log");
        var text = Files.readString(file);
        Files.writeString(file, text + text.lines().toList().getLast().substring(0, 20));
        assertTrue(account().out().contains("left out: line 3 (20 bytes) of credits.log is unfinished or damaged"));
        var next = credit(OTHER, "2026-01-01T00:00:00Z", "2026-01-01T00:00:20Z", "6");
        assertEquals(0, next.code(), next.error());
        assertTrue(next.out().startsWith("cut off: line 3"), next.out());
        assertEquals(11, books().at("/total/upstream/paidMsat").asLong());

        Files.writeString(file, Files.readString(file).replaceFirst("\t5\t", "\t9\t"));
        var outcome = account();
        assertEquals(1, outcome.code());
        assertTrue(outcome.error().contains("credits.log: line 2: damaged"), outcome.error());
    }

    private static void assertRefused(HandLog.Outcome outcome, String said) {
        assertEquals(1, outcome.code(), outcome.out());
        assertTrue(outcome.error().contains(said), outcome.error());
        assertEquals(1, outcome.error().lines().count(), outcome.error());
    }

    private static void assertWrong(HandLog.Outcome outcome, String said) {
        assertEquals(2, outcome.code(), outcome.out());
        assertTrue(outcome.error().contains(said), outcome.error());
    }
}
