package org.athanor.cli.heater;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A real home. */
@Command(
        name = "heater",
        mixinStandardHelpOptions = true,
        header = "Keeps the rooms of a real home at their setpoints with machines that compute.",
        description = {
            "Drives miners, plugs and thermometers in your own network by a file that",
            "says which there are (\"athanor help heater-file\" explains it). Limits are",
            "kept whatever fails: docs/safety.md says which, and how."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HeaterDiscoverCommand.class,
            HeaterRunCommand.class,
            HeaterCheckCommand.class,
            HeaterPairCommand.class,
            HeaterInstallCommand.class,
            HeaterUninstallCommand.class
        },
        footer = {"", "Examples:", "  athanor heater check heater.yaml", "  athanor heater run --config heater.yaml"})
public final class HeaterCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A command is missing: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()) + ".");
    }
}
