package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.athanor.hash.Hex;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.athanor.units.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StratumRelayTest {
    /** One hash in a million: none is met by chance where a test does not look for it. */
    private static final Target NETWORK = Target.ofBits(0x1e0fffff);

    private final RecordingSink atPool = new RecordingSink();
    private final RecordingSink atRelay = new RecordingSink();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var closeable : open.reversed()) closeable.close();
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private StratumRelay relay(InetSocketAddress pool) {
        return opened(StratumRelay.start(StratumServerTest.loopback(), pool, atRelay));
    }

    private Wire miner(StratumRelay relay) throws IOException {
        return opened(new Wire(relay.address()));
    }

    @Test
    void seesExactlyWhatThePoolSees() throws Exception {
        var now = new Instant[] {Instant.parse("2026-01-10T12:00:00Z")};
        var chain = new LocalChain(NETWORK, () -> now[0]);
        var policy = new DifficultyPolicy() {
            @Override
            public BigDecimal difficulty(String agent, String user) {
                return new BigDecimal(user.equals("strong") ? "0.000000001" : "3.3e-10");
            }
        };
        var server = opened(
                StratumServer.start(StratumServer.Config.of(StratumServerTest.loopback(), policy), chain, atPool));
        var miner = miner(relay(server.address()));
        miner.session()
                .configured(miner.call("mining.configure", "[['version-rolling'],{'version-rolling.mask':'00ffe000'}]")
                        .path("result"));
        var job = miner.login("weak");
        assertEquals(0x00ffe000, job.versionMask());
        for (int nonce = 0; nonce < 40; nonce++) miner.submit("weak", job, 1, nonce);
        for (int nonce = 0; nonce < 20; nonce++) miner.submit("weak", job, 1, nonce);
        var ntime = Hex.encode(job.ntime());
        var start = "['weak','" + job.id() + "','00000000000000ff','";
        for (var rest : List.of(
                ntime + "','7','00002000']",
                ntime + "','7','00002000']",
                ntime + "','7','10000000']",
                "','7']",
                "ffffffff','7']",
                ntime + "','zz']")) miner.call("mining.submit", start + rest);
        miner.call("mining.submit", "['weak','nojob','00','00','00']");
        miner.call("mining.submit", "[]");
        miner.call("mining.submit", "{}");
        miner.submit("nobody", job, 1, 99);

        // a new difficulty, more jobs than are kept, a block, stale shares
        miner.call("mining.authorize", "['strong','x']");
        var first = job;
        job = miner.job();
        for (int nonce = 0; nonce < 40; nonce++) miner.submit("strong", job, 1, nonce);
        for (int i = 0; i < JobBook.KEPT - 2; i++) {
            now[0] = now[0].plusSeconds(1);
            server.refresh();
            job = miner.job();
        }
        miner.submit("weak", first, 2, 1);
        server.refresh();
        job = miner.job();
        miner.submit("weak", first, 2, 2); // forgotten by now, by both
        miner.submit("strong", job, 1, Wire.nonceMeeting(job, 1, 0, NETWORK));
        assertEquals(1, chain.height());
        miner.submit("strong", job, 1, 3);

        assertEquals(114, atPool.events().size());
        assertEquals(atPool.events(), atRelay.await(114));
        assertTrue(atPool.events().stream().anyMatch(e -> e.verdict() instanceof Accepted(var _, var block) && block));
        var reasons = atPool.events().stream()
                .flatMap(e -> e.verdict() instanceof Rejected(var reason, var _) ? Stream.of(reason) : Stream.empty())
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        Reason.OTHER,
                        Reason.JOB_NOT_FOUND,
                        Reason.DUPLICATE,
                        Reason.LOW_DIFFICULTY,
                        Reason.UNAUTHORIZED),
                reasons);
        assertEquals(
                2,
                atPool.events().stream()
                        .map(ShareEvent::target)
                        .filter(t -> !t.equals(Target.MAX))
                        .distinct()
                        .count());
    }

    @Test
    void serversNotSubscribedIsSeenToo() throws Exception {
        var chain = new LocalChain(NETWORK, () -> Instant.parse("2026-01-10T12:00:00Z"));
        var server = opened(StratumServer.start(
                StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(BigDecimal.ONE)),
                chain,
                atPool));
        var miner = miner(relay(server.address()));
        miner.call("mining.submit", "['a','b','c','d','e']");
        assertEquals(
                Reason.NOT_SUBSCRIBED, ((Rejected) atRelay.await(1).getFirst().verdict()).reason());
        assertEquals(atPool.events(), atRelay.events());
    }

    @Test
    void severalMinersAreKeptApart() throws Exception {
        var chain = new LocalChain(NETWORK, () -> Instant.parse("2026-01-10T12:00:00Z"));
        var server = opened(StratumServer.start(
                StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(new BigDecimal("2e-10"))),
                chain,
                atPool));
        var relay = relay(server.address());
        var a = miner(relay);
        var b = miner(relay);
        var jobA = a.login("a");
        var jobB = b.login("b");
        assertNotEquals(Wire.hash(jobA, 1, 1), Wire.hash(jobB, 1, 1));
        a.submit("a", jobA, 1, 1);
        b.submit("b", jobB, 1, 1);
        assertEquals(atPool.events(), atRelay.await(2));
        a.close();
        Until.holds(() -> server.clients().size() == 1);
        assertTrue(b.submit("b", jobB, 1, 2).path("result").asBoolean());
    }

    /** cpuminer sends every submit with id 4. */
    @Test
    void submitsThatShareAnIdGetTheirVerdictsInOrder() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        subscribe(miner, upstream);
        for (int nonce = 1; nonce <= 3; nonce++)
            miner.send("{'id':4,'method':'mining.submit','params':['u','bf','00000001','504e86b9','0000000" + nonce
                    + "']}");
        for (int nonce = 1; nonce <= 3; nonce++) upstream.next();
        upstream.send("{'id':4,'result':true,'error':null}");
        upstream.send("{'id':4,'result':false,'error':null,'reject-reason':'Stale'}");
        upstream.send("{'id':4,'result':null,'error':{'code':23,'message':'low'}}");
        var events = atRelay.await(3);
        assertEquals(
                new Accepted(Work.ofTarget(Target.ofDifficulty(BigDecimal.ONE).value()), false),
                events.get(0).verdict());
        assertEquals(new Rejected(Reason.JOB_NOT_FOUND, "Stale"), events.get(1).verdict());
        assertEquals(new Rejected(Reason.LOW_DIFFICULTY, "low"), events.get(2).verdict());
        assertEquals(3, events.stream().map(ShareEvent::hash).distinct().count());
    }

    @Test
    void whatThePoolNeverAnswersDoesNotAddUp() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        subscribe(miner, upstream);
        for (int i = 0; i < 5000; i++) {
            miner.send("{'id':" + (100 + i) + ",'method':'mining.suggest_difficulty','params':[0.0001]}");
            upstream.next();
        }
        miner.send("{'id':9,'method':'mining.submit','params':['u','bf','00000001','504e86b9','1']}");
        upstream.next();
        upstream.send("{'id':9,'result':true,'error':null}");
        assertTrue(atRelay.await(1).getFirst().verdict() instanceof Accepted);
    }

    private static void subscribe(Wire miner, Wire upstream) {
        miner.send("{'id':1,'method':'mining.subscribe','params':['a/1']}");
        upstream.next();
        upstream.send("{'id':1,'result':[[],'08000002',4],'error':null}");
        upstream.send(FakePool.NOTIFY);
        miner.next();
        miner.next();
    }

    @Test
    void everyLineArrivesAsItWasSentNonsenseToo() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        var line = "{ \"method\" : \"mining.odd\",\"id\":null, \"x\":[1.50, \"ü\\u00e9\"] }";
        miner.raw("no JSON at all\n" + line + "\n");
        assertEquals("no JSON at all", upstream.rawLine());
        assertEquals(line, upstream.rawLine());
        upstream.raw("hello\n{\"id\":99,\"result\":true}\n");
        assertEquals("hello", miner.rawLine());
        assertEquals("{\"id\":99,\"result\":true}", miner.rawLine());
    }

    @Test
    void aJobThatCannotBeReadIsPassedOnAndItsSharesHaveNoHash() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        subscribe(miner, upstream);
        upstream.send("{'id':null,'method':'mining.notify','params':['odd']}");
        assertEquals("odd", miner.next().path("params").path(0).asText());
        miner.send("{'id':7,'method':'mining.submit','params':['u','odd','00','00','00']}");
        upstream.next();
        upstream.send("{'id':7,'result':true,'error':null}");
        var event = atRelay.await(1).getFirst();
        assertEquals("", event.hash());
        assertEquals(Target.MAX, event.target());
        assertTrue(event.verdict() instanceof Rejected(var _, var detail) && detail.contains("unknown here"));
        assertTrue(miner.next().path("result").asBoolean());
    }

    @Test
    void whenThePoolClosesTheMinerIsClosedAndOpenSharesAreReportedUnanswered() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        subscribe(miner, upstream);
        miner.send("{'id':4,'method':'mining.submit','params':['u','bf','00000001','504e86b9','1']}");
        upstream.next();
        upstream.close();
        assertTrue(miner.closedByPeer());
        assertEquals(
                new Rejected(Reason.OTHER, "the pool did not answer"),
                atRelay.await(1).getFirst().verdict());
    }

    @Test
    void whenTheMinerClosesThePoolIsClosed() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        miner.close();
        assertTrue(upstream.closedByPeer());
    }

    @Test
    void aPoolThatIsAwayClosesTheMinerAndIsDialledAgainForTheNext() throws Exception {
        var pool = new FakePool();
        var address = pool.address();
        pool.close();
        var relay = relay(address);
        assertTrue(miner(relay).closedByPeer());
        var chain = new LocalChain(NETWORK, () -> Instant.parse("2026-01-10T12:00:00Z"));
        opened(StratumServer.start(
                StratumServer.Config.of(address, DifficultyPolicy.fixed(new BigDecimal("2e-10"))), chain, atPool));
        miner(relay).login("back");
    }

    @Test
    void thePoolCannotLeadTheMinerPastTheRelay() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        upstream.send("{'id':null,'method':'client.reconnect','params':['elsewhere.example',3333,0]}");
        assertTrue(miner.closedByPeer());
        assertTrue(upstream.closedByPeer());
    }

    @Test
    void aLineThatIsTooLongEndsTheConnection() throws Exception {
        var pool = opened(new FakePool());
        var miner = miner(relay(pool.address()));
        var upstream = opened(pool.accept());
        Thread.ofVirtual().start(() -> {
            try {
                miner.raw("x".repeat(200_000));
            } catch (java.io.UncheckedIOException e) {
                // closed while it was writing, as it should be
            }
        });
        assertTrue(upstream.closedByPeer());
        assertTrue(miner.closedByPeer());
    }

    @Test
    void aSinkThatFailsDoesNotKeepTheVerdictFromTheMiner() throws Exception {
        var pool = opened(new FakePool());
        var relay = opened(StratumRelay.start(StratumServerTest.loopback(), pool.address(), _ -> {
            throw new IllegalStateException("disk full");
        }));
        var miner = miner(relay);
        var upstream = opened(pool.accept());
        subscribe(miner, upstream);
        miner.send("{'id':4,'method':'mining.submit','params':['u','bf','00000001','504e86b9','1']}");
        upstream.next();
        upstream.send("{'id':4,'result':true,'error':null}");
        assertTrue(miner.next().path("result").asBoolean());
    }

    @Test
    void closingTheRelayClosesBothSides() throws Exception {
        var pool = opened(new FakePool());
        var relay = relay(pool.address());
        var miner = miner(relay);
        var upstream = opened(pool.accept());
        miner.send("{'id':1,'method':'mining.subscribe','params':['a/1']}");
        upstream.next();
        relay.close();
        assertTrue(miner.closedByPeer());
        assertTrue(upstream.closedByPeer());
    }
}
