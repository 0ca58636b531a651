package org.athanor.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

class SettlementTest {
    private static final Rate RATE = MiningScenario.JULY_2025.rate();

    @Test
    void aBlockOfWorkPaysTheBlockLessTheFee() {
        var scenario = MiningScenario.JULY_2025;
        var credit = Settlement.settle(scenario.blockWork(), Weight.ONE, scenario.rate(), BigInteger.ZERO);
        // 3.15 BTC less 2 %
        assertEquals(Millisatoshis.parse("3.087 BTC"), credit.msat());
        assertEquals(BigInteger.ZERO, credit.remainder());
    }

    @Test
    void hashpriceAgreesWithTheUsualFormula() {
        // facts: D = 10^14, $100k, 3.125 BTC gives 62.86 $/PH/day
        var scenario = new MiningScenario(
                "check",
                MiningScenario.JULY_2025.date(),
                new BigDecimal("1e14"),
                Millisatoshis.parse("3.125 BTC"),
                Millisatoshis.ZERO,
                new BigDecimal("100000"),
                MiningScenario.JULY_2025.currency(),
                BigDecimal.ZERO);
        assertEquals(0.06286, scenario.hashprice(), 0.00001);
    }

    @Test
    void workWorthLessThanAMillisatoshiIsCarriedUntilItIsWorthOne() {
        var rate = new Rate(BigInteger.ONE, Work.ofHashes(BigInteger.valueOf(3)).units()); // 1/3 msat a hash
        var hash = Work.ofHashes(BigInteger.ONE);
        var first = Settlement.settle(hash, Weight.ONE, rate, BigInteger.ZERO);
        assertEquals(Millisatoshis.ZERO, first.msat());
        var second = Settlement.settle(hash, Weight.ONE, rate, first.remainder());
        assertEquals(Millisatoshis.ZERO, second.msat());
        var third = Settlement.settle(hash.times(2), Weight.ONE, rate, second.remainder());
        assertEquals(new Millisatoshis(1), third.msat());
    }

    /** Carrying loses less than 2^-64 msat an interval, so any split of the work pays what one settlement would. */
    @Property
    void splittingWorkIntoIntervalsCostsNothing(
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 1L << 50) Long> hashes,
            @ForAll @IntRange(min = 1, max = 100_000) int virtualSeconds,
            @ForAll @IntRange(min = 1, max = 1_000) int wallSeconds) {
        var weight = Weight.of(virtualSeconds, wallSeconds);
        var total = Work.ZERO;
        var paid = Millisatoshis.ZERO;
        var carried = BigInteger.ZERO;
        for (long h : hashes) {
            var work = Work.ofHashes(BigInteger.valueOf(h));
            total = total.plus(work);
            var credit = Settlement.settle(work, weight, RATE, carried);
            paid = paid.plus(credit.msat());
            carried = credit.remainder();
        }
        var atOnce = Settlement.settle(total, weight, RATE, BigInteger.ZERO);
        var difference = atOnce.msat().minus(paid).value();
        assertTrue(
                difference == 0 || (difference == 1 && atOnce.remainder().bitLength() < 8), "difference " + difference);
    }

    @Test
    void aLineAddsUpUntilSomebodyTouchesIt() {
        var line = CreditLine.settled(
                "home.computer",
                1,
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(2),
                3,
                "00",
                "01",
                Work.ofHashes(BigInteger.valueOf(1L << 40)),
                new Weighting(Weight.of(1440, 1), "virtual 2880 s / wall 2 s"),
                RATE,
                BigInteger.TWO);
        assertTrue(line.addsUp());
        var touched = new CreditLine(
                line.user(),
                line.interval(),
                line.start(),
                line.end(),
                line.shares(),
                line.firstShare(),
                line.lastShare(),
                line.work(),
                line.weighting(),
                line.rate(),
                line.carriedIn(),
                new Credit(line.msat().plus(new Millisatoshis(1)), line.credit().remainder()));
        assertTrue(!touched.addsUp());
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Weight.of(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Weight.of(-1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Rate.payPerShare(Work.ofHashes(BigInteger.ONE), Millisatoshis.ZERO, new BigDecimal("1.1")));
        assertEquals(Weight.of(2, 3), Weight.parse(Weight.of(4, 6).toString()));
        assertEquals(RATE, Rate.parse(RATE.toString()));
    }
}
