package org.athanor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The athanor command. */
@Command(
        name = "athanor",
        description = "Heats a home with computation.",
        version = "Athanor 0.1.0-SNAPSHOT",
        mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
