package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code athanor pool account} on a log written by hand, as network's README describes it. Its shares have the targets
 * 2²⁵⁵ - 1 (two hashes each) and 2²⁵³ - 1 (eight), and a hash pays one millisatoshi, so all sums can be done in the head.
 */
class PoolAccountTest {
    private static final String EASY = "7" + "f".repeat(63);
    private static final String HARD = "1" + "f".repeat(63);
    private static final String ONE_HASH = "18446744073709551616";
    private static final long SECOND = 1_000_000;
    private static final long START = 1_767_225_600 * SECOND; // 2026-01-01T00:00:00Z

    @TempDir
    private Path folder;

    private final List<String> log = new ArrayList<>();
    private long shares;

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

    private void line(Object... fields) {
        var payload =
                String.join("\t", List.of(fields).stream().map(Object::toString).toList());
        var crc = new CRC32C();
        crc.update(payload.getBytes(StandardCharsets.US_ASCII));
        log.add(String.format("%08x %s", crc.getValue(), payload));
    }

    private String share(String user, int sequence, String target, int hashes, int second) {
        var hash = String.format("%064x", ++shares);
        line("share", user, sequence, hash, target, units(hashes), 0, START + second * SECOND);
        return hash;
    }

    private static String units(int hashes) {
        return new BigInteger(ONE_HASH).multiply(BigInteger.valueOf(hashes)).toString();
    }

    /** Two users, one settled interval, a restart after a pause, an open interval. */
    private void write(int creditedToFirst) throws IOException {
        line("header", 1, "2026-01-01T00:00:00Z", HARD, "1/" + ONE_HASH, "by hand");
        var a1 = share("home.first", 1, EASY, 2, 1);
        var b1 = share("home.second", 1, HARD, 8, 2);
        share("home.first", 2, EASY, 2, 3);
        line("reject", "home.first", "DUPLICATE");
        line("reject", "home.first", "DUPLICATE");
        line("reject", "", "UNAUTHORIZED");
        var a3 = share("home.first", 3, EASY, 2, 4);
        line("block", 1, a3);
        line("refused", a1, "stale");
        line(
                "interval",
                1,
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:10Z",
                2,
                "home.first",
                "1/1",
                "real",
                "1/" + ONE_HASH,
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
                "1/" + ONE_HASH,
                0,
                8,
                0,
                1,
                b1,
                b1,
                units(8));
        // the pool ran ten seconds, was away for fifty, and runs ten more
        line("header", 1, "2026-01-01T00:01:00Z", HARD, "1/" + ONE_HASH, "by hand");
        share("home.first", 4, HARD, 8, 70);
        save();
    }

    private void save() throws IOException {
        Files.writeString(folder.resolve("shares.log"), String.join("\n", log) + "\n");
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
        assertEquals(0, outcome.code, outcome.error);
        var json = new ObjectMapper().readTree(outcome.out);
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
                        "total"),
                names(json));
        assertEquals(1, json.get("intervals").asInt());
        assertEquals(20, json.get("loggedSeconds").asDouble());
        assertEquals("2026-01-01T00:00:00Z", json.get("from").asText());
        assertEquals("2026-01-01T00:01:10Z", json.get("to").asText());
        assertTrue(json.get("addsUp").asBoolean() && json.get("torn").isNull());
        assertEquals(
                "{\"found\":0,\"taken\":1,\"refused\":1,\"expected\":2.75}",
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
        assertEquals(0, outcome.code, outcome.error);
        for (var part : List.of(
                "the pool ran 20.0 s",
                "0 blocks found (2.75 expected), 1 taken by the chain, 1 refused",
                "home.second",
                "0.7 H/s +- 62%",
                "rejected of home.first: 2 duplicate",
                "rejected of (nobody): 1 unauthorized",
                "1 open shares"))
            assertTrue(outcome.out.contains(part), "\"" + part + "\" is missing in:\n" + outcome.out);
    }

    @Test
    void aCreditThatDoesNotFollowFromTheSharesIsAnError() throws Exception {
        write(7);
        for (var arguments : List.of(account(), account("--json"))) {
            var outcome = athanor(arguments);
            assertEquals(1, outcome.code);
            assertTrue(outcome.error.contains("does not add up: 1 difference, line 11"), outcome.error);
            assertEquals(1, outcome.error.lines().count(), outcome.error);
            assertTrue(outcome.out.contains("line 11"), outcome.out);
        }
        assertEquals( // what the shares give, not what the log says
                6,
                new ObjectMapper()
                        .readTree(athanor(account("--json")).out)
                        .at("/users/0/creditedMsat")
                        .asInt());
    }

    @Test
    void aTornTailIsLeftOutAndReported() throws Exception {
        write(6);
        var file = folder.resolve("shares.log");
        var text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 7));
        var outcome = athanor(account("--json"));
        assertEquals(0, outcome.code, outcome.error);
        var json = new ObjectMapper().readTree(outcome.out);
        assertTrue(json.get("torn").asText().startsWith("line 13 ("), outcome.out);
        assertEquals(0, json.at("/total/openShares").asInt());
    }

    @Test
    void withoutALogThereIsOneClearError() throws Exception {
        assertError("there is no share log");
        Files.writeString(folder.resolve("shares.log"), "");
        assertError("holds no whole record");
        write(6);
        var file = folder.resolve("shares.log");
        Files.writeString(file, Files.readString(file).replaceFirst("home.first", "home.fist"));
        assertError("line 2");
    }

    private void assertError(String said) {
        var outcome = athanor(account());
        assertEquals(1, outcome.code);
        assertTrue(outcome.error.contains(said), outcome.error);
        assertEquals(1, outcome.error.lines().count(), outcome.error);
        assertEquals("", outcome.out);
    }

    @Test
    void aNameCannotMoveTheCursor() throws Exception {
        line("header", 1, "2026-01-01T00:00:00Z", HARD, "1/" + ONE_HASH, "by hand");
        share("\\u001b[2Jme", 1, EASY, 2, 1);
        save();
        var outcome = athanor(account());
        assertEquals(0, outcome.code, outcome.error);
        assertTrue(outcome.out.contains("?[2Jme"), outcome.out);
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                .toList();
    }
}
