package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real miners do that no specification says, and difficulties that follow them. */
class RealMinersTest {
    /** Hard enough that no share here is a block by chance. */
    private static final Target NETWORK = Target.ofBits(0x1d00ffff);

    private static final BigDecimal EVERY_HASH = new BigDecimal("2e-10");

    private final RecordingSink sink = new RecordingSink();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final LocalChain chain = new LocalChain(NETWORK, () -> Instant.parse("2026-01-10T12:00:00Z"));

    @AfterEach
    void closeAll() throws Exception {
        for (var closeable : open.reversed()) closeable.close();
    }

    private StratumServer server(StratumServer.Config config) {
        var server = StratumServer.start(config, chain, sink, nanos::get);
        open.add(server);
        return server;
    }

    private StratumServer fixed() {
        return server(StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(EVERY_HASH)));
    }

    private StratumServer vardiff(String start, String minimum) {
        var rules = new VardiffRules(18, new BigDecimal(start), new BigDecimal(minimum));
        return server(StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.vardiff(rules)));
    }

    private Wire miner(StratumServer server) throws IOException {
        var wire = new Wire(server.address());
        open.add(wire);
        return wire;
    }

    private void seconds(StratumServer server, int count) {
        nanos.addAndGet(count * 1_000_000_000L);
        server.tick();
    }

    private static void assertAccepted(JsonNode reply) {
        assertTrue(reply.path("result").asBoolean(), reply.toString());
    }

    @Test
    void nerdMinerSendsNoncesWithoutLeadingZeros() throws IOException {
        var miner = miner(fixed());
        var job = miner.login("a");
        assertAccepted(miner.call(
                "mining.submit",
                "['a','" + job.id() + "','0000000000000001','" + Hex.encode(job.ntime()) + "','abc']"));
        assertEquals(Wire.hash(job, 1, 0xabc), sink.last().hash());
    }

    @Test
    void nerdMinerPadsExtranoncesWithSpaces() throws IOException {
        var miner = miner(fixed());
        var job = miner.login("a");
        var rest = "','" + Hex.encode(job.ntime()) + "','00000007']";
        assertAccepted(miner.call("mining.submit", "['a','" + job.id() + "','              2a" + rest));
        assertEquals(Wire.hash(job, 0x2a, 7), sink.last().hash());
        var again = miner.call("mining.submit", "['a','" + job.id() + "','000000000000002a" + rest);
        assertEquals(22, again.path("error").path(0).asInt());
        var inside = miner.call("mining.submit", "['a','" + job.id() + "','0000000000 0002a" + rest);
        assertEquals(20, inside.path("error").path(0).asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0.0001]", "['0.0001']", "0.0001"})
    void nerdMinerRepeatsAFractionalWishToStayAlive(String wish) throws IOException {
        var server = vardiff("1", "0.00001");
        var miner = miner(server);
        miner.login("a");
        assertAccepted(miner.call("mining.suggest_difficulty", wish));
        assertEquals(Target.ofDifficulty(new BigDecimal("0.0001")), miner.job().target());
        for (int i = 0; i < 20; i++) {
            miner.send("{'id':" + (1000 + i) + ",'method':'mining.suggest_difficulty','params':" + wish + "}");
            // the very next line is the answer: neither a difficulty nor a job came between
            assertEquals(1000 + i, miner.next().path("id").asInt());
        }
    }

    @Test
    void aWishLowersNoMinimum() throws IOException {
        var miner = miner(vardiff("1", "0.01"));
        miner.call("mining.suggest_difficulty", "[0.0001]");
        assertEquals(
                Target.ofDifficulty(new BigDecimal("0.01")), miner.login("a").target());
    }

    @Test
    void theFirstLineAfterSubscribingIsItsAnswerEvenTheSecondTimeAndAmidNewWork() throws IOException {
        var server = fixed();
        var miner = miner(server);
        for (int id = 1; id <= 20; id++) {
            miner.send("{'id':" + id + ",'method':'mining.subscribe','params':['NerdMinerV2']}");
            var first = miner.next();
            assertEquals(id, first.path("id").asInt(), first.toString());
            assertEquals("mining.set_difficulty", miner.next().path("method").asText());
            assertEquals("mining.notify", miner.next().path("method").asText());
        }
    }

    @Test
    void bitaxeReadsDifficultiesAsWholeNumbersAndNeedsResultAndError() throws IOException {
        var miner = miner(server(StratumServer.Config.of(
                StratumServerTest.loopback(), DifficultyPolicy.fixed(new BigDecimal("1.000")))));
        miner.raw("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"bitaxe/BM1370/v2\"]}\n");
        assertTrue(miner.rawLine().endsWith(",\"error\":null}"));
        assertEquals("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[1]}", miner.rawLine());
        for (var method :
                List.of("configure", "authorize", "suggest_difficulty", "submit", "extranonce.subscribe", "x"))
            for (var params : List.of("[]", "{}", "null", "['a']", "[['version-rolling'],{}]")) {
                var reply = miner.call("mining." + method, params);
                assertTrue(reply.has("result") && reply.has("error"), reply.toString());
            }
    }

    @Test
    void bitaxeWouldSendDuplicatesIfAJobCameAgainWithItsOldId() throws IOException {
        var server = fixed();
        var miner = miner(server);
        var seen = new HashSet<String>();
        var job = miner.login("a");
        assertTrue(seen.add(job.id()));
        for (int i = 1; i <= 10; i++) {
            miner.call("mining.suggest_difficulty", "[" + i + "e-10]");
            if (i <= 2) continue; // not above the policy's
            job = miner.job();
            assertTrue(seen.add(job.id()));
            assertNotEquals(Wire.hash(job, 1, 1), Wire.hash(job, 1, 2));
        }
    }

    @Test
    void bitaxeDoesNotNoticeASilentPoolSoWorkComesRegularly() throws IOException {
        var server = server(StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(EVERY_HASH))
                .withRegularWork(Duration.ofMillis(250)));
        var miner = miner(server);
        var first = miner.login("a");
        var second = miner.job();
        assertNotEquals(first.id(), second.id());
        assertFalse(second.clean());
        assertNotEquals(second.id(), miner.job().id());
        assertAccepted(miner.submit("a", second, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> server.config().withRegularWork(Duration.ZERO));
    }

    @Test
    void cpuMinersNeitherConfigureNorSuggestAndBeginWithWhatTheyLike() throws IOException {
        var miner = miner(fixed());
        miner.send("{'id':1,'method':'mining.authorize','params':['a','x']}{'id':9}");
        assertEquals(20, miner.next().path("error").path(0).asInt()); // two objects in a line are no line
        assertAccepted(miner.call("mining.authorize", "['a','x']"));
        var early = miner.call("mining.submit", "['a','1','0000000000000001','0','0']");
        assertEquals(25, early.path("error").path(0).asInt());
        var job = miner.login("a");
        assertAccepted(miner.submit("a", job, 1, 1));
    }

    @Test
    void aFloodOfSharesRaisesTheDifficultyAndOlderJobsKeepTheirs() throws IOException {
        var server = vardiff("2e-10", "2e-10");
        var miner = miner(server);
        var easy = miner.login("a");
        for (int nonce = 0; nonce < 16; nonce++) {
            nanos.addAndGet(10_000_000);
            assertAccepted(miner.submit("a", easy, 1, nonce));
        }
        var hard = miner.job();
        assertTrue(easy.target().isEasierThan(hard.target()));
        assertNotEquals(easy.id(), hard.id());
        assertFalse(hard.clean());
        int weak = Wire.nonceBetween(easy, 1, 100, easy.target(), hard.target());
        assertAccepted(miner.submit("a", easy, 1, weak));
        weak = Wire.nonceBetween(hard, 1, 0, Target.MAX, hard.target());
        assertEquals(23, miner.submit("a", hard, 1, weak).path("error").path(0).asInt());
    }

    @Test
    void aMinerThatFindsNothingGetsEasierSharesFromItsAuthorizationOn() throws IOException {
        var server = vardiff("0.5", "0.001");
        var miner = miner(server);
        miner.call("mining.subscribe", "['a']");
        seconds(server, 40); // it thinks about its name
        assertEquals(new BigDecimal("0.5"), server.clients().getFirst().difficulty());
        miner.call("mining.authorize", "['a','x']");
        seconds(server, 15);
        assertEquals(
                0,
                new BigDecimal("0.0313").compareTo(server.clients().getFirst().difficulty()));
        seconds(server, 15);
        seconds(server, 15);
        assertEquals(
                0, new BigDecimal("0.001").compareTo(server.clients().getFirst().difficulty()));
    }

    @Test
    void theNetworkBoundsADifficultyThatFollows() throws IOException {
        var miner = miner(vardiff("1000", "1000"));
        assertTrue(miner.login("a").target().compareTo(NETWORK) >= 0);
    }

    @Test
    void aPolicyOfOnesOwnHasNoVardiffUnlessItSaysSo() {
        DifficultyPolicy own = (agent, user) -> BigDecimal.TEN;
        assertEquals(Optional.empty(), own.vardiff());
        var rules = new VardiffRules(6, BigDecimal.ONE, BigDecimal.ONE);
        assertEquals(Optional.of(rules), DifficultyPolicy.vardiff(rules).vardiff());
        assertEquals(BigDecimal.ONE, DifficultyPolicy.vardiff(rules).difficulty("a", "b"));
    }
}
