package org.athanor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentHashrateTest {
    private static final double SECOND = 1e9;
    private static final double WORK = 1e8;

    private final RecentHashrate rate = new RecentHashrate();

    private double relative(double seconds, double trueRate) {
        var now = rate.at((long) (seconds * SECOND));
        return (now.rate().value() / trueRate - 1) / now.relativeError();
    }

    @Test
    void nothingIsKnownBeforeTheSecondShare() {
        assertEquals(0, rate.at(5).rate().value());
        rate.add(WORK, 0);
        assertTrue(Double.isInfinite(rate.at((long) SECOND).relativeError()));
        rate.add(WORK, (long) (10 * SECOND));
        assertEquals(WORK / 10, rate.at((long) (10 * SECOND)).rate().value(), WORK / 10 * 0.02);
        assertEquals(1, rate.at((long) (10 * SECOND)).relativeError());
    }

    @Test
    void theErrorOfNEqualSharesIsOneByTheRootOfNWhileTheyAreNew() {
        for (int i = 0; i <= 16; i++) rate.add(WORK, (long) (i * 0.01 * SECOND));
        assertEquals(0.25, rate.at((long) (0.16 * SECOND)).relativeError(), 1e-3);
    }

    /** The error that is told is the error that there is: measured over many heaters that hash at random. */
    @Test
    void theTrueRateLiesWithinTheErrorAsOftenAsItShould() {
        var random = new Random(4);
        int runs = 2000;
        int within = 0;
        double squares = 0;
        for (int run = 0; run < runs; run++) {
            var recent = new RecentHashrate();
            double shareEvery = 10;
            double work = WORK;
            double second = 0;
            while (second < 1500) {
                recent.add(work, (long) (second * SECOND));
                second += shareEvery * work / WORK * -Math.log(1 - random.nextDouble());
                if (second > 400) work = 2 * WORK; // its difficulty changes
            }
            var now = recent.at((long) (1500 * SECOND));
            double deviation = (now.rate().value() / (WORK / shareEvery) - 1) / now.relativeError();
            squares += deviation * deviation;
            if (Math.abs(deviation) < 1) within++;
        }
        assertEquals(0.683, within / (double) runs, 0.04);
        assertEquals(1, squares / runs, 0.12);
    }

    @Test
    void aSteadyHeaterWithEighteenSharesAMinuteIsKnownToSevenAndAHalfPercent() {
        for (int i = 0; i < 900; i++) rate.add(WORK, (long) (i * 60 / 18.0 * SECOND));
        assertEquals(0.075, rate.at((long) (899 * 60 / 18.0 * SECOND)).relativeError(), 0.001);
        assertTrue(Math.abs(relative(899 * 60 / 18.0, WORK * 18 / 60)) < 0.2);
    }

    @Test
    void aHeaterThatStoppedIsSoonAtNothingAndBeginsAnew() {
        for (int i = 0; i < 900; i++) rate.add(WORK, (long) (i * SECOND));
        assertTrue(rate.at((long) ((900 + 1500) * SECOND)).rate().value() < 0.01 * WORK);
        long late = (long) ((900 + 2000) * SECOND);
        assertTrue(rate.forgotten(late));
        assertTrue(Double.isInfinite(rate.at(late).relativeError()));
        rate.add(WORK, late);
        rate.add(WORK, late + (long) SECOND);
        assertEquals(WORK, rate.at(late + (long) SECOND).rate().value(), 0.01 * WORK);
    }
}
