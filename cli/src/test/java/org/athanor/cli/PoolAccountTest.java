package org.athanor.cli;

import static org.athanor.cli.HandLog.A_MSAT_A_HASH;
import static org.athanor.cli.HandLog.EASY;
import static org.athanor.cli.HandLog.HARD;
import static org.athanor.cli.HandLog.athanor;
import static org.athanor.cli.HandLog.units;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code athanor pool account} on logs written by hand. */
class PoolAccountTest {
    @TempDir
    private Path folder;

    private HandLog log;

    @BeforeEach
    void beginTheLog() {
        log = new HandLog(folder);
    }

    /** Two users, one settled interval, a restart after a pause, an open interval. */
    private void write(int creditedToFirst) throws IOException {
        log.add("header", 1, "2026-01-01T00:00:00Z", HARD, A_MSAT_A_HASH, "by hand");
        var a1 = log.share("home.first", 1, EASY, 2, 1);
        var b1 = log.share("home.second", 1, HARD, 8, 2);
        log.share("home.first", 2, EASY, 2, 3);
        log.add("reject", "home.first", "DUPLICATE");
        log.add("reject", "home.first", "DUPLICATE");
        log.add("reject", "", "UNAUTHORIZED");
        var a3 = log.share("home.first", 3, EASY, 2, 4);
        log.add("block", 1, a3);
        log.add("refused", a1, "stale");
        log.add(
                "interval",
                1,
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:10Z",
                2,
                "home.first",
                "1/1",
                "real",
                A_MSAT_A_HASH,
                0,
                creditedToFirst,
                0,
                3,
                a1,
                a3,
                units(6),
                "home.second",
                "1/1",
                "real",
                A_MSAT_A_HASH,
                0,
                8,
                0,
                1,
                b1,
                b1,
                units(8));
        // the pool ran ten seconds, was away for fifty, and runs ten more
        log.add("header", 1, "2026-01-01T00:01:00Z", HARD, A_MSAT_A_HASH, "by hand");
        log.share("home.first", 4, HARD, 8, 70);
        log.save();
    }

    private String[] account(String... more) {
        var arguments = new ArrayList<>(List.of("pool", "account", "--share-log", folder.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void theLogAloneGivesTheBooks() throws Exception {
        write(6);
        var outcome = athanor(account("--json"));
        assertEquals(0, outcome.code(), outcome.error());
        var json = new ObjectMapper().readTree(outcome.out());
        assertEquals(
                List.of(
                        "shareLog",
                        "records",
                        "intervals",
                        "from",
                        "to",
                        "loggedSeconds",
                        "addsUp",
                        "differenceCount",
                        "differences",
                        "torn",
                        "blocks",
                        "users",
                        "total",
                        "scenario",
                        "tornCredits",
                        "poolFee",
                        "settledWorthUnits",
                        "upstreams"),
                names(json));
        assertEquals(1, json.get("intervals").asInt());
        assertEquals(20, json.get("loggedSeconds").asDouble());
        assertEquals("2026-01-01T00:00:00Z", json.get("from").asText());
        assertEquals("2026-01-01T00:01:10Z", json.get("to").asText());
        assertTrue(json.get("addsUp").asBoolean() && json.get("torn").isNull());
        assertEquals(
                "{\"found\":0,\"taken\":1,\"refused\":1,\"expected\":2.75,\"orphaned\":0}",
                json.get("blocks").toString()); // 22 hashes / 8

        var first = json.get("users").get(0);
        assertEquals(
                List.of(
                        "user",
                        "accepted",
                        "rejected",
                        "blocks",
                        "hashes",
                        "workUnits",
                        "hashesPerSecond",
                        "relativeError",
                        "creditedMsat",
                        "carriedUnits",
                        "openShares",
                        "openWorkUnits"),
                names(first));
        assertEquals("home.first", first.get("user").asText());
        assertEquals(4, first.get("accepted").asInt());
        assertEquals("{\"duplicate\":2}", first.get("rejected").toString());
        assertEquals(14, first.get("hashes").asInt());
        assertEquals(units(14), first.get("workUnits").asText());
        assertEquals(0.7, first.get("hashesPerSecond").asDouble(), 1e-12);
        assertEquals(Math.sqrt(4 + 4 + 4 + 64) / 14, first.get("relativeError").asDouble(), 1e-12);
        assertEquals(6, first.get("creditedMsat").asInt());
        assertEquals(1, first.get("openShares").asInt());
        assertEquals(units(8), first.get("openWorkUnits").asText());

        var nobody = json.get("users").get(2);
        assertEquals("", nobody.get("user").asText());
        assertEquals("{\"unauthorized\":1}", nobody.get("rejected").toString());
        assertTrue(nobody.get("hashesPerSecond").isNull());

        var total = json.get("total");
        assertEquals(5, total.get("accepted").asInt());
        assertEquals(22, total.get("hashes").asInt());
        assertEquals(14, total.get("creditedMsat").asInt());
    }

    @Test
    void peopleGetATable() throws Exception {
        write(6);
        var outcome = athanor(account());
        assertEquals(0, outcome.code(), outcome.error());
        for (var part : List.of(
                "the pool ran 20.0 s",
                "0 blocks found (2.75 expected), 1 taken by the chain, 1 refused",
                "home.second",
                "0.7 H/s +- 62%",
                "rejected of home.first: 2 duplicate",
                "rejected of (nobody): 1 unauthorized",
                "1 open shares"))
            assertTrue(outcome.out().contains(part), "\"" + part + "\" is missing in:\n" + outcome.out());
    }

    @Test
    void aCreditThatDoesNotFollowFromTheSharesIsAnError() throws Exception {
        write(7);
        for (var arguments : List.of(account(), account("--json"))) {
            var outcome = athanor(arguments);
            assertEquals(1, outcome.code());
            assertTrue(outcome.error().contains("does not add up: 1 difference, line 11"), outcome.error());
            assertEquals(1, outcome.error().lines().count(), outcome.error());
            assertTrue(outcome.out().contains("line 11"), outcome.out());
        }
        assertEquals( // what the shares give, not what the log says
                6,
                new ObjectMapper()
                        .readTree(athanor(account("--json")).out())
                        .at("/users/0/creditedMsat")
                        .asInt());
    }

    @Test
    void aTornTailIsLeftOutAndReported() throws Exception {
        write(6);
        var file = log.file();
        var text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 7));
        var outcome = athanor(account("--json"));
        assertEquals(0, outcome.code(), outcome.error());
        var json = new ObjectMapper().readTree(outcome.out());
        assertTrue(json.get("torn").asText().startsWith("line 13 ("), outcome.out());
        assertEquals(0, json.at("/total/openShares").asInt());
    }

    @Test
    void withoutALogThereIsOneClearError() throws Exception {
        assertError("there is no share log");
        Files.writeString(log.file(), "");
        assertError("holds no whole record");
        write(6);
        var file = log.file();
        Files.writeString(file, Files.readString(file).replaceFirst("home.first", "home.fist"));
        assertError("line 2");
    }

    private void assertError(String said) {
        var outcome = athanor(account());
        assertEquals(1, outcome.code());
        assertTrue(outcome.error().contains(said), outcome.error());
        assertEquals(1, outcome.error().lines().count(), outcome.error());
        assertEquals("", outcome.out());
    }

    @Test
    void fractionsOfAMillisatoshiAreNamed() throws Exception {
        var third = "1/" + new BigInteger(units(1)).multiply(BigInteger.valueOf(16));
        log.add("header", 1, "2026-01-01T00:00:00Z", HARD, third, "by hand");
        var hash = log.share("me", 1, EASY, 2, 1);
        var eighth = BigInteger.ONE.shiftLeft(61);
        log.add(
                "interval",
                1,
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:10Z",
                1,
                "me",
                "1/1",
                "real",
                third,
                0,
                0,
                eighth,
                1,
                hash,
                hash,
                units(2));
        log.save();
        var outcome = athanor(account());
        assertEquals(0, outcome.code(), outcome.error());
        assertContains(
                outcome.out(),
                " 0 (+ 0.125) ",
                "(+ ...) is a fraction of a millisatoshi, carried until it makes a whole one",
                "adds up: the settled shares are worth 0.125 msat");
    }

    /** A network of eight hashes a block: two blocks of which the second is orphaned, one of an upstream, an old one. */
    private void writeBlocks(boolean shareFirst) throws IOException {
        log.add("header", 2, "2026-01-01T00:00:00Z", HARD, A_MSAT_A_HASH, "by hand", "0.25");
        log.share("early", 1, EASY, 2, 0);
        log.add("template", 100, HARD, 6000, 5000);
        log.share("a", 1, EASY, 2, 1);
        var found = String.format("%064x", 3);
        if (!shareFirst) log.add("block", 100, found, 6000);
        log.share("b", 1, HARD, 8, 2, true);
        if (shareFirst) log.add("block", 100, found, 6000);
        log.add("template", 101, HARD, 5500, 5000);
        var lost = log.share("a", 2, EASY, 2, 3, true);
        log.add("block", 101, lost, 5500);
        log.add("orphan", 101, lost);
        var other = log.share("a", 3, EASY, 2, 4, true);
        log.add("block", 101, other, "", "pool.example:3333");
        log.add("block", 102, log.share("a", 4, EASY, 2, 5, true));
        log.save();
    }

    private JsonNode scheme(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("--json", "--scheme"));
        arguments.addAll(List.of(more));
        var outcome = athanor(account(arguments.toArray(String[]::new)));
        assertEquals(0, outcome.code(), outcome.error());
        return new ObjectMapper().readTree(outcome.out()).get("scheme");
    }

    private static String amounts(JsonNode scheme) {
        return StreamSupport.stream(scheme.get("users").spliterator(), false)
                .map(user -> user.get("user").asText() + " " + user.get("msat").asLong())
                .collect(Collectors.joining(", "));
    }

    @Test
    void schemesPayFromTheLogAlone() throws Exception {
        for (var shareFirst : List.of(true, false)) {
            log = new HandLog(folder);
            writeBlocks(shareFirst);
            // 6000 sat less a quarter; the window of eight hashes is all b's, that of ten also early's and a's
            assertEquals("b 4500000", amounts(scheme("pplns", "--window", "1")));
            assertEquals("a 750000, b 3000000, early 750000", amounts(scheme("pplns")));
            var tides = scheme("tides", "--fee", "0");
            assertEquals("a 1000000, b 4000000, early 1000000", amounts(tides));
            assertEquals(1, tides.get("blocks").asInt());
            assertEquals(1, tides.get("orphanedBlocks").asInt());
            assertEquals(1, tides.get("upstreamBlocks").asInt());
            assertEquals(1, tides.get("unvaluedBlocks").asInt());
            assertEquals(6000000, tides.get("rewardMsat").asInt());
            // 5000 sat for eight hashes, less a quarter; early came before anything was known of rewards
            var pps = scheme("pps");
            assertEquals("a 3750000, b 3750000", amounts(pps));
            assertEquals(units(2), pps.get("unpricedWorkUnits").asText());
            // fees: 1000 sat, and still 1000 once block 100 is the last that is over
            assertEquals("a 4500000, b 4500000", amounts(scheme("fpps")));
        }
        var text = athanor(account("--scheme", "PPLNS", "--window", "1")).out();
        assertContains(
                text,
                "by pplns, over the last 1 x the network's work, pool fee 0.25: 1 blocks pay 6000000 msat,"
                        + " 4500000 to users, 1500000 kept by the pool",
                "4 taken by the chain (1 left it again)",
                "paying nothing: 1 blocks that left the chain",
                "paid by upstreams: 1 blocks of theirs",
                "left out: 1 blocks of which the log does not say what they pay");
    }

    @Test
    void whatASchemeCannotDoIsSaid() throws Exception {
        write(6);
        assertMistake(1, "holds no template records", "--scheme", "fpps");
        assertMistake(2, "only --scheme pplns has a window", "--scheme", "tides", "--window", "3");
        assertMistake(2, "--window 0: any positive number is accepted", "--scheme", "pplns", "--window", "0");
        assertMistake(2, "pool fee 1.5: a fraction from 0 to 1", "--fee", "1.5");
        assertMistake(2, "--scheme", "--scheme", "prop");
    }

    @Test
    void coinsOfATestChainMayBeMoreThanFit() throws Exception {
        var everything = 21_000_000L * 100_000_000;
        log.add("header", 2, "2026-01-01T00:00:00Z", EASY, A_MSAT_A_HASH, "by hand");
        log.add("template", 1, EASY, everything, everything);
        for (var i = 1; i <= 5; i++) log.share("me", i, EASY, 2, i);
        log.save();
        assertMistake(1, "makes a user worth more than 2^63 msat", "--scheme", "pps");
    }

    private void assertMistake(int code, String said, String... options) {
        var outcome = athanor(account(options));
        assertEquals(code, outcome.code());
        assertContains(outcome.error(), said);
        assertEquals("", outcome.out());
    }

    private static void assertContains(String text, String... parts) {
        for (var part : parts) assertTrue(text.contains(part), "\"" + part + "\" is missing in:\n" + text);
    }

    @Test
    void aNameCannotMoveTheCursor() throws Exception {
        log.add("header", 1, "2026-01-01T00:00:00Z", HARD, A_MSAT_A_HASH, "by hand");
        log.share("\\u001b[2Jme", 1, EASY, 2, 1);
        log.save();
        var outcome = athanor(account());
        assertEquals(0, outcome.code(), outcome.error());
        assertTrue(outcome.out().contains("?[2Jme"), outcome.out());
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                .toList();
    }
}
