package org.athanor.edge.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.athanor.edge.journal.Reconciliation.Agreed;
import org.athanor.edge.journal.Reconciliation.Difference;
import org.athanor.edge.journal.Reconciliation.Disagreed;
import org.athanor.edge.journal.Reconciliation.Waiting;
import org.athanor.ledger.Credit;
import org.athanor.ledger.CreditLine;
import org.athanor.ledger.MiningScenario;
import org.athanor.ledger.Rate;
import org.athanor.ledger.Weight;
import org.athanor.ledger.Weighting;
import org.athanor.units.Millisatoshis;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReconcilerTest {
    static final Instant START = Instant.parse("2026-01-15T06:00:00Z");
    static final BigInteger TARGET = BigInteger.ONE.shiftLeft(190);
    static final Rate RATE = MiningScenario.JULY_2025.rate();
    static final Weighting WEIGHTING = new Weighting(Weight.of(1440, 1), "virtual 3600 s / wall 2.5 s");
    private static final BigInteger CARRIED = BigInteger.valueOf(12345);

    static AcceptedShare share(long number) {
        return new AcceptedShare(number, "home.miner", START.plusMillis(number), "hash" + number, TARGET);
    }

    /** Line of the shares {@code first} to {@code last}, as an honest pool writes it. */
    static CreditLine line(long interval, int first, int last, BigInteger carried) {
        int count = last - first + 1;
        return CreditLine.settled(
                "home.miner",
                interval,
                START,
                START.plusSeconds(2),
                count,
                "hash" + first,
                "hash" + last,
                Work.ofTarget(TARGET).times(count),
                WEIGHTING,
                RATE,
                carried);
    }

    private static CreditLine with(
            CreditLine line, long shares, Work work, Weighting weighting, Rate rate, BigInteger carried) {
        return CreditLine.settled(
                line.user(),
                line.interval(),
                line.start(),
                line.end(),
                shares,
                line.firstShare(),
                line.lastShare(),
                work,
                weighting,
                rate,
                carried);
    }

    /** What a pool may get wrong in the line of shares 3 to 7, and what the edge says to it. */
    record Case(String name, UnaryOperator<CreditLine> pool, Set<Difference> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case("honest", line -> line, Set.of()),
                new Case(
                        "less msat",
                        line -> new CreditLine(
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
                                new Credit(
                                        line.msat().minus(new Millisatoshis(1)),
                                        line.credit().remainder())),
                        EnumSet.of(Difference.ARITHMETIC)),
                new Case(
                        "a share left out",
                        line -> with(
                                line,
                                4,
                                Work.ofTarget(TARGET).times(4),
                                line.weighting(),
                                line.rate(),
                                line.carriedIn()),
                        EnumSet.of(Difference.COUNT, Difference.WORK)),
                new Case(
                        "less work",
                        line -> with(
                                line,
                                5,
                                Work.ofTarget(TARGET).times(3),
                                line.weighting(),
                                line.rate(),
                                line.carriedIn()),
                        EnumSet.of(Difference.WORK)),
                new Case(
                        "other remainder",
                        line -> with(line, 5, line.work(), line.weighting(), line.rate(), BigInteger.ZERO),
                        EnumSet.of(Difference.REMAINDER)),
                new Case(
                        "other weight",
                        line -> with(
                                line,
                                5,
                                line.work(),
                                new Weighting(Weight.of(1439, 1), "?"),
                                line.rate(),
                                line.carriedIn()),
                        EnumSet.of(Difference.WEIGHT)),
                new Case(
                        "other rate",
                        line -> with(
                                line,
                                5,
                                line.work(),
                                line.weighting(),
                                new Rate(RATE.msat(), RATE.units().multiply(BigInteger.TWO)),
                                line.carriedIn()),
                        EnumSet.of(Difference.RATE)),
                new Case(
                        "another first share",
                        line -> CreditLine.settled(
                                line.user(),
                                line.interval(),
                                line.start(),
                                line.end(),
                                line.shares(),
                                "hash4",
                                line.lastShare(),
                                line.work(),
                                line.weighting(),
                                line.rate(),
                                line.carriedIn()),
                        EnumSet.of(Difference.COUNT)));
    }

    private static List<AcceptedShare> shares(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(ReconcilerTest::share)
                .toList();
    }

    private static Reconciliation reconcile(CreditLine line, List<AcceptedShare> unsettled) {
        return Reconciler.reconcile(
                line, unsettled, 2, CARRIED, new Terms(Optional.of(WEIGHTING.weight()), Optional.of(RATE)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void differencesAreNamedAndTheEdgeKeepsItsOwnFigures(Case is) {
        var honest = line(2, 3, 7, CARRIED);
        var found = reconcile(is.pool().apply(honest), shares(3, 9));
        var own = switch (found) {
            case Agreed agreed -> {
                assertEquals(Set.of(), is.expected());
                yield agreed.own();
            }
            case Disagreed disagreed -> {
                assertEquals(is.expected(), disagreed.differences(), disagreed.detail());
                assertTrue(disagreed.detail().startsWith("msat: pool "), disagreed.detail());
                yield disagreed.own();
            }
            case Waiting _ -> throw new AssertionError("the last share is there");
        };
        assertEquals(5, own.shares());
        assertEquals(honest.work(), own.work());
        assertEquals(honest.credit(), own.credit());
        assertEquals(7, own.through());
    }

    @Test
    void aLineWaitsForItsLastShare() {
        assertInstanceOf(Waiting.class, reconcile(line(2, 3, 7, CARRIED), shares(3, 6)));
        assertInstanceOf(Agreed.class, reconcile(line(2, 3, 7, CARRIED), shares(3, 7)));
    }

    @Test
    void anIntervalWithoutSharesCarriesTheRemainderOn() {
        var empty = CreditLine.settled(
                "home.miner", 2, START, START.plusSeconds(2), 0, "", "", Work.ZERO, WEIGHTING, RATE, CARRIED);
        var agreed = assertInstanceOf(Agreed.class, reconcile(empty, shares(3, 4)));
        assertEquals(2, agreed.own().through());
        assertEquals(CARRIED, agreed.own().credit().remainder());
    }

    @Test
    void sharesBeforeTheLinesFirstWereLeftOut() {
        var disagreed = assertInstanceOf(Disagreed.class, reconcile(line(2, 5, 7, CARRIED), shares(3, 7)));
        assertEquals(EnumSet.of(Difference.COUNT, Difference.WORK), disagreed.differences());
    }
}
