package org.athanor.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Currency;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import org.junit.jupiter.api.Test;

class QuantityArithmeticTest {
    private static final Currency EUR = Currency.getInstance("EUR");

    @Test
    void powerOverTimeIsEnergyAndBack() {
        var energy = new Watts(800).over(Duration.ofMinutes(90));
        assertEquals(1.2, energy.kilowattHours(), 1e-12);
        assertEquals(800, energy.per(Duration.ofMinutes(90)).value(), 1e-9);
    }

    @Test
    void efficiencyTiesPowerToHashrate() {
        var efficiency = JoulesPerTerahash.of(new Watts(800), Hashrate.ofTerahashes(40));
        assertEquals(new JoulesPerTerahash(20), efficiency);
        assertEquals(new Watts(800), efficiency.at(Hashrate.ofTerahashes(40)));
    }

    @Test
    void priceTimesEnergyIsMoneyAndCurrenciesDoNotMix() {
        var cost = new PricePerKwh(0.25, EUR).of(Joules.ofKilowattHours(4));
        assertEquals(new Money(1.0, EUR), cost);
        assertThrows(IllegalArgumentException.class, () -> cost.plus(Money.zero(Currency.getInstance("USD"))));
    }

    @Test
    void millisatoshisOverflowLoudly() {
        assertThrows(ArithmeticException.class, () -> new Millisatoshis(Long.MAX_VALUE).plus(new Millisatoshis(1)));
        assertEquals(new Millisatoshis(312_500_000_000L), Millisatoshis.ofBitcoin(new BigDecimal("3.125")));
        assertThrows(ArithmeticException.class, () -> Millisatoshis.ofBitcoin(new BigDecimal("0.000000000001")));
    }

    @Test
    void theEasiestTargetIsOneHashAndTheHardestAllOfThem() {
        assertEquals(
                BigInteger.ONE,
                Work.ofTarget(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE))
                        .hashes());
        assertEquals(
                BigInteger.ONE.shiftLeft(256), Work.ofTarget(BigInteger.ZERO).hashes());
        // difficulty 1: 2^256 / (0xffff * 2^208 + 1) = 2^48 / 65535, a little over 2^32 hashes
        assertEquals(
                BigInteger.valueOf(4295032833L),
                Work.ofTarget(BigInteger.valueOf(0xffff).shiftLeft(208)).hashes());
    }

    @Property
    void workOfManyEqualSharesIsTheProduct(
            @ForAll @BigRange(min = "0", max = "1000000000000000000000000") BigInteger target) {
        var share = Work.ofTarget(target);
        assertEquals(share.plus(share).plus(share), share.times(3));
    }
}
