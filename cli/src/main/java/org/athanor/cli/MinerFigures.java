package org.athanor.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;
import org.athanor.edge.mining.KernelChooser;
import org.athanor.network.PrometheusText;
import org.athanor.units.Hashrate;
import org.athanor.units.Watts;

/**
 * A miner as it stands, for people and for Prometheus.
 *
 * @param nonces tried for pay since the start
 * @param power of the whole processor, whatever runs on it; empty where nothing measures it
 * @param trouble why it is not connected; empty when it is
 */
record MinerFigures(
        Hashrate rate,
        long nonces,
        int threads,
        Optional<Watts> power,
        MinerTally.Shares shares,
        KernelChooser.State kernel,
        Optional<String> trouble) {

    String line(String pool, String user) {
        return String.format(
                Locale.ROOT,
                "%s as %s  %s on %d thread%s, %s%s  %s  %d accepted, %d rejected, %d stale, %d blocks%s",
                pool,
                user,
                rate,
                threads,
                threads == 1 ? "" : "s",
                kernel.scanner().name(),
                kernel.warming().map(name -> " (warming " + name + ")").orElse(""),
                power.map(this::efficiency).orElse("watts unknown"),
                shares.accepted(),
                shares.rejected(),
                shares.stale(),
                shares.blocks(),
                trouble.map(why -> "  - " + why).orElse(""));
    }

    private String efficiency(Watts watts) {
        var drawn = String.format(Locale.ROOT, "%.1f W", watts.value());
        var joules = joulesPerTerahash(watts);
        return joules.isEmpty() ? drawn : drawn + ", " + joules.get() + " J/TH";
    }

    /** To three digits: it is no more exact than that. */
    private Optional<String> joulesPerTerahash(Watts watts) {
        if (rate.value() <= 0) return Optional.empty();
        return Optional.of(BigDecimal.valueOf(watts.value() / (rate.value() / 1e12))
                .round(new MathContext(3))
                .toPlainString());
    }

    String prometheus() {
        var text = new PrometheusText()
                .single(
                        "athanor_miner_hashrate",
                        "gauge",
                        "Hashes per second, averaged over some ten seconds.",
                        rate.value())
                .single("athanor_miner_nonces_total", "counter", "Nonces tried for the pool.", (double) nonces)
                .single("athanor_miner_threads", "gauge", "Hashing threads.", threads)
                .single("athanor_miner_connected", "gauge", "1 while the pool gives work.", trouble.isEmpty() ? 1 : 0);
        var verdicts = "athanor_miner_shares_total";
        text.family(verdicts, "counter", "Shares by the pool's verdict.")
                .sample(verdicts, (double) shares.accepted(), "verdict", "accepted")
                .sample(verdicts, (double) shares.rejected(), "verdict", "rejected")
                .sample(verdicts, (double) shares.stale(), "verdict", "stale");
        text.single("athanor_miner_blocks_total", "counter", "Accepted shares that met the network's target.", (double)
                shares.blocks());
        power.ifPresent(watts -> text.single(
                "athanor_miner_watts",
                "gauge",
                "Power of the whole processor, as it reports it (RAPL). Missing where it cannot be read.",
                watts.value()));
        var info = "athanor_miner_kernel_info";
        text.family(info, "gauge", "The kernel in use, and the one that is being compiled, if any.")
                .sample(
                        info,
                        1,
                        "kernel",
                        kernel.scanner().name(),
                        "warming",
                        kernel.warming().orElse(""));
        return text.toString();
    }
}
