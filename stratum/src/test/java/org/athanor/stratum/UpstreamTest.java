package org.athanor.stratum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareVerdict.Accepted;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.stratum.ShareVerdict.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that mines for other pools. */
@Timeout(60)
class UpstreamTest extends ProxyRig {

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void eachShareOfEachMinerIsOneForTheUpstreamWhateverItsExtranonceSize(int size) throws Exception {
        var pool = judging("08000002aabbccddeeff00112233445566".substring(0, 2 * (1 + size)), size);
        var proxy = proxy(connect(pool.upstream("up")));
        var first = miner(proxy, "home.first");
        var second = miner(proxy, "home.second");
        first.mine(5);
        second.mine(5); // the same nonces and extranonces as the first
        pool.job("j2", 1, false);
        first.await(job -> !job.clean());
        first.mine(5);
        proxy.refresh();
        first.await(job -> !job.clean());
        second.await(job -> !job.clean());
        first.mine(5);
        second.mine(5);
        pool.await(25);
        pool.assertAllGood();
        sink.awaitForwards(25);
        for (var forward : sink.forwards()) {
            assertEquals(new ForwardOutcome.Accepted(), forward.outcome());
            assertEquals(userOf(sink, forward.hash()), forward.user());
            assertEquals("up", forward.upstream());
        }
        assertEquals(
                new HashSet<>(sink.events().stream().map(ShareEvent::hash).toList()),
                new HashSet<>(pool.seen().stream().map(JudgingPool.Seen::hash).toList()));
        assertTrue(pool.seen().stream().allMatch(share -> share.user().equals("account")));
        assertEquals(1, pool.connections());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anUpstreamWithTooFewExtranoncesIsNone(int size) throws IOException {
        var pool = judging("08", size);
        var refused = assertThrows(StratumException.class, () -> connect(pool.upstream("up")));
        assertTrue(refused.getMessage().contains("up: the pool upstream leaves " + size), refused.getMessage());
    }

    @Test
    void aRealPoolTakesSharesAndBlocks() throws Exception {
        var chain = new LocalChain(
                Target.ofDifficulty(new BigDecimal("1e-8")), () -> Instant.parse("2026-01-10T12:00:00Z"));
        var above = new RecordingSink();
        var difficulty = new BigDecimal("1e-9");
        var real = keep(StratumServer.start(
                StratumServer.Config.of(StratumServerTest.loopback(), DifficultyPolicy.fixed(difficulty)),
                chain,
                above));
        var upstream = connect(upstream("real", real.address()));
        var proxy = proxy(upstream);
        var miner = miner(proxy, "home");
        // a share is a block now and then, and the others are stale then
        while (chain.height() < 3 || upstream.status().accepted() < 4) {
            miner.submit(miner.job());
        }
        var target = Target.ofDifficulty(difficulty);
        int good = (int) sink.events().stream()
                .filter(event ->
                        event.verdict() instanceof Accepted && event.hash().compareTo(target.toString()) <= 0)
                .count();
        above.await(good);
        sink.awaitForwards(good);
        assertEquals(
                above.events().stream().map(ShareEvent::hash).sorted().toList(),
                sink.forwards().stream().map(ForwardEvent::hash).sorted().toList());
        assertTrue(sink.events().size() > above.events().size(), "easier shares stay here");
        for (var event : above.events()) {
            assertEquals("account", event.user());
            // the chain may have moved on while a share was under way
            if (event.verdict() instanceof Rejected(var reason, var _)) assertEquals(Reason.JOB_NOT_FOUND, reason);
            else assertEquals(target, event.target());
        }
        assertEquals(chain.target(), upstream.status().network());
    }

    @Test
    void onlyWhatMeetsTheUpstreamsTargetIsHandedOn() throws Exception {
        var pool = judging("08000002", 8);
        pool.difficulty("4e-9");
        var proxy = proxy(connect(pool.upstream("up")));
        var miner = miner(proxy, "home");
        var hard = Target.ofDifficulty(new BigDecimal("4e-9"));
        miner.mine(400); // each meets it with a chance of 6 %
        long meeting = sink.events().stream()
                .filter(event -> event.hash().compareTo(hard.toString()) <= 0)
                .count();
        assertTrue(meeting > 0 && meeting < 200, meeting + " of 400");
        pool.await((int) meeting);
        pool.assertAllGood();
        assertEquals(meeting, sink.awaitForwards((int) meeting).size());
        assertTrue(sink.forwards().stream().allMatch(forward -> forward.target().equals(hard)));
    }

    @ParameterizedTest
    @CsvSource({"0.5", "1e-9", "123.25", "1"})
    void noShareIsHarderThanTheUpstreams(String difficulty) throws Exception {
        var pool = judging("08000002", 8);
        pool.difficulty(difficulty);
        var proxy = proxy(connect(pool.upstream("up")), DifficultyPolicy.fixed(new BigDecimal("1e6")));
        var job = miner(proxy, "home").job();
        // the chain of these jobs has difficulty 1, and no share is harder than a block
        var asked = Target.ofDifficulty(new BigDecimal(difficulty).min(BigDecimal.ONE));
        assertFalse(asked.isEasierThan(job.target()), job.target() + " and " + asked);
        assertEquals(asked.difficulty().doubleValue(), job.target().difficulty().doubleValue(), 1e-15);
    }

    @Test
    void aNewDifficultyIsPassedDownWithTheNextJob() throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(pool.upstream("up"));
        var proxy = proxy(upstream, DifficultyPolicy.fixed(new BigDecimal("1e-9")));
        var miner = miner(proxy, "home");
        assertEquals(Target.ofDifficulty(EVERY_HASH), miner.job().target());
        pool.difficulty("1e-8");
        pool.job("j2", 1, false);
        var easy = Target.ofDifficulty(new BigDecimal("1e-9")); // ours
        miner.await(job -> job.target().equals(easy));
        miner.mine(40);
        Until.holds(() -> upstream.status().difficulty().doubleValue()
                == Target.ofDifficulty(new BigDecimal("1e-8")).difficulty().doubleValue());
        pool.assertAllGood();
    }

    @Test
    void whatWasFoundIsStaleOnceTheUpstreamHasANewTip() throws Exception {
        var pool = judging("08000002", 8);
        var miner = miner(proxy(connect(pool.upstream("up"))), "home");
        var old = miner.job();
        pool.job("j2", 1, false);
        var same = miner.await(job -> !job.clean());
        assertInstanceOf(Accepted.class, miner.submit(old));
        pool.job("j3", 2, true);
        miner.await(MiningJob::clean);
        for (var stale : List.of(old, same))
            assertEquals(new Rejected(Reason.JOB_NOT_FOUND, "stale job"), miner.submit(stale));
        pool.job("j4", 3, false); // a pool that forgets to say so
        miner.await(MiningJob::clean);
        pool.await(1);
        assertEquals(1, pool.seen().size());
    }

    @Test
    void aNewSessionWithAnotherExtranonceKeepsTheMiners() throws Exception {
        var pool = judging("08000002", 8);
        var upstream = connect(pool.upstream("up"));
        var miner = miner(proxy(upstream), "home");
        var old = miner.job();
        miner.mine(3);
        pool.await(3);
        pool.extranonces("99aabb", 8);
        miner.events.jobs.clear();
        pool.dropAll();
        miner.await(MiningJob::clean);
        assertEquals(new Rejected(Reason.JOB_NOT_FOUND, "stale job"), miner.submit(old));
        miner.mine(3);
        pool.await(6);
        pool.assertAllGood();
        assertTrue(miner.client.open());
        assertEquals(2, upstream.status().session());
    }

    @Test
    void anotherSizeOfExtranonce2MakesTheMinersSubscribeAgain() throws Exception {
        var pool = judging("08000002", 8);
        var proxy = proxy(connect(pool.upstream("up")));
        var miner = miner(proxy, "home");
        miner.mine(1);
        pool.await(1);
        var idle = keep(new Wire(proxy.address())); // connected, not subscribed
        Until.holds(() -> proxy.clients().size() == 2);
        pool.extranonces("08000002", 4);
        pool.dropAll();
        assertTrue(miner.events.disconnected.get().contains("closed"));
        idle.send("{'id':1,'method':'mining.subscribe','params':[]}");
        assertTrue(idle.closedByPeer(), "its extranonce has three bytes, cut to two it may be somebody else's");
        var again = miner(proxy, "home");
        again.mine(1);
        pool.await(2);
        pool.assertAllGood();
    }

    @Test
    void versionRollingIsTheUpstreamsMaskAndFollowsIt() throws Exception {
        var pool = judging("08000002", 8);
        pool.mask("00ffe000");
        var miner = miner(proxy(connect(pool.upstream("up"))), "home");
        var job = miner.job();
        if (job.versionMask() == 0) job = miner.events.job();
        job = miner.await(j -> j.versionMask() == 0x00ffe000);
        assertInstanceOf(Accepted.class, miner.submit(job, Target.MAX, 0x00aaa000));
        pool.await(1);
        pool.mask("0000e000");
        pool.job("j2", 1, false);
        job = miner.await(j -> j.versionMask() == 0x0000e000);
        assertInstanceOf(Accepted.class, miner.submit(job, Target.MAX, 0x0000a000));
        pool.await(2);
        pool.assertAllGood();
    }

    @Test
    void aMinerThatRollsNothingLeavesTheJobsOwnBitsAsTheyWere() throws Exception {
        var pool = judging("08000002", 16); // its version has a bit inside the mask
        var proxy = proxy(connect(pool.upstream("up")));
        var plain = keep(new Wire(proxy.address()));
        var job = plain.login("home");
        for (int nonce = 0; nonce < 5; nonce++)
            assertTrue(plain.submit("home", job, 7, nonce).path("result").asBoolean());
        var narrow = keep(new Wire(proxy.address()));
        narrow.session()
                .configured(narrow.call("mining.configure", "[['version-rolling'],{'version-rolling.mask':'00004000'}]")
                        .path("result"));
        job = narrow.login("home");
        assertEquals(0x4000, job.versionMask());
        var share = Wire.share("home", job, 7, 1).replace("]", ",'00004000']");
        var reply = narrow.call("mining.submit", share);
        assertTrue(reply.path("result").asBoolean(), reply.toString());
        pool.await(6);
        pool.assertAllGood();
    }

    @Test
    void anUpstreamWithoutVersionRollingIsGivenNoBits() throws Exception {
        var pool = judging("08000002", 8);
        pool.noVersionRolling();
        var miner = miner(proxy(connect(pool.upstream("up"))), "home");
        miner.mine(3);
        assertEquals(0, miner.job().versionMask());
        pool.await(3);
        pool.assertAllGood();
    }

    @Test
    void rejectsOfAllFormsArePutDownToTheMinerThatCausedThem() throws Exception {
        var pool = judging("08000002", 8);
        var proxy = proxy(connect(pool.upstream("up")));
        var forms = List.of(
                "'result':null,'error':[23,'low difficulty share',null]",
                "'result':null,'error':{'code':22,'message':'Duplicate share'}",
                "'result':false,'error':null,'reject-reason':'Invalid JobID'");
        var expected = List.of(
                new ForwardOutcome.Rejected(Reason.LOW_DIFFICULTY, "low difficulty share"),
                new ForwardOutcome.Rejected(Reason.DUPLICATE, "Duplicate share"),
                new ForwardOutcome.Rejected(Reason.JOB_NOT_FOUND, "Invalid JobID"));
        var miners =
                IntStream.range(0, 3).mapToObj(i -> miner(proxy, "home." + i)).toList();
        for (int i = 0; i < 3; i++) {
            var form = forms.get(i);
            pool.answer = _ -> form;
            miners.get(i).mine(1); // it did its work, whatever the upstream says
            var told = sink.awaitForwards(i + 1).get(i);
            assertEquals("home." + i, told.user());
            assertEquals(expected.get(i), told.outcome());
        }
        assertEquals(3, sink.events().size());
    }
}
