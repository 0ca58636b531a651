package org.athanor.comfort.money;

/**
 * What hashing pays. Money is of any one currency; hashprice is money per TH/s per day, before the pool's fee.
 */
public final class MiningPay {
    /** 2²⁵⁶ over the target of difficulty 1, 0xffff · 2²⁰⁸: 1.5e-5 more than the 2³² of the usual formula. */
    private static final double HASHES_PER_DIFFICULTY = 0x1p48 / 0xffff;

    private static final double SECONDS_PER_DAY = 86_400;
    private static final double HOURS_PER_DAY_THOUSANDTH = 0.024;

    private MiningPay() {}

    /**
     * Hashprice of a network: H = 86400 · 10¹² / (D · 2³²) · (subsidy + fees) · price (facts of the protocol; at D = 10¹⁴,
     * 3.125 BTC and 100,000 USD 62.86 USD/PH/day, published at the time: 62.81, elektronics.dev).
     *
     * @param blockBitcoin subsidy and fees of a block, BTC
     * @param bitcoinPrice of one bitcoin
     */
    public static double hashprice(double difficulty, double blockBitcoin, double bitcoinPrice) {
        if (!(difficulty > 0)) throw new IllegalArgumentException("difficulty " + difficulty + ": above 0");
        return SECONDS_PER_DAY * 1e12 / (difficulty * HASHES_PER_DIFFICULTY) * blockBitcoin * bitcoinPrice;
    }

    /** The difficulty at which a network pays {@code hashprice}: {@link #hashprice} turned round. */
    public static double difficulty(double hashprice, double blockBitcoin, double bitcoinPrice) {
        if (!(hashprice > 0)) throw new IllegalArgumentException("hashprice " + hashprice + ": above 0");
        return SECONDS_PER_DAY * 1e12 / (hashprice * HASHES_PER_DIFFICULTY) * blockBitcoin * bitcoinPrice;
    }

    /**
     * Money per kWh of electricity: r = H (1 - fees) / (0.024 e).
     *
     * @param fees of the pool and of the firmware, a fraction of what is earned, 0 to 1
     * @param joulesPerTerahash marginal efficiency where the question is one more watt, average where it is all or nothing
     */
    public static double perKwh(double hashprice, double fees, double joulesPerTerahash) {
        if (!(joulesPerTerahash > 0))
            throw new IllegalArgumentException("efficiency " + joulesPerTerahash + " J/TH: above 0");
        return hashprice * (1 - fraction(fees)) / (HOURS_PER_DAY_THOUSANDTH * joulesPerTerahash);
    }

    /** The hashprice at which hashing earns {@code perKwh}: {@link #perKwh} turned round. */
    public static double breakEvenHashprice(double perKwh, double fees, double joulesPerTerahash) {
        if (!(fees < 1))
            throw new IllegalArgumentException("fees " + fees + ": less than 1, or no hashprice is enough");
        return perKwh * HOURS_PER_DAY_THOUSANDTH * joulesPerTerahash / (1 - fraction(fees));
    }

    private static double fraction(double fees) {
        if (!(fees >= 0 && fees <= 1)) throw new IllegalArgumentException("fees " + fees + ": 0 to 1");
        return fees;
    }
}
