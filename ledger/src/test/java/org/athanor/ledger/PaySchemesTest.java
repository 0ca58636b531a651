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
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

/** FPPS, PPLNS and TIDES: examples done by hand, and what must hold for any pool. */
class PaySchemesTest {
    private static final Millisatoshis SUBSIDY = Millisatoshis.parse("3.125 BTC");

    private static Work hashes(long hashes) {
        return Work.ofHashes(BigInteger.valueOf(hashes));
    }

    private static PoolEvent.Share share(String user, long hashes) {
        return new PoolEvent.Share(user, hashes(hashes));
    }

    private static PoolEvent.Block block(long networkHashes, long msat) {
        return new PoolEvent.Block(hashes(networkHashes), new Millisatoshis(msat));
    }

    private static Map<String, Long> amounts(WindowPay.Payout payout) {
        return payout.amounts().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().value()));
    }

    @Test
    void fullPayPerShareAddsTheAverageFees() {
        // a block takes 1000 hashes and pays 100 msat and on average 1.5: 0.1015 msat a hash, less 2 %: 0.09947
        var fees = List.of(new Millisatoshis(1), new Millisatoshis(2));
        var rate = Rate.fullPayPerShare(hashes(1000), new Millisatoshis(100), fees, new BigDecimal("0.02"));
        var credit = Settlement.settle(hashes(100_000), Weight.ONE, rate, BigInteger.ZERO);
        assertEquals(new Credit(new Millisatoshis(9947), BigInteger.ZERO), credit);
        assertThrows(
                IllegalArgumentException.class,
                () -> Rate.fullPayPerShare(hashes(1), SUBSIDY, List.of(), BigDecimal.ZERO));
    }

    @Test
    void fullPayPerShareWithoutFeesIsPayPerShareOfTheSubsidy() {
        var fee = new BigDecimal("0.015");
        assertEquals(
                Rate.payPerShare(hashes(12345), SUBSIDY, fee),
                Rate.fullPayPerShare(hashes(12345), SUBSIDY, List.of(Millisatoshis.ZERO), fee));
    }

    @Test
    void pplnsPaysTheLastSharesAndThePartOfTheOneThatTheWindowCuts() {
        // window 2 x 100: 60 of c, 100 of b, and 40 of the 90 that a did; 1000 x 40/200, 100/200, 60/200
        var events = List.of(share("d", 500), share("a", 90), share("b", 100), share("c", 60), block(100, 1000));
        var payout = new WindowPay(BigDecimal.TWO).payouts(List.copyOf(events)).getFirst();
        assertEquals(Map.of("a", 200L, "b", 500L, "c", 300L), amounts(payout));
    }

    @Test
    void aShareThatEndsAtTheEdgeIsInsideAndTheNextIsOut() {
        var shares = List.of(share("old", 1), share("a", 150), share("b", 50));
        var pplns = new WindowPay(BigDecimal.TWO);
        assertEquals(Map.of("a", hashes(150), "b", hashes(50)), pplns.window(shares, hashes(100)));
        assertEquals(
                Map.of("old", new Work(BigInteger.ONE), "a", hashes(150), "b", hashes(50)),
                new WindowPay(BigDecimal.ONE)
                        .window(shares, new Work(hashes(200).units().add(BigInteger.ONE))));
        assertEquals(Map.of("b", hashes(25)), new WindowPay(new BigDecimal("0.25")).window(shares, hashes(100)));
    }

    @Test
    void tidesPaysEachBlockFromTheLastEightBlocksOfWork() {
        // first block: alice's 400 of 400. Second: the window holds 800 of 1000, alice's oldest 200 have left it.
        // Third, at twice the difficulty: all 1100 are inside 1600 again.
        var events = List.of(
                share("alice", 400),
                block(100, 999),
                share("bob", 600),
                block(100, 1000),
                share("carol", 100),
                block(200, 1100));
        var payouts = WindowPay.TIDES.payouts(List.copyOf(events));
        assertEquals(Map.of("alice", 999L), amounts(payouts.get(0)));
        assertEquals(Map.of("alice", 250L, "bob", 750L), amounts(payouts.get(1)));
        assertEquals(Map.of("alice", 400L, "bob", 600L, "carol", 100L), amounts(payouts.get(2)));
    }

    @Test
    void theLastMillisatoshisGoToTheLargestRestsThenByName() {
        // 10 x 1/3 = 3 1/3 each: one is left, all rests are equal, the first name has it
        assertEquals(
                Map.of("a", new Millisatoshis(4), "b", new Millisatoshis(3), "c", new Millisatoshis(3)),
                RewardSplit.split(new Millisatoshis(10), Map.of("c", hashes(7), "b", hashes(7), "a", hashes(7))));
        // 10 x 1/7 = 1 3/7, 10 x 2/7 = 2 6/7, 10 x 4/7 = 5 5/7: two are left, for the second and the third
        assertEquals(
                Map.of("a", new Millisatoshis(1), "b", new Millisatoshis(3), "c", new Millisatoshis(6)),
                RewardSplit.split(new Millisatoshis(10), Map.of("a", hashes(1), "b", hashes(2), "c", hashes(4))));
    }

    @Test
    void aBlockBeforeTheFirstSharePaysNobody() {
        assertEquals(
                Map.of(),
                amounts(WindowPay.TIDES.payouts(List.of(block(100, 1000))).getFirst()));
        assertThrows(IllegalArgumentException.class, () -> RewardSplit.split(SUBSIDY, Map.of("a", Work.ZERO)));
        assertThrows(IllegalArgumentException.class, () -> new WindowPay(BigDecimal.ZERO));
    }

    @Property(tries = 300)
    void amountsAddUpToTheRewardAndAreWithinAMillisatoshiOfTheirPart(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @LongRange(min = 0, max = 400_000_000_000L) long reward) {
        var random = new Random(seed);
        var shares = shares(random, count);
        var pay = new WindowPay(BigDecimal.valueOf(1 + random.nextInt(900), 2));
        var network = new Work(new BigInteger(100, random).add(BigInteger.ONE));
        var work = pay.window(shares, network);
        var total = sum(work);
        var size = new BigDecimal(network.units())
                .multiply(pay.n())
                .setScale(0, RoundingMode.CEILING)
                .toBigInteger();
        var all = shares.stream().map(share -> share.work().units()).reduce(BigInteger.ZERO, BigInteger::add);
        assertEquals(all.min(size), total);

        var amounts = RewardSplit.split(new Millisatoshis(reward), work);
        assertEquals(
                reward,
                amounts.values().stream().mapToLong(Millisatoshis::value).sum());
        amounts.forEach((user, amount) -> {
            var off = BigInteger.valueOf(amount.value())
                    .multiply(total)
                    .subtract(BigInteger.valueOf(reward).multiply(work.get(user).units()));
            assertTrue(off.abs().compareTo(total) < 0, user + " has " + amount);
        });
    }

    @Property(tries = 200)
    void whatIsInsideTheWindowMayComeInAnyOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        var random = new Random(seed);
        var shares = shares(random, count);
        var all = new Work(shares.stream().map(share -> share.work().units()).reduce(BigInteger.ZERO, BigInteger::add));
        var reward = new Millisatoshis(random.nextLong(1_000_000));
        var shuffled = new ArrayList<>(shares);
        Collections.shuffle(shuffled, random);
        var pay = new WindowPay(BigDecimal.ONE);
        assertEquals(
                RewardSplit.split(reward, pay.window(shares, all)),
                RewardSplit.split(reward, pay.window(shuffled, all)));
    }

    @Property(tries = 200)
    void onlyWorkCountsNotItsPortionsAndNothingOlderThanTheWindow(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        var random = new Random(seed);
        var shares = shares(random, count);
        List<PoolEvent.Share> halved = new ArrayList<>();
        for (var share : shares) {
            var half = share.work().units().shiftRight(1);
            halved.add(new PoolEvent.Share(share.user(), new Work(half)));
            halved.add(new PoolEvent.Share(
                    share.user(), new Work(share.work().units().subtract(half))));
        }
        var network = new Work(new BigInteger(96, random).add(BigInteger.ONE));
        var work = WindowPay.TIDES.window(shares, network);
        assertEquals(work, WindowPay.TIDES.window(halved, network));

        if (sum(work).equals(network.units().shiftLeft(3))) { // full: what came before cannot matter
            var longer = new ArrayList<>(shares(random, 5));
            longer.addAll(shares);
            assertEquals(work, WindowPay.TIDES.window(longer, network));
        }
    }

    private static BigInteger sum(Map<String, Work> work) {
        return work.values().stream().map(Work::units).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static List<PoolEvent.Share> shares(Random random, int count) {
        List<PoolEvent.Share> shares = new ArrayList<>();
        for (var i = 0; i < count; i++)
            shares.add(new PoolEvent.Share(
                    "user " + random.nextInt(6),
                    new Work(new BigInteger(64 + random.nextInt(40), random).add(BigInteger.ONE))));
        return shares;
    }
}
