package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.athanor.hash.Hex;
import org.athanor.hash.Sha256d;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.athanor.units.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StratumServerTest {
    /** One hash in a million is a block: none by chance where a test does not look for it. */
    private static final Target NETWORK = Target.ofBits(0x1e0fffff);

    /** Every second hash is a share. */
    private static final BigDecimal EASY = new BigDecimal("4.7e-10");

    private Instant now = Instant.parse("2026-01-10T12:00:00Z");
    private final RecordingSink sink = new RecordingSink();
    private final List<AutoCloseable> open = new ArrayList<>();
    private LocalChain chain = new LocalChain(NETWORK, () -> now);

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (var closeable : open.reversed()) closeable.close();
    }

    private StratumServer server(BigDecimal difficulty) {
        return server(StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(difficulty)), sink);
    }

    private StratumServer server(StratumServer.Config config, ShareSink to) {
        var server = StratumServer.start(config, chain, to);
        open.add(server);
        return server;
    }

    private Wire miner(StratumServer server) throws IOException {
        var wire = new Wire(server.address());
        open.add(wire);
        return wire;
    }

    private static void assertError(int code, String words, JsonNode reply) {
        assertTrue(reply.path("result").isNull(), reply.toString());
        assertEquals(code, reply.path("error").path(0).asInt(), reply.toString());
        assertTrue(reply.path("error").path(1).asText().contains(words), reply.toString());
        assertTrue(reply.path("error").path(2).isNull());
    }

    @Test
    void subscribingIsAnsweredFirstThenDifficultyThenWork() throws IOException {
        var miner = miner(server(new BigDecimal("0.5")));
        miner.send("{'id':1,'method':'mining.subscribe','params':['cpuminer/2.5.1']}");
        var result = miner.next();
        assertEquals(1, result.path("id").asInt());
        assertTrue(result.has("error") && result.path("error").isNull());
        assertEquals(8, result.path("result").path(1).asText().length());
        assertEquals(8, result.path("result").path(2).asInt());
        var network = new BigDecimal("0.00025"); // 0.5 would be harder than this network
        var difficulty = miner.next();
        assertEquals("mining.set_difficulty", difficulty.path("method").asText());
        assertTrue(difficulty.path("params").path(0).decimalValue().compareTo(network) < 0);
        var notify = miner.next();
        assertEquals("mining.notify", notify.path("method").asText());
        assertEquals("1e0fffff", notify.path("params").path(6).asText());
        assertTrue(notify.path("params").path(8).asBoolean());
    }

    @Test
    void aShareIsAcceptedAndTheSinkKnowsBeforeTheReply() throws IOException {
        var miner = miner(server(EASY));
        var job = miner.login("home.heater");
        int nonce = Wire.nonceBetween(job, 5, 0, job.target(), NETWORK);
        var reply = miner.submit("home.heater", job, 5, nonce);
        assertTrue(reply.path("result").asBoolean(), reply.toString());
        assertTrue(reply.has("error") && reply.path("error").isNull());
        var expected = new ShareEvent(
                "home.heater",
                "hand/1.0",
                job.id(),
                Wire.hash(job, 5, nonce),
                Target.ofDifficulty(EASY),
                new Accepted(Work.ofTarget(Target.ofDifficulty(EASY).value()), false));
        assertEquals(List.of(expected), sink.events());
        assertEquals(0, chain.height());
    }

    @Test
    void everyRefusalHasItsCodeAndIsTold() throws IOException {
        var server = server(EASY);
        var stranger = miner(server);
        assertError(25, "not subscribed", stranger.call("mining.submit", "['a','b','c','d','e']"));

        var miner = miner(server);
        var job = miner.login("a");
        int good = Wire.nonceBetween(job, 1, 0, job.target(), NETWORK);
        int bad = Wire.nonceBetween(job, 1, 0, Target.MAX, job.target());
        var ntime = Hex.encode(job.ntime());
        assertError(24, "unauthorized", miner.submit("b", job, 1, good));
        assertError(21, "unknown job", miner.call("mining.submit", "['a','nojob','0000000000000001','0','0']"));
        assertError(
                20, "extranonce2", miner.call("mining.submit", "['a','" + job.id() + "','01','" + ntime + "','0']"));
        assertError(20, "extranonce2", miner.call("mining.submit", "['a','" + job.id() + "']"));
        assertError(24, "unauthorized", miner.call("mining.submit", "'text'"));
        assertError(20, "extranonce2", miner.call("mining.submit", "['a','" + job.id() + "',7,'" + ntime + "','0']"));
        assertError(20, "nonce", submitRaw(miner, job, ntime, "xyz"));
        assertError(20, "ntime", submitRaw(miner, job, "", "0"));
        assertError(20, "ntime out of range", submitRaw(miner, job, Hex.encode(job.ntime() - 1), "0"));
        assertError(20, "ntime out of range", submitRaw(miner, job, Hex.encode(job.ntime() + 7001), "0"));
        assertError(
                20,
                "version bits outside",
                miner.call(
                        "mining.submit", "['a','" + job.id() + "','0000000000000001','" + ntime + "','0','00002000']"));
        assertError(23, "low difficulty", miner.submit("a", job, 1, bad));
        assertTrue(miner.submit("a", job, 1, good).path("result").asBoolean());
        assertError(22, "duplicate", miner.submit("a", job, 1, good));
        assertEquals(
                List.of(25, 24, 21, 20, 20, 24, 20, 20, 20, 20, 20, 20, 23, 0, 22),
                sink.events().stream().map(StratumServerTest::code).toList());
        assertEquals(Target.MAX, sink.events().get(2).target());
        assertEquals("", sink.events().get(2).hash());
        assertEquals(Wire.hash(job, 1, good), sink.events().get(1).hash());
        var info = server.clients().stream()
                .filter(c -> !c.agent().isEmpty())
                .findFirst()
                .orElseThrow();
        assertEquals(1, info.accepted());
        assertEquals(13, info.rejected());
        assertEquals(List.of("a"), info.users());
        assertEquals("hand/1.0", info.agent());
    }

    private static JsonNode submitRaw(Wire miner, MiningJob job, String ntime, String nonce) {
        return miner.call(
                "mining.submit", "['a','" + job.id() + "','0000000000000001','" + ntime + "','" + nonce + "']");
    }

    private static int code(ShareEvent event) {
        return switch (event.verdict()) {
            case Accepted _ -> 0;
            case Rejected(var reason, var _) -> reason.code();
        };
    }

    @Test
    void theWholeTimeWindowIsAccepted() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        var job = miner.login("a");
        for (int ahead : List.of(0, 1, 7000)) {
            var reply = submitRaw(miner, job, Hex.encode(job.ntime() + ahead), "0");
            assertTrue(reply.path("result").asBoolean(), ahead + ": " + reply);
        }
    }

    @Test
    void atDifficulty2eMinus10EveryHashIsAShare() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        var job = miner.login("a");
        assertEquals(Target.MAX, job.target());
        for (int nonce = 0; nonce < 50; nonce++)
            if (!NETWORK.metBy(Sha256d.hash(Wire.header(job, 1, nonce))))
                assertTrue(miner.submit("a", job, 1, nonce).path("result").asBoolean());
        assertTrue(sink.events().stream()
                .allMatch(e -> e.verdict().equals(new Accepted(Work.ofHashes(BigInteger.ONE), false))));
    }

    @Test
    void aBlockIsHandedOverBeforeTheReplyAndEveryMinerGetsNewWork() throws IOException {
        var server = server(EASY);
        var finder = miner(server);
        var other = miner(server);
        var job = finder.login("finder");
        var othersJob = other.login("other");
        int nonce = Wire.nonceMeeting(job, 1, 0, NETWORK);
        assertTrue(finder.submit("finder", job, 1, nonce).path("result").asBoolean());
        assertEquals(1, chain.height());
        assertEquals(Wire.hash(job, 1, nonce), chain.blocks().getFirst().hash());
        assertTrue(((Accepted) sink.last().verdict()).block());
        for (var miner : List.of(finder, other)) {
            var next = miner.job();
            assertTrue(next.clean());
            assertNotEquals(job.id(), next.id());
        }
        assertError(21, "stale", other.submit("other", othersJob, 1, 1));
        assertEquals(Wire.hash(othersJob, 1, 1), sink.last().hash()); // known by name still
        assertError(21, "stale", finder.submit("finder", job, 1, nonce));
    }

    @Test
    void onARegtestChainEverySecondHashIsABlock() throws IOException {
        chain = new LocalChain(Target.MAX, () -> now);
        var miner = miner(server(new BigDecimal("1")));
        var job = miner.login("a");
        // the difficulty told is a hair easier than the network's, never harder
        assertTrue(job.target().compareTo(Target.REGTEST_LIMIT) >= 0);
        assertEquals(
                Target.REGTEST_LIMIT.value().shiftRight(200),
                job.target().value().shiftRight(200));
        for (int i = 1; i <= 10; i++) {
            int nonce = Wire.nonceMeeting(job, i, 0, Target.REGTEST_LIMIT);
            assertTrue(miner.submit("a", job, i, nonce).path("result").asBoolean());
            assertEquals(i, chain.height());
            job = miner.job();
        }
    }

    @Test
    void aBlockThatTheChainRefusesIsStillAShare() throws IOException {
        var server = server(EASY);
        var miner = miner(server);
        var job = miner.login("a");
        now = now.minusSeconds(3 * 3600); // the pool's clock was set back: its block is from the future now
        int nonce = Wire.nonceMeeting(job, 1, 0, NETWORK);
        assertTrue(miner.submit("a", job, 1, nonce).path("result").asBoolean());
        assertFalse(((Accepted) sink.last().verdict()).block());
        assertEquals(0, chain.height());
    }

    @Test
    void twoMinersSearchDifferentHeadersAndDoNotShareTheirShares() throws IOException {
        var server = server(new BigDecimal("2e-10"));
        var a = miner(server);
        var b = miner(server);
        var jobA = a.login("a");
        var jobB = b.login("b");
        assertNotEquals(Wire.hash(jobA, 1, 1), Wire.hash(jobB, 1, 1));
        assertTrue(a.submit("a", jobA, 1, 1).path("result").asBoolean());
        assertTrue(b.submit("b", jobB, 1, 1).path("result").asBoolean());
        assertEquals(Wire.hash(jobA, 1, 1), sink.events().get(0).hash());
        assertEquals(Wire.hash(jobB, 1, 1), sink.events().get(1).hash());
        assertEquals(2, server.clients().size());
    }

    @Test
    void refreshedWorkLeavesTheOldValidAndNoHeaderCountsTwice() throws IOException {
        var server = server(new BigDecimal("2e-10"));
        var miner = miner(server);
        var first = miner.login("a");
        now = now.plusSeconds(30);
        server.refresh();
        var second = miner.job();
        assertFalse(second.clean());
        assertEquals(first.ntime() + 30, second.ntime());
        assertTrue(miner.submit("a", first, 1, 1).path("result").asBoolean());
        assertTrue(miner.submit("a", second, 1, 1).path("result").asBoolean());
        assertEquals(
                2, new HashSet<>(sink.events().stream().map(ShareEvent::hash).toList()).size());
    }

    @Test
    void onlySoManyJobsAreKept() throws IOException {
        var server = server(new BigDecimal("2e-10"));
        var miner = miner(server);
        var first = miner.login("a");
        var second = first;
        for (int i = 1; i <= JobBook.KEPT; i++) {
            server.refresh();
            var job = miner.job();
            if (i == 1) second = job;
        }
        assertError(21, "unknown job", miner.submit("a", first, 1, 1));
        assertTrue(miner.submit("a", second, 1, 1).path("result").asBoolean());
    }

    @Test
    void aFullJobIsReplacedInTime() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        var job = miner.login("a");
        var lines = new StringBuilder();
        for (int i = 0; i < ShareFilter.LIMIT / 2; i++)
            lines.append("{\"id\":")
                    .append(1000 + i)
                    .append(",\"method\":\"mining.submit\",\"params\":")
                    .append(Wire.share("a", job, 1, i).replace('\'', '"'))
                    .append("}\n");
        Thread.ofVirtual().start(() -> miner.raw(lines.toString()));
        var next = miner.job();
        assertNotEquals(job.id(), next.id());
    }

    @Test
    void aNewDifficultyBindsFromTheNextJobOn() throws IOException {
        var policy = new DifficultyPolicy() {
            @Override
            public BigDecimal difficulty(String agent, String user) {
                return user.equals("strong") ? new BigDecimal("0.0000001") : new BigDecimal("2e-10");
            }
        };
        var miner = miner(server(StratumServer.Config.of(loopback(), policy), sink));
        var easy = miner.login("weak");
        assertEquals(Target.MAX, easy.target());
        miner.call("mining.authorize", "['strong','x']");
        var hard = miner.job();
        assertEquals(Target.ofDifficulty(new BigDecimal("0.0000001")), hard.target());
        assertTrue(miner.submit("weak", easy, 1, Wire.nonceBetween(easy, 1, 0, Target.MAX, hard.target()))
                .path("result")
                .asBoolean());
        assertError(
                23, "low", miner.submit("strong", hard, 1, Wire.nonceBetween(hard, 1, 0, Target.MAX, hard.target())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0.0000001]", "['0.0000001']", "[1e-7]", "0.0000001", "['1e-7']"})
    void aMinerMayAskForHarderSharesWithFractionsToo(String params) throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        miner.login("a");
        assertTrue(
                miner.call("mining.suggest_difficulty", params).path("result").asBoolean());
        assertEquals(
                Target.ofDifficulty(new BigDecimal("0.0000001")), miner.job().target());
    }

    @Test
    void aWishOutlivesSubscribingAndAuthorizing() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        miner.call("mining.suggest_difficulty", "[1e-7]");
        var job = miner.login("a");
        assertEquals(Target.ofDifficulty(new BigDecimal("1e-7")), job.target());
    }

    @Test
    void aMinerMayNotAskForEasierSharesOrForNonsense() throws IOException {
        var server = server(new BigDecimal("0.0000001"));
        var miner = miner(server);
        miner.login("a");
        assertTrue(miner.call("mining.suggest_difficulty", "[1e-10]")
                .path("result")
                .asBoolean());
        assertEquals(new BigDecimal("0.0000001"), server.clients().getFirst().difficulty());
        for (var nonsense : List.of("[0]", "[-1]", "['much']", "[]", "[null]", "[{}]"))
            assertError(20, "above 0", miner.call("mining.suggest_difficulty", nonsense));
        // harder than the network is cut to the network's; no number is too large
        assertTrue(miner.call("mining.suggest_difficulty", "[1e999999999]")
                .path("result")
                .asBoolean());
        assertTrue(miner.job().target().compareTo(NETWORK) >= 0);
    }

    @Test
    void versionBitsAreRolledWithinTheAgreedMask() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        var result = miner.call(
                        "mining.configure",
                        "[['version-rolling','minimum-difficulty'],{'version-rolling.mask':'ffffffff','version-rolling.min-bit-count':2}]")
                .path("result");
        assertTrue(result.path("version-rolling").asBoolean());
        assertEquals("1fffe000", result.path("version-rolling.mask").asText());
        assertFalse(result.path("minimum-difficulty").asBoolean());
        miner.session().configured(result);
        var job = miner.login("a");
        assertEquals(0x1fffe000, job.versionMask());
        var start = "['a','" + job.id() + "','0000000000000001','" + Hex.encode(job.ntime()) + "','7'";
        assertTrue(miner.call("mining.submit", start + ",'04002000']")
                .path("result")
                .asBoolean());
        var header = job.header(Hex.decode("0000000000000001"), job.ntime(), 0x04002000, 7);
        assertEquals("00200024", Hex.encode(header).substring(0, 8));
        assertEquals(Hex.display(Sha256d.hash(header)), sink.last().hash());
        assertTrue(miner.call("mining.submit", start + "]").path("result").asBoolean());
        assertError(20, "version bits outside", miner.call("mining.submit", start + ",'20000000']"));
        assertError(20, "version bits have", miner.call("mining.submit", start + ",'moon']"));
        assertError(22, "duplicate", miner.call("mining.submit", start + ",'04002000']"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "text"     | "text"
            17         | 17
            null       | null
            -1.5       | -1.5
            """)
    void idsComeBackAsTheyWere(String id, String back) throws IOException {
        var miner = miner(server(EASY));
        miner.send("{\"id\":" + id + ",\"method\":\"mining.extranonce.subscribe\",\"params\":[]}");
        var reply = miner.next();
        assertEquals(back, reply.path("id").toString());
        assertTrue(reply.path("result").asBoolean());
    }

    @Test
    void unknownMethodsAndNonsenseAreAnsweredAndTheConnectionGoesOn() throws IOException {
        var miner = miner(server(EASY));
        assertError(20, "unknown method", miner.call("mining.get_transactions", "['x']"));
        assertError(20, "unknown method", miner.call("eth_submitLogin", "{}"));
        for (var line : List.of(
                "GET / HTTP/1.1",
                "[1,2]",
                "{",
                "{'id':1} {}",
                "\"text\"",
                "\u0000\u0001",
                "\0\0\0z\0\0\0\0",
                "{'id':1e1000000000000}")) {
            miner.send(line);
            assertError(20, "not a JSON object", miner.next());
        }
        miner.raw("\r\n  \n");
        miner.login("a");
        assertError(24, "user names", miner.call("mining.authorize", "['']"));
        assertError(24, "user names", miner.call("mining.authorize", "['two words']"));
        assertError(24, "user names", miner.call("mining.authorize", "[]"));
        for (int i = 0; i < 15; i++) miner.call("mining.authorize", "['user" + i + "']");
        assertError(24, "users a connection", miner.call("mining.authorize", "['onemore']"));
    }

    @Test
    void nothingButNonsenseEndsTheConnection() throws IOException {
        var miner = miner(server(EASY));
        miner.raw("nonsense\n".repeat(30)); // at once: it may be dropped while it is still talking
        assertTrue(miner.closedByPeer());
    }

    @Test
    void linesMayBeTornAndJoinedByPackets() throws Exception {
        var miner = miner(server(EASY));
        // every byte in a packet of its own: the miner's socket does not wait for more
        for (char c : "{\"id\":1,\"method\":\"mining.extranonce.subscribe\",\"params\":[]}\r\n".toCharArray())
            miner.raw(String.valueOf(c));
        assertTrue(miner.reply(1).path("result").asBoolean());
        miner.raw(
                "{\"id\":2,\"method\":\"mining.extranonce.subscribe\"}\n{\"id\":3,\"method\":\"mining.extranonce.subscribe\"}\n{\"id\":4,");
        assertTrue(miner.reply(2).path("result").asBoolean());
        assertTrue(miner.reply(3).path("result").asBoolean());
        miner.raw("\"method\":\"mining.extranonce.subscribe\"}\n");
        assertTrue(miner.reply(4).path("result").asBoolean());
    }

    @Test
    void aLineThatIsTooLongEndsItsConnectionAndNoOther() throws IOException {
        var server = server(EASY);
        var good = miner(server);
        var job = good.login("good");
        var bad = miner(server);
        bad.raw("{\"id\":\"" + "x".repeat(9000));
        assertTrue(bad.closedByPeer());
        Until.holds(() -> server.clients().size() == 1);
        assertTrue(good.submit("good", job, 1, Wire.nonceBetween(job, 1, 0, job.target(), NETWORK))
                .path("result")
                .asBoolean());
    }

    @Test
    void aMinerThatDoesNotReadIsDroppedAndTheOthersGetTheirWork() throws IOException {
        var config = StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY));
        var server = server(new StratumServer.Config(config.listen(), config.difficulty(), 10, 8192, 4096), sink);
        var good = miner(server);
        good.login("good");
        var deaf = miner(server);
        deaf.login("deaf");
        int refreshes = 0;
        while (server.clients().size() == 2 && refreshes++ < 100_000) {
            server.refresh();
            good.job();
        }
        assertEquals(List.of("good"), server.clients().getFirst().users());
        assertEquals(1, server.clients().size());
    }

    @Test
    void thereAreOnlySoManyPlacesAndTheyAreFreedAgain() throws IOException {
        var config = StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY));
        var server = server(new StratumServer.Config(config.listen(), config.difficulty(), 1, 8192, 4096), sink);
        var first = miner(server);
        first.login("a");
        assertTrue(miner(server).closedByPeer());
        first.close();
        Until.holds(() -> server.clients().isEmpty());
        Until.holds(() -> {
            try (var next = new Wire(server.address())) {
                next.raw("{\"id\":1,\"method\":\"mining.extranonce.subscribe\"}\n");
                return next.next() != null;
            } catch (IOException | UncheckedIOException e) {
                return false; // not yet
            }
        });
    }

    @Test
    void aShareThatCannotBeRecordedIsNotCounted() throws IOException {
        var full = new boolean[] {true};
        var server = server(StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY)), event -> {
            if (full[0]) throw new IllegalStateException("disk full");
            sink.share(event);
        });
        var miner = miner(server);
        var job = miner.login("a");
        int nonce = Wire.nonceBetween(job, 1, 0, job.target(), NETWORK);
        assertError(20, "could not record", miner.submit("a", job, 1, nonce));
        full[0] = false;
        assertTrue(miner.submit("a", job, 1, nonce).path("result").asBoolean()); // may be tried again
        assertEquals(1, sink.events().size());
    }

    /** A chain that takes its time. */
    private static final class SlowChain implements TemplateSource {
        private final LocalChain chain;
        private final CountDownLatch answer = new CountDownLatch(1);

        SlowChain(LocalChain chain) {
            this.chain = chain;
        }

        @Override
        public Template current() {
            return chain.current();
        }

        @Override
        public AutoCloseable onChange(Consumer<Template> listener) {
            return chain.onChange(listener);
        }

        @Override
        public BlockVerdict submit(byte[] block) {
            try {
                assertTrue(answer.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return chain.submit(block);
        }
    }

    @Test
    void aChainThatTakesItsTimeHoldsUpNobodyAndTheFindersSharesStayInOrder() throws IOException {
        var slow = new SlowChain(chain);
        var server = StratumServer.start(StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY)), slow, sink);
        open.add(server);
        var finder = miner(server);
        var other = miner(server);
        var job = finder.login("finder");
        var others = other.login("other");
        int block = Wire.nonceMeeting(job, 1, 0, NETWORK);
        int plain = Wire.nonceBetween(job, 1, 0, job.target(), NETWORK);
        finder.send("{'id':100,'method':'mining.submit','params':" + Wire.share("finder", job, 1, block) + "}");
        finder.send("{'id':101,'method':'mining.submit','params':" + Wire.share("finder", job, 1, plain) + "}");
        finder.send("{'id':102,'method':'mining.authorize','params':['again','x']}");
        assertTrue(other.submit("other", others, 1, Wire.nonceBetween(others, 1, 0, others.target(), NETWORK))
                .path("result")
                .asBoolean());
        assertEquals(1, sink.events().size());
        slow.answer.countDown();
        assertTrue(finder.reply(100).path("result").asBoolean());
        assertError(21, "stale", finder.reply(101)); // by its own block
        assertTrue(finder.reply(102).path("result").asBoolean());
        assertEquals(1, chain.height());
        assertTrue(((Accepted) sink.events().get(1).verdict()).block());
    }

    @Test
    void aBlockCountsEvenIfItsFinderIsGone() throws Exception {
        var slow = new SlowChain(chain);
        var server = StratumServer.start(StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY)), slow, sink);
        open.add(server);
        var finder = miner(server);
        var job = finder.login("finder");
        finder.send("{'id':100,'method':'mining.submit','params':"
                + Wire.share("finder", job, 1, Wire.nonceMeeting(job, 1, 0, NETWORK)) + "}");
        finder.close();
        slow.answer.countDown();
        assertTrue(((Accepted) sink.await(1).getFirst().verdict()).block());
        assertEquals(1, chain.height());
    }

    @Test
    void aChainThatIsAwayForLongHoldsUpNotEvenTheFinder() throws IOException {
        var slow = new SlowChain(chain);
        var server = StratumServer.start(
                StratumServer.Config.of(loopback(), DifficultyPolicy.fixed(EASY))
                        .withBlockPatience(Duration.ofMillis(1)),
                slow,
                sink);
        open.add(server);
        var finder = miner(server);
        var job = finder.login("finder");
        assertTrue(finder.submit("finder", job, 1, Wire.nonceMeeting(job, 1, 0, NETWORK))
                .path("result")
                .asBoolean());
        assertFalse(((Accepted) sink.last().verdict()).block()); // as far as is known
        assertTrue(finder.submit("finder", job, 1, Wire.nonceBetween(job, 1, 0, job.target(), NETWORK))
                .path("result")
                .asBoolean());
        slow.answer.countDown();
        assertTrue(finder.job().clean());
        assertEquals(1, chain.height());
    }

    @Test
    void floodsOfNonsenseEndTheirOwnConnectionsOnly() throws Exception {
        var server = server(EASY);
        var good = miner(server);
        var job = good.login("good");
        var floods = List.of("x\n", "{\"id\":1,\"method\":\"mining.submit\",\"params\":[]}\n", "\0", "{\"id\":", "\n");
        var senders = new ArrayList<Thread>();
        for (var flood : floods)
            for (int i = 0; i < 4; i++) {
                var bad = miner(server);
                senders.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int j = 0; j < 200; j++) bad.raw(flood.repeat(500));
                        bad.close();
                    } catch (IOException | UncheckedIOException e) {
                        return; // dropped, as it ought to be
                    }
                }));
            }
        int nonce = 0;
        for (int i = 0; i < 50; i++) {
            nonce = Wire.nonceBetween(job, 1, nonce, job.target(), NETWORK);
            assertTrue(good.submit("good", job, 1, nonce++).path("result").asBoolean());
        }
        for (var sender : senders) assertTrue(sender.join(Duration.ofSeconds(30)));
        Until.holds(() -> server.clients().size() == 1);
    }

    @Test
    void noncesMayComeWithoutLeadingZeros() throws IOException {
        var miner = miner(server(new BigDecimal("2e-10")));
        var job = miner.login("a");
        assertTrue(submitRaw(miner, job, Hex.encode(job.ntime()), "2a")
                .path("result")
                .asBoolean());
        assertEquals(Wire.hash(job, 1, 0x2a), sink.last().hash());
    }

    @Test
    void closingEndsAllConnectionsAndFreesThePort() throws IOException {
        var server = server(EASY);
        var miner = miner(server);
        miner.login("a");
        server.close();
        assertTrue(miner.closedByPeer());
        var again = StratumServer.start(
                StratumServer.Config.of(server.address(), DifficultyPolicy.fixed(EASY)), chain, sink);
        open.add(again);
        var taken = assertThrows(
                StratumException.class,
                () -> StratumServer.start(
                        StratumServer.Config.of(again.address(), DifficultyPolicy.fixed(EASY)), chain, sink));
        assertTrue(taken.getMessage().contains("" + again.address().getPort()), taken.getMessage());
    }

    @Test
    void configuredNonsenseIsRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> DifficultyPolicy.fixed(BigDecimal.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StratumServer.Config(loopback(), DifficultyPolicy.fixed(EASY), 0, 8192, 4096));
        assertEquals(Reason.OTHER, Reason.ofCode(-7));
        assertEquals(Reason.DUPLICATE, Reason.ofCode(22));
    }
}
