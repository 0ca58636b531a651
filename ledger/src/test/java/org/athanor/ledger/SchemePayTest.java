package org.athanor.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

/** Every scheme over whole sequences of events, fees, and the division of what an upstream paid. */
class SchemePayTest {
    private static final PoolFee TENTH = new PoolFee(new BigDecimal("0.1"));
    private static final List<PayScheme> ALL =
            List.of(PerShare.PPS, PerShare.FPPS, new WindowPay(BigDecimal.TWO), WindowPay.TIDES);

    private static Work hashes(long hashes) {
        return Work.ofHashes(BigInteger.valueOf(hashes));
    }

    private static PoolEvent.Share share(String user, long hashes) {
        return new PoolEvent.Share(user, hashes(hashes));
    }

    private static PoolEvent.Block block(long networkHashes, long msat) {
        return new PoolEvent.Block(hashes(networkHashes), new Millisatoshis(msat));
    }

    private static PoolEvent.Template template(long height, long networkHashes, long subsidy, long fees) {
        return new PoolEvent.Template(
                height, hashes(networkHashes), new Millisatoshis(subsidy), new Millisatoshis(fees));
    }

    private static Map<String, Long> amounts(SchemePay pay) {
        return pay.users().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().msat().value()));
    }

    @Test
    void payPerShareFollowsTheNetworkAndPaysNoFees() {
        // 1000 msat for 100 hashes, then for 200: ten msat a hash, then five; less a tenth
        var events = List.<PoolEvent>of(
                share("early", 7),
                template(1, 100, 1000, 500),
                share("a", 10),
                share("b", 1),
                template(2, 200, 1000, 900),
                share("a", 10),
                block(200, 1_000_000));
        var pay = PerShare.PPS.pay(events, TENTH);
        assertEquals(Map.of("a", 90L + 45L, "b", 9L), amounts(pay));
        assertEquals(hashes(7), pay.unpriced());
        assertEquals(Millisatoshis.ZERO, pay.rewards());
    }

    @Test
    void fullPayPerShareAddsTheAverageFeesOfTheBlocksThatAreOver() {
        var events = List.<PoolEvent>of(
                template(1, 100, 1000, 300), // no block is over: its own fees, 13 msat a hash
                share("a", 1),
                template(1, 100, 1000, 500), // its last word: 15 msat
                share("b", 1),
                template(2, 100, 1000, 9000), // block 1 is over, with 500
                share("c", 1),
                template(3, 100, 1000, 0), // 500 and 9000: 57.5 msat
                share("d", 2),
                template(2, 100, 1000, 100), // block 2 was reorganised away: 500 again
                share("e", 1),
                template(3, 100, 1000, 0), // 500 and 100: 13
                share("f", 1));
        assertEquals(
                Map.of("a", 13L, "b", 15L, "c", 15L, "d", 115L, "e", 15L, "f", 13L),
                amounts(PerShare.FPPS.pay(events, PoolFee.NONE)));
    }

    @Test
    void feesOfLongAgoAreForgotten() {
        List<PoolEvent> events = new ArrayList<>();
        events.add(template(0, 100, 0, 1_000_000));
        for (var height = 1; height <= PerShare.FEE_BLOCKS + 1; height++) events.add(template(height, 100, 0, 100));
        events.add(share("a", 1));
        assertEquals(Map.of("a", 1L), amounts(PerShare.FPPS.pay(events, PoolFee.NONE)));
    }

    @Test
    void fractionsOfAMillisatoshiAreCarriedOverChangesOfTheRate() {
        var events = List.<PoolEvent>of(
                template(1, 1000, 1, 0),
                share("a", 500),
                template(2, 2000, 1, 0),
                share("a", 1000),
                template(3, 4000, 1, 0),
                share("a", 1000));
        var pay = PerShare.PPS.pay(events, PoolFee.NONE);
        assertEquals(new Credit(new Millisatoshis(1), BigInteger.ONE.shiftLeft(62)), pay.total());
        assertEquals("1.25", pay.total().rounded(4).toPlainString());
    }

    @Test
    void aBlockPaysTheFeeFirst() {
        var events = List.<PoolEvent>of(block(100, 55), share("a", 100), share("b", 300), block(100, 1009));
        var pay = new WindowPay(BigDecimal.valueOf(4)).pay(events, TENTH);
        // 1009 less 100: 227.25 and 681.75
        assertEquals(Map.of("a", 227L, "b", 682L), amounts(pay));
        assertEquals(new Millisatoshis(105), pay.fees());
        assertEquals(new Millisatoshis(50), pay.unassigned(), "nobody had worked for the first block");
        assertEquals(new Millisatoshis(1064), pay.rewards());
    }

    @Test
    void aFeeIsAFractionAndRoundsDown() {
        assertEquals(Millisatoshis.ZERO, TENTH.of(new Millisatoshis(9)));
        assertEquals(new Millisatoshis(9), new PoolFee(BigDecimal.ONE).of(new Millisatoshis(9)));
        assertEquals(new PoolFee(new BigDecimal("0.10")), TENTH);
        for (var wrong : List.of("-0.1", "1.1", "0.1234567891"))
            assertThrows(IllegalArgumentException.class, () -> new PoolFee(new BigDecimal(wrong)), wrong);
    }

    @Test
    void aSplitThatDoesNotAddUpIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new CreditSplit(
                        new Millisatoshis(10), new Millisatoshis(1), new TreeMap<>(Map.of("a", new Millisatoshis(8)))));
        assertThrows(
                IllegalArgumentException.class,
                () -> CreditSplit.of(new Millisatoshis(-1), Map.of("a", hashes(1)), PoolFee.NONE));
        assertThrows(
                IllegalArgumentException.class, () -> CreditSplit.of(new Millisatoshis(1), Map.of(), PoolFee.NONE));
    }

    @Property(tries = 300)
    void whatAnUpstreamPaidIsSharedToTheMillisatoshi(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 200) int users,
            @ForAll @LongRange(min = 0, max = 400_000_000_000L) long msat,
            @ForAll @IntRange(min = 0, max = 1_000_000_000) int nanoFee) {
        var random = new Random(seed);
        var fee = new PoolFee(BigDecimal.valueOf(nanoFee, 9));
        Map<String, Work> work = new TreeMap<>();
        for (var i = 0; i < users; i++)
            work.put("user " + i, new Work(new BigInteger(1 + random.nextInt(120), random).add(BigInteger.ONE)));
        var split = CreditSplit.of(new Millisatoshis(msat), work, fee);
        assertEquals(
                msat,
                split.fee().value()
                        + split.users().values().stream()
                                .mapToLong(Millisatoshis::value)
                                .sum());
        var exactFee = BigDecimal.valueOf(msat).multiply(fee.fraction());
        assertTrue(exactFee.subtract(BigDecimal.valueOf(split.fee().value())).compareTo(BigDecimal.ONE) < 0);
        var total = work.values().stream().map(Work::units).reduce(BigInteger.ZERO, BigInteger::add);
        var shared = BigInteger.valueOf(msat - split.fee().value());
        split.users().forEach((user, amount) -> {
            var off = BigInteger.valueOf(amount.value())
                    .multiply(total)
                    .subtract(shared.multiply(work.get(user).units()));
            assertTrue(off.abs().compareTo(total) < 0, user + " has " + amount);
        });
    }

    @Property(tries = 200)
    void noMillisatoshiOfABlockIsLostOrMade(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 80) int count,
            @ForAll @IntRange(min = 0, max = 1000) int permille) {
        var events = events(new Random(seed), count);
        var fee = new PoolFee(BigDecimal.valueOf(permille, 3));
        for (var scheme : ALL) {
            var pay = scheme.pay(events, fee);
            assertEquals(pay, scheme.pay(List.copyOf(events), fee), "a pure function");
            for (var payout : pay.payouts()) {
                var paid = payout.amounts().values().stream().reduce(Millisatoshis.ZERO, Millisatoshis::plus);
                assertEquals(
                        payout.block().reward(),
                        payout.fee().plus(payout.unassigned()).plus(paid));
            }
            if (scheme instanceof WindowPay)
                assertEquals(
                        pay.rewards(),
                        pay.fees().plus(pay.unassigned()).plus(pay.total().msat()));
        }
    }

    @Property(tries = 200)
    void betweenTwoOtherEventsSharesMayComeInAnyOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int count) {
        var random = new Random(seed);
        var events = events(random, count);
        List<PoolEvent> shuffled = new ArrayList<>();
        List<PoolEvent> run = new ArrayList<>();
        for (var event : events) {
            if (event instanceof PoolEvent.Share) {
                run.add(event);
                continue;
            }
            Collections.shuffle(run, random);
            shuffled.addAll(run);
            run.clear();
            shuffled.add(event);
        }
        Collections.shuffle(run, random);
        shuffled.addAll(run);
        // a window that no edge of cuts a run of shares: all of the log
        var whole = new WindowPay(BigDecimal.ONE.movePointRight(30));
        for (var scheme : List.of(PerShare.PPS, PerShare.FPPS, whole))
            assertEquals(scheme.pay(events, TENTH), scheme.pay(shuffled, TENTH));
    }

    @Property(tries = 200)
    void payPerShareIsTheExactSumLessATrace(@ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int count) {
        var events = events(new Random(seed), count);
        var pay = PerShare.PPS.pay(events, PoolFee.NONE);
        Map<String, BigDecimal> exact = new TreeMap<>();
        PoolEvent.Template current = null;
        for (var event : events) {
            if (event instanceof PoolEvent.Template template) current = template;
            if (event instanceof PoolEvent.Share share && current != null)
                exact.merge(
                        share.user(),
                        new BigDecimal(share.work().units())
                                .multiply(BigDecimal.valueOf(current.subsidy().value()))
                                .divide(new BigDecimal(current.networkWork().units()), 40, RoundingMode.DOWN),
                        BigDecimal::add);
        }
        assertEquals(exact.keySet(), pay.users().keySet());
        exact.forEach((user, msat) -> {
            var off = msat.subtract(pay.users().get(user).rounded(60)).doubleValue();
            assertTrue(Math.abs(off) < count * 0x1p-64 + 1e-30, user + " is off by " + off);
        });
    }

    /** Shares of six users, templates and blocks at random; networks change, heights mostly rise. */
    private static List<PoolEvent> events(Random random, int count) {
        List<PoolEvent> events = new ArrayList<>();
        long height = 100;
        for (var i = 0; i < count; i++) {
            var kind = random.nextInt(10);
            var network = new Work(new BigInteger(80, random).add(BigInteger.ONE.shiftLeft(66)));
            if (kind == 0) {
                height += random.nextInt(4) - 1;
                events.add(new PoolEvent.Template(
                        height,
                        network,
                        new Millisatoshis(random.nextLong(400_000_000_000L)),
                        new Millisatoshis(random.nextLong(10_000_000_000L))));
            } else if (kind == 1) {
                events.add(new PoolEvent.Block(network, new Millisatoshis(random.nextLong(400_000_000_000L))));
            } else {
                events.add(new PoolEvent.Share(
                        "user " + random.nextInt(6),
                        new Work(new BigInteger(64 + random.nextInt(20), random).add(BigInteger.ONE))));
            }
        }
        return events;
    }
}
