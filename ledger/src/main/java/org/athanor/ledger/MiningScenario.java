package org.athanor.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Currency;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What mining is assumed to pay, with its date: never "the" price.
 *
 * @param name short name shown to people
 * @param date day that the figures belong to
 * @param difficulty of the network, positive
 * @param subsidy of a block
 * @param fees of a block
 * @param bitcoinPrice of one bitcoin in {@code currency}
 * @param poolFee fraction kept by the pool, 0 to 1
 */
public record MiningScenario(
        String name,
        LocalDate date,
        BigDecimal difficulty,
        Millisatoshis subsidy,
        Millisatoshis fees,
        BigDecimal bitcoinPrice,
        Currency currency,
        BigDecimal poolFee) {
    private static final BigInteger DIFFICULTY_ONE = BigInteger.valueOf(0xffff).shiftLeft(208);
    private static final BigInteger EASIEST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    /**
     * Bitcoin in July 2025: difficulty as an Avalon Q reported it at height 907089; fees and price are round figures
     * of those days, assumed.
     */
    public static final MiningScenario JULY_2025 = new MiningScenario(
            "Bitcoin, July 2025",
            LocalDate.of(2025, 7, 25),
            new BigDecimal("126271255279306.98"),
            Millisatoshis.parse("3.125 BTC"),
            Millisatoshis.parse("0.025 BTC"),
            new BigDecimal("100000"),
            Currency.getInstance("EUR"),
            new BigDecimal("0.02"));

    public MiningScenario {
        if (difficulty.signum() <= 0)
            throw new IllegalArgumentException("difficulty " + difficulty + ": a positive number is accepted");
        if (subsidy.value() < 0 || fees.value() < 0)
            throw new IllegalArgumentException("subsidy " + subsidy + ", fees " + fees + ": zero or more is accepted");
        if (bitcoinPrice.signum() < 0)
            throw new IllegalArgumentException("bitcoin price " + bitcoinPrice + ": zero or more is accepted");
    }

    /** Work of a block: that of the target min(0xffff x 2²⁰⁸ / difficulty, 2²⁵⁶ - 1). */
    public Work blockWork() {
        return Work.ofTarget(new BigDecimal(DIFFICULTY_ONE)
                .divide(difficulty, 0, RoundingMode.FLOOR)
                .toBigInteger()
                .min(EASIEST));
    }

    public Rate rate() {
        return Rate.payPerShare(blockWork(), subsidy.plus(fees), poolFee);
    }

    /** Hashprice in {@code currency} per TH/s per day, before the pool's fee. */
    public double hashprice() {
        return subsidy.plus(fees).bitcoin().multiply(bitcoinPrice).doubleValue()
                * 86_400e12
                / blockWork().toDouble();
    }

    /** For display: expected pay of one hash in millisatoshis, the pool's fee taken off. */
    public double payPerHash() {
        var rate = rate();
        return new BigDecimal(rate.msat()).doubleValue() / new BigDecimal(rate.units()).doubleValue() * 0x1p64;
    }

    /** For display: {@code amount} in {@code currency}. */
    public double value(Millisatoshis amount) {
        return amount.bitcoin().multiply(bitcoinPrice).doubleValue();
    }
}
