package org.athanor.cli.train;

import org.athanor.training.engine.EngineLimits.Isolation;
import picocli.CommandLine.Option;

/** Whether an engine may run without a sandbox. */
final class SandboxOption {
    @Option(
            names = "--without-sandbox",
            description = "The engine is not shut in: a TorchScript module may then do all that you may do. Only for"
                    + " modules whose maker you trust, where no sandbox can be had.")
    private boolean without;

    Isolation isolation() {
        return without ? Isolation.NONE : Isolation.WHERE_POSSIBLE;
    }
}
