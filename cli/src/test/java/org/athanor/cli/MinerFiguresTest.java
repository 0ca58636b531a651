package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.athanor.edge.mining.KernelChooser;
import org.athanor.hash.NonceScanners;
import org.athanor.hash.Target;
import org.athanor.stratum.ShareEvent;
import org.athanor.stratum.ShareVerdict;
import org.athanor.stratum.ShareVerdict.Reason;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;
import org.athanor.units.Work;
import org.junit.jupiter.api.Test;

class MinerFiguresTest {
    private static MinerFigures figures(double rate, Optional<Watts> watts, Optional<String> warming) {
        return new MinerFigures(
                new Hashrate(rate),
                123_456,
                2,
                watts,
                new MinerTally.Shares(10, 1, 2, 3),
                new KernelChooser.State(NonceScanners.digest(), warming, warming.isEmpty()),
                Optional.empty());
    }

    @Test
    void wattsGiveJoulesPerTerahash() {
        var line = figures(25e6, Optional.of(new Watts(95)), Optional.empty()).line("stratum+tcp://pool:3333", "me");
        assertEquals(
                "stratum+tcp://pool:3333 as me  " + new Hashrate(25e6)
                        + " on 2 threads, digest  95.0 W, 3800000 J/TH  10 accepted, 1 rejected, 2 stale, 3 blocks",
                line);
    }

    @Test
    void wattsThatNothingMeasuresAreUnknown() {
        var figures = figures(25e6, Optional.empty(), Optional.of("vector512"));
        var line = figures.line("stratum+tcp://pool:3333", "me");
        assertTrue(line.contains("digest (warming vector512)  watts unknown  10 accepted"), line);
        assertFalse(line.contains("J/TH"), line);
        assertFalse(figures.prometheus().contains("watts"), figures.prometheus());
    }

    @Test
    void noRateHasNoEfficiency() {
        var line = figures(0, Optional.of(new Watts(40)), Optional.empty()).line("p", "me");
        assertTrue(line.contains("40.0 W  10 accepted"), line);
    }

    @Test
    void prometheusGetsTheSameFigures() {
        var text = figures(25e6, Optional.of(new Watts(95.5)), Optional.of("vector512"))
                .prometheus();
        for (var sample : List.of(
                "athanor_miner_hashrate 25000000",
                "athanor_miner_nonces_total 123456",
                "athanor_miner_threads 2",
                "athanor_miner_connected 1",
                "athanor_miner_shares_total{verdict=\"accepted\"} 10",
                "athanor_miner_shares_total{verdict=\"rejected\"} 1",
                "athanor_miner_shares_total{verdict=\"stale\"} 2",
                "athanor_miner_blocks_total 3",
                "athanor_miner_watts 95.5",
                "athanor_miner_kernel_info{kernel=\"digest\",warming=\"vector512\"} 1"))
            assertTrue(text.lines().anyMatch(sample::equals), sample + " is missing in:\n" + text);
    }

    @Test
    void staleSharesAreCountedApart() {
        var tally = new MinerTally();
        for (var verdict : List.of(
                new ShareVerdict.Accepted(Work.ofTarget(Target.REGTEST_LIMIT.value()), true),
                new ShareVerdict.Accepted(Work.ofTarget(Target.REGTEST_LIMIT.value()), false),
                new ShareVerdict.Rejected(Reason.JOB_NOT_FOUND, "stale"),
                new ShareVerdict.Rejected(Reason.DUPLICATE, "duplicate"),
                new ShareVerdict.Rejected(Reason.LOW_DIFFICULTY, "low"),
                new ShareVerdict.Rejected(Reason.OTHER, "other")))
            tally.share(new ShareEvent("me", "athanor", "1", "00", Target.REGTEST_LIMIT, verdict));
        assertEquals(new MinerTally.Shares(2, 3, 1, 1), tally.shares());
    }
}
