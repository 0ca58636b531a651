package org.athanor.cli.train;

import org.athanor.training.engine.EngineLimits.Isolation;
import picocli.CommandLine.Option;

/** Whether an engine may run without a sandbox. */
public final class SandboxOption {
    /** To whoever wants none. */
    public static final String WARNING =
            "The engine is not shut in: a TorchScript module may then do all that you may do."
                    + " Only for modules whose maker you trust, where no sandbox can be had.";

    @Option(names = "--without-sandbox", description = WARNING)
    private boolean without;

    Isolation isolation() {
        return without ? Isolation.NONE : Isolation.WHERE_POSSIBLE;
    }
}
