package org.athanor.cli.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes part in somebody's job. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        header = "Takes part in a training job that runs elsewhere.",
        footer = {"", "Example:", "  athanor worker join https://192.0.2.10:8650 TOKEN"},
        subcommands = WorkerJoinCommand.class)
public final class WorkerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: athanor worker join https://HOST:PORT TOKEN");
    }
}
