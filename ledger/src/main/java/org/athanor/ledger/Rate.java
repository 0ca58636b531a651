package org.athanor.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;

/**
 * What one expected hash pays, exactly: {@code msat} millisatoshis for {@code units} of {@link Work}.
 *
 * @param msat numerator, not negative
 * @param units denominator in units of 2⁻⁶⁴ hash, positive
 */
public record Rate(BigInteger msat, BigInteger units) {
    private static final int FEE_SCALE = 9;

    public Rate {
        if (msat.signum() < 0 || units.signum() <= 0)
            throw new IllegalArgumentException("not a rate: " + msat + "/" + units);
        var common = msat.gcd(units);
        msat = msat.divide(common);
        units = units.divide(common);
    }

    /**
     * Pay per share: the expectation of a block's reward, less the pool's fee.
     *
     * @param blockWork work of the network's target
     * @param blockReward subsidy and fees of a block
     * @param poolFee fraction kept by the pool, 0 to 1, at most nine decimals
     * @throws IllegalArgumentException if the fee is outside 0 to 1
     * @throws ArithmeticException if the fee has more than nine decimals
     */
    public static Rate payPerShare(Work blockWork, Millisatoshis blockReward, BigDecimal poolFee) {
        return expectation(blockWork.units(), BigInteger.valueOf(blockReward.value()), poolFee);
    }

    /**
     * Full pay per share: the expectation of a block's subsidy and of the average fees of recent blocks, less the pool's
     * fee. With no fees at all it is plain pay per share of the subsidy. The average is exact: nothing is rounded.
     *
     * @param blockWork work of the network's target
     * @param subsidy of a block
     * @param fees of the network's recent blocks, at least one (pools take a day's, 144)
     * @param poolFee fraction kept by the pool, 0 to 1, at most nine decimals
     * @throws IllegalArgumentException if there are no blocks, or the pool's fee is outside 0 to 1
     */
    public static Rate fullPayPerShare(
            Work blockWork, Millisatoshis subsidy, List<Millisatoshis> fees, BigDecimal poolFee) {
        if (fees.isEmpty()) throw new IllegalArgumentException("no blocks to average fees over");
        var blocks = BigInteger.valueOf(fees.size());
        var rewards = BigInteger.valueOf(subsidy.value()).multiply(blocks);
        for (var fee : fees) rewards = rewards.add(BigInteger.valueOf(fee.value()));
        return expectation(blockWork.units().multiply(blocks), rewards, poolFee);
    }

    private static Rate expectation(BigInteger units, BigInteger msat, BigDecimal poolFee) {
        if (poolFee.signum() < 0 || poolFee.compareTo(BigDecimal.ONE) > 0)
            throw new IllegalArgumentException("pool fee " + poolFee + ": a fraction from 0 to 1 is accepted");
        var kept = BigDecimal.ONE.subtract(poolFee).movePointRight(FEE_SCALE).toBigIntegerExact();
        return new Rate(msat.multiply(kept), units.multiply(BigInteger.TEN.pow(FEE_SCALE)));
    }

    /** @throws IllegalArgumentException if {@code text} is not what {@link #toString()} writes */
    public static Rate parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2) throw new IllegalArgumentException("not a rate: \"" + text + "\" (such as 1/18446744)");
        return new Rate(new BigInteger(parts[0]), new BigInteger(parts[1]));
    }

    @Override
    public String toString() {
        return msat + "/" + units;
    }
}
