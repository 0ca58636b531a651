package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools upstream that go away, come back, say nothing or nonsense; and what a proxy must never lose or tell. */
@Timeout(60)
class UpstreamLossTest extends ProxyRig {
    private static final Rejected STALE = new Rejected(Reason.JOB_NOT_FOUND, "stale job");

    private static UpstreamPool.Patience patience(long answerMillis, long silenceMillis) {
        return new UpstreamPool.Patience(
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofMillis(answerMillis),
                Duration.ofMillis(silenceMillis));
    }

    @Test
    void nobodyMinesForNothingWhileNoUpstreamIsThere() throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(pool.upstream("up"));
        var proxy = proxy(upstream);
        var miner = miner(proxy, "home");
        var old = miner.job();
        miner.mine(1);
        pool.close();
        Until.holds(() -> !upstream.status().connected());
        while (!miner.submit(old).equals(STALE))
            ; // at once, or nearly so
        var late = keep(new TestMiner(proxy.address(), "late"));
        assertTrue(late.client.open());
        proxy.refresh();
        assertTrue(late.client.job().isEmpty());
        miner.events.jobs.clear();

        var back = keep(new JudgingPool(pool.address(), "99", 8));
        assertTrue(miner.await(MiningJob::clean).clean());
        assertTrue(miner.client.open() && late.client.open());
        miner.mine(2);
        late.mine(2);
        back.await(4);
        back.assertAllGood();
        assertEquals(STALE, miner.submit(old));
        assertTrue(upstream.status().connected());
        assertTrue(
                upstream.status().problem().startsWith("up: "),
                upstream.status().problem());
    }

    @Test
    void theSecondServesWhileTheFirstIsAwayAndNoLonger() throws Exception {
        var first = judging("08000002", 8);
        var second = judging("0900", 8);
        var upstream = connect(patience(30_000, 60_000), first.upstream("first"), second.upstream("second"));
        var proxy = proxy(upstream);
        var miner = miner(proxy, "home");
        miner.mine(2);
        first.await(2);
        miner.events.jobs.clear();
        first.close();
        miner.await(MiningJob::clean);
        miner.mine(2);
        second.await(2);
        assertEquals("second", upstream.status().upstream());

        second.answer = _ -> null;
        miner.mine(1); // on its way when the first is back
        var open = second.await(3).getLast();
        miner.events.jobs.clear();
        var back = keep(new JudgingPool(first.address(), "08000003", 8));
        miner.await(MiningJob::clean);
        second.line("{'id':" + open.id() + ",'result':true,'error':null}");
        miner.mine(2);
        back.await(2);
        for (var pool : List.of(first, second, back)) pool.assertAllGood();
        var told = sink.awaitForwards(7);
        assertTrue(
                told.stream().allMatch(forward -> forward.outcome() instanceof ForwardOutcome.Accepted),
                told.toString());
        assertEquals(
                3,
                told.stream()
                        .filter(forward -> forward.upstream().equals("second"))
                        .count());
        assertEquals("first", upstream.status().upstream());
        assertEquals(3, upstream.status().session());
        assertTrue(miner.client.open());
        Until.holds(() -> second.connections() == 0);
    }

    @Test
    void aSilentUpstreamIsGivenUp() throws Exception {
        var silent = judging("08000002", 8);
        var other = judging("09", 8);
        var upstream = connect(patience(500, 300), silent.upstream("silent"), other.upstream("other"));
        Until.holds(() -> upstream.status().problem().contains("it was silent for"));
        Until.holds(() -> upstream.status().session() > 1); // again and again: it says enough to be tried
    }

    @Test
    void anUpstreamThatTakesUsAndDropsUsGivesWayToTheNext() throws Exception {
        var fickle = judging("08000002", 8);
        var other = judging("09", 8);
        var config = new UpstreamPool.Config(
                List.of(fickle.upstream("fickle"), other.upstream("other")),
                Duration.ofMillis(200),
                Duration.ofMinutes(1),
                patience(500, 60_000));
        var upstream = keep(UpstreamPool.connect(config));
        var miner = miner(proxy(upstream), "home");
        miner.mine(1);
        fickle.await(1);
        miner.events.jobs.clear();
        fickle.line("{'id':null,'method':'client.reconnect','params':['evil.example',3333]}");
        miner.await(MiningJob::clean);
        miner.mine(1);
        other.await(1);
        assertEquals("other", upstream.status().upstream());
        assertEquals(2, upstream.status().session());
    }

    @Test
    void aLoneUpstreamThatDropsUsIsTriedWithPauses() throws Exception {
        var fickle = judging("08000002", 8);
        var config = new UpstreamPool.Config(
                List.of(fickle.upstream("fickle")),
                Duration.ofMillis(300),
                Duration.ofMinutes(1),
                patience(500, 60_000));
        long start = System.nanoTime();
        var upstream = keep(UpstreamPool.connect(config));
        for (int session = 1; session <= 4; session++) {
            int number = session;
            Until.holds(() -> upstream.status().session() == number && fickle.connections() == 1);
            fickle.dropAll();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        assertTrue(seconds > 3 * 0.3, seconds + " s for four sessions");
    }

    @Test
    void anUpstreamThatSendsNoJobIsNone() throws Exception {
        var idle = judging("08000002", 8);
        idle.sendsJobs = false;
        var other = judging("09", 8);
        var upstream = connect(idle.upstream("idle"), other.upstream("other"));
        assertEquals("other", upstream.status().upstream());
        assertEquals("idle: it sent no job", upstream.status().problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "this is no JSON",
                "[1,2,3]",
                "{'id':null,'method':'mining.notify','params':['x']}",
                "{'id':null,'method':'mining.notify','params':['x','00','zz','',[],'1','1','1',true]}",
                "{'id':null,'method':'mining.set_difficulty','params':[-1]}",
                "{'id':null,'method':'mining.set_extranonce','params':['zz',4]}",
                "{'id':null,'method':'mining.set_version_mask','params':['no mask']}",
                "{'id':null,'method':'client.reconnect','params':['evil.example',3333]}"
            })
    void nonsenseEndsTheSessionAndNoMinersConnection(String line) throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(pool.upstream("up"));
        var miner = miner(proxy(upstream), "home");
        miner.mine(1);
        pool.await(1);
        miner.events.jobs.clear();
        pool.line(line);
        Until.holds(() -> upstream.status().session() == 2 && upstream.status().connected());
        assertTrue(
                upstream.status().problem().startsWith("up: the pool"),
                upstream.status().problem());
        miner.await(MiningJob::clean);
        miner.mine(1);
        pool.await(2);
        pool.assertAllGood();
    }

    @Test
    void anUpstreamThatAnswersNoShareIsGivenUpAndTheSharesAreLost() throws Exception {
        var deaf = judging("08000002", 8);
        deaf.answer = _ -> null;
        var other = judging("09", 8);
        var config = new UpstreamPool.Config(
                List.of(deaf.upstream("deaf"), other.upstream("other")),
                Duration.ofMillis(200),
                Duration.ofMinutes(1),
                patience(2_000, 60_000));
        var upstream = keep(UpstreamPool.connect(config));
        var miner = miner(proxy(upstream), "home");
        miner.mine(5);
        for (var forward : sink.awaitForwards(5)) {
            assertInstanceOf(ForwardOutcome.Lost.class, forward.outcome());
            assertEquals("home", forward.user());
        }
        Until.holds(() -> upstream.status().session() == 2);
        assertTrue(
                upstream.status().problem().startsWith("deaf: it answers no shares"),
                upstream.status().problem());
        assertTrue(upstream.awaitOutcomes(Duration.ofSeconds(5)));
    }

    @Test
    void aShareThatIsLeftUnansweredIsLostAndTheOthersAreNot() throws Exception {
        var pool = judging("08000002", 8);
        pool.answer = share -> share.id() % 2 == 0 ? null : "'result':true,'error':null";
        var upstream = connect(patience(1000, 60_000), pool.upstream("up"));
        var miner = miner(proxy(upstream), "home");
        // answers come all the time, so the pool is not deaf
        while (sink.forwards().stream().noneMatch(forward -> forward.outcome() instanceof ForwardOutcome.Lost))
            miner.mine(2);
        assertEquals(1, upstream.status().session());
        assertTrue(upstream.status().lost() > 0 && upstream.status().accepted() > 0);
        assertTrue(upstream.status().connected());
    }

    @Test
    void whatTheUpstreamHadNotAnsweredWhenItBrokeIsLost() throws Exception {
        var pool = judging("08000002", 8);
        pool.answer = _ -> null;
        var miner = miner(proxy(connect(patience(60_000, 60_000), pool.upstream("up"))), "home");
        miner.mine(3);
        pool.await(3);
        pool.dropAll();
        for (var forward : sink.awaitForwards(3)) assertInstanceOf(ForwardOutcome.Lost.class, forward.outcome());
    }

    @Test
    void thousandsOfSharesOfHundredsOfMinersGoOverOneConnection() throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(patience(30_000, 60_000), pool.upstream("up"));
        var proxy = proxy(upstream);
        var miners =
                IntStream.range(0, 200).mapToObj(i -> miner(proxy, "home." + i)).toList();
        var failures = new CopyOnWriteArrayList<Throwable>();
        var threads = miners.stream()
                .map(miner -> Thread.ofVirtual().start(() -> {
                    try {
                        miner.mine(20);
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }))
                .toList();
        for (var thread : threads) thread.join();
        assertEquals(List.of(), failures);
        pool.await(4000);
        pool.assertAllGood();
        assertEquals(1, pool.connections());
        var told = sink.awaitForwards(4000);
        for (int i = 0; i < 200; i++) {
            var user = "home." + i;
            assertEquals(
                    20,
                    told.stream().filter(forward -> forward.user().equals(user)).count());
        }
        assertEquals(4000, upstream.status().accepted());
    }

    @Test
    void aNumberThatComesAgainMakesNoShareOfAnOldOne() throws Exception {
        var pool = judging("08000002", 5); // one byte of our own
        pool.difficulty("1e-8");
        var proxy = proxy(connect(pool.upstream("up")));
        var miner = keep(new Wire(proxy.address()));
        var first = miner.login("home");
        var share = "['home','%s','0000','%08x','%08x']";
        assertTrue(miner.call("mining.submit", share.formatted(first.id(), first.ntime(), 7))
                .path("result")
                .asBoolean());
        MiningJob again;
        int changes = 0;
        do {
            assertTrue(changes++ < 600, "its number never came again");
            miner.call("mining.suggest_difficulty", changes % 2 == 0 ? "[3e-10]" : "[4e-10]");
            again = miner.job();
        } while (!again.body().sameWork(first.body()));
        assertTrue(changes > JobBook.KEPT);
        var reply = miner.call("mining.submit", share.formatted(again.id(), again.ntime(), 7));
        assertEquals(22, reply.path("error").path(0).asInt(), reply.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExtranonceThatComesAgainMakesNoShareOfAnOldOne(boolean resubscribes) throws Exception {
        var pool = judging("08000002", 3); // one byte for connections
        var proxy = proxy(connect(pool.upstream("up")));
        MiningJob first;
        var share = "['home','%s','0000','%08x','%08x']";
        try (var miner = new Wire(proxy.address())) {
            if (resubscribes) miner.login("home");
            first = miner.login("home");
            for (int nonce = 0; nonce < 3; nonce++)
                assertTrue(miner.call("mining.submit", share.formatted(first.id(), first.ntime(), nonce))
                        .path("result")
                        .asBoolean());
        }
        var reply = again(proxy, first, share.formatted("%s", first.ntime(), 1));
        assertEquals(22, reply.path("error").path(0).asInt(), reply.toString());
        // once more: what was taken over is handed on
        reply = again(proxy, first, share.formatted("%s", first.ntime(), 2));
        assertEquals(22, reply.path("error").path(0).asInt(), reply.toString());
        reply = again(proxy, first, share.formatted("%s", first.ntime(), 3));
        assertTrue(reply.path("result").asBoolean(), reply.toString());
        pool.await(4);
        pool.assertAllGood();
    }

    private static JsonNode again(StratumServer proxy, MiningJob first, String share) throws Exception {
        for (int connections = 0; connections < 600; connections++)
            try (var miner = new Wire(proxy.address())) {
                var job = miner.login("home");
                if (Arrays.equals(job.coinbaseHead(), first.coinbaseHead()))
                    return miner.call("mining.submit", share.formatted(job.id()));
            }
        throw new AssertionError("its extranonce never came again");
    }

    @Test
    void tlsUpstreamByPinAndByTheSystemsAuthorities() throws Exception {
        var chain = new LocalChain(Target.ofDifficulty(BigDecimal.ONE), () -> Instant.parse("2026-01-10T12:00:00Z"));
        var above = new RecordingSink();
        var policy = DifficultyPolicy.fixed(EVERY_HASH);
        var real = keep(StratumServer.start(
                StratumServer.Config.of(StratumServerTest.loopback(), policy).withTls(TestKey.CONTEXT), chain, above));
        var address = new PoolAddress("localhost", real.address().getPort(), true);
        var pinned = new UpstreamPool.Upstream(
                "pinned", address, "account", PASSWORD, Optional.of(new PoolTrust.Pinned(TestKey.SHA256)));
        miner(proxy(connect(pinned)), "home").mine(3);
        above.await(3);

        var known = new UpstreamPool.Upstream(
                "known", address, "account", PASSWORD, Optional.of(new PoolTrust.SystemStore()));
        assertThrows(StratumException.class, () -> connect(known)); // no authority knows it
        var usual = SSLContext.getDefault();
        SSLContext.setDefault(TestKey.CONTEXT);
        try {
            miner(proxy(connect(known)), "home").mine(3);
        } finally {
            SSLContext.setDefault(usual);
        }
        assertEquals(6, above.await(6).size());
        assertThrows(
                IllegalArgumentException.class,
                () -> new UpstreamPool.Upstream("plain", address, "account", PASSWORD, Optional.empty()));
    }

    @Test
    void thePasswordIsNeitherLoggedNorTold() throws Exception {
        var said = new CopyOnWriteArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(new SimpleFormatter().format(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var logger = Logger.getLogger("org.athanor.stratum");
        logger.addHandler(handler);
        try {
            var pool = judging("08000002", 8);
            var upstream = connect(pool.upstream("up"));
            var proxy = proxy(upstream);
            pool.answer = _ -> "'result':false,'error':[24,'" + PASSWORD + " is wrong',null]";
            miner(proxy, "home").mine(1);
            said.add(sink.awaitForwards(1).toString());
            pool.refuseAccounts();
            pool.dropAll();
            Until.holds(() -> upstream.status().problem().contains("refused"));
            said.add(upstream.status().toString());
            said.add(pool.upstream("up").toString());
            said.add(pool.upstream("up").client(Duration.ofSeconds(1)).toString());
            said.add(assertThrows(StratumException.class, () -> connect(pool.upstream("up")))
                    .getMessage());
        } finally {
            logger.removeHandler(handler);
        }
        assertTrue(said.size() > 6, said.toString());
        for (var text : said) assertFalse(text.contains(PASSWORD), text);
        assertTrue(said.getLast().contains("wrong password ***"), said.getLast());
    }

    @Test
    void aShareThatFailsToBeRecordedEndsNothing() throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(pool.upstream("up"));
        ShareSink full = new ShareSink() {
            @Override
            public void share(ShareEvent event) {}

            @Override
            public void forwarded(ForwardEvent event) {
                throw new IllegalStateException("the disk is full");
            }
        };
        var config = StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(EVERY_HASH));
        var proxy = keep(StratumServer.start(config, upstream, full));
        upstream.onChange(() -> {
            throw new IllegalStateException("the disk is full");
        });
        var miner = miner(proxy, "home");
        miner.mine(2);
        pool.await(2);
        miner.events.jobs.clear();
        pool.job("j2", 2, true);
        miner.await(MiningJob::clean);
        assertInstanceOf(Accepted.class, miner.submit(miner.job()));
        pool.await(3);
        assertEquals(1, upstream.status().session());
    }
}
