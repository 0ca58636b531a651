package org.athanor.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the AOT cache is made of: a moment of the demo and a year of a home in one Java machine, since a cache remembers one
 * run alone. The launcher calls it once after a build.
 */
@Command(name = "rehearse", hidden = true, description = "Runs what fast starts are prepared by; of no other use.")
final class RehearseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HOME.yaml")
    private Path home;

    @Override
    public Integer call() {
        // compiling vector kernels would make it long
        var runs = List.of(
                List.of("demo", "--for", "3s", "--port", "0", "--kernel", "digest"), List.of("plan", home.toString()));
        for (var run : runs) {
            int code = Main.commandLine().execute(run.toArray(String[]::new));
            if (code != 0) return code;
        }
        return 0;
    }
}
