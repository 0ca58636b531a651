package org.athanor.cli;

import java.math.BigDecimal;
import org.athanor.stratum.DifficultyPolicy;
import org.athanor.stratum.VardiffRules;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How hard shares are: for all alike, or following each miner. */
final class DifficultyOptions {
    /** What ckpool aims at. */
    private static final double USUAL_SHARES_PER_MINUTE = 18;

    /**
     * A core of some 6 MH/s sends a share every three seconds; a computer four times faster, every second; both are known
     * within a minute. What is faster still, up to an ASIC, is measured by its first few shares.
     */
    private static final BigDecimal START = new BigDecimal("0.004");

    /** The smallest miners there are, chips of a few kH/s, send some shares a minute. */
    private static final BigDecimal MINIMUM = new BigDecimal("1e-6");

    @Option(
            names = "--difficulty",
            paramLabel = "D",
            description = "Fixes the difficulty of shares, any positive number (default: it follows each miner).")
    private BigDecimal difficulty;

    @Option(
            names = "--vardiff-target",
            paramLabel = "N",
            description =
                    "Shares a minute that each miner is to send, 0.1 to 6000 (default: 18; more tell its hash rate"
                            + " better, fewer keep the share log small).")
    private Double sharesPerMinute;

    /** @throws ParameterException if they do not fit together, or cannot be understood */
    DifficultyPolicy policy(CommandLine command) {
        if (difficulty != null && sharesPerMinute != null)
            throw new ParameterException(
                    command, "--difficulty fixes what --vardiff-target lets follow: accepted is one of the two");
        if (difficulty != null && difficulty.signum() <= 0)
            throw new ParameterException(
                    command, "--difficulty " + difficulty + ": any positive number is accepted, fractions too");
        if (difficulty != null) return DifficultyPolicy.fixed(difficulty);
        try {
            double target = sharesPerMinute == null ? USUAL_SHARES_PER_MINUTE : sharesPerMinute;
            return DifficultyPolicy.vardiff(new VardiffRules(target, START, MINIMUM));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, "--vardiff-target: " + e.getMessage(), e);
        }
    }
}
