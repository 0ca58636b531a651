package org.athanor.comfort.money;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * One way in which hashprice may go on from a dated figure: price of bitcoin and difficulty each grow by a factor a year, and
 * the subsidy halves every 210,000 blocks. A declared assumption, never a forecast; use several.
 *
 * @param from day that {@code hashprice} belongs to
 * @param hashprice money per TH/s per day on that day
 * @param subsidy of a block on that day, BTC
 * @param fees of a block, BTC, assumed to stay
 * @param priceGrowth of bitcoin in a year: 0.1 is 10 % more
 * @param difficultyGrowth in a year, likewise
 */
public record HashpricePath(
        String name,
        LocalDate from,
        double hashprice,
        double subsidy,
        double fees,
        double priceGrowth,
        double difficultyGrowth) {
    private static final double DAYS_PER_YEAR = 365.2425;
    private static final int BLOCKS_PER_HALVING = 210_000;
    private static final Duration BLOCK = Duration.ofMinutes(10);

    /** Height of the chain on a known day, from which later heights are counted at one block in ten minutes. */
    private static final LocalDate KNOWN_DAY = LocalDate.of(2025, 7, 25);

    private static final int KNOWN_HEIGHT = 907_089;

    public HashpricePath {
        if (!(hashprice >= 0) || Double.isInfinite(hashprice))
            throw new IllegalArgumentException("hashprice " + hashprice + ": 0 or more");
        if (!(subsidy >= 0 && fees >= 0 && subsidy + fees > 0))
            throw new IllegalArgumentException("subsidy " + subsidy + ", fees " + fees + " BTC: not both 0");
        if (!(priceGrowth > -1 && difficultyGrowth > -1))
            throw new IllegalArgumentException("growth of price " + priceGrowth + ", of difficulty " + difficultyGrowth
                    + ": above -1 (all of it lost in a year)");
    }

    /** Day on which the block of this height is expected, such as 1,050,000 in April 2028. */
    public static LocalDate expectedDay(int height) {
        return KNOWN_DAY.plusDays(BLOCK.multipliedBy(height - KNOWN_HEIGHT).toDays());
    }

    /** How often the subsidy halves from {@link #from} to {@code day}, by expected days. */
    public int halvings(LocalDate day) {
        return era(day) - era(from);
    }

    private static int era(LocalDate day) {
        long blocks =
                ChronoUnit.DAYS.between(KNOWN_DAY, day) * Duration.ofDays(1).dividedBy(BLOCK);
        return (int) Math.floorDiv(KNOWN_HEIGHT + blocks, (long) BLOCKS_PER_HALVING);
    }

    /** Money per TH/s per day. */
    public double at(LocalDate day) {
        double years = ChronoUnit.DAYS.between(from, day) / DAYS_PER_YEAR;
        double reward = (Math.scalb(subsidy, -halvings(day)) + fees) / (subsidy + fees);
        return hashprice * reward * Math.pow((1 + priceGrowth) / (1 + difficultyGrowth), years);
    }
}
