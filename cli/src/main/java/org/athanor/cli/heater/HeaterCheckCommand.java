package org.athanor.cli.heater;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.athanor.cli.heater.HomeSetup.Element;
import org.athanor.cli.terminal.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a heater file and says what it means, or all that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "Checks a heater file, and says what of it is unprotected.",
        description = "Reads the whole file and tells every mistake at once, with its line. No device is asked.",
        footer = {"", "Example:", "  athanor heater check heater.yaml"})
final class HeaterCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", defaultValue = "heater.yaml", description = "Default: ${DEFAULT-VALUE}.")
    private Path file;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var setup = read(file);
        for (var sink : setup.rooms()) {
            out.println(sink.name() + ", at most " + HomeSetup.limits(sink).roomMaximum());
            for (var heater : setup.heaters()) {
                if (!heater.sink().equals(sink.id())) continue;
                out.println("  " + heater.name() + (isProtected(heater) ? ", protected" : ", unprotected")
                        + heater.circuit().map(circuit -> ", on " + circuit).orElse(""));
                if (!isProtected(heater) && !heater.unprotectedAccepted())
                    out.println(
                            "    it will not heat: nothing would switch it off if this program died. Give it a plug, or"
                                    + " say acceptUnprotected: true");
            }
        }
        out.println(file + " is right");
        out.flush();
        return 0;
    }

    /** @throws UserMistake with all that is wrong */
    static HomeSetup read(Path file) {
        try {
            return HeaterFile.read(file);
        } catch (HeaterMistakes e) {
            throw new UserMistake(e.getMessage(), e);
        }
    }

    private static boolean isProtected(HomeSetup.HeaterEntry heater) {
        if (heater.source() instanceof HomeSetup.Computer || heater.source() instanceof Element) return true;
        return heater.plug()
                .map(plug -> !(plug instanceof HomeSetup.ZigbeePlugEntry zigbee)
                        || !zigbee.countdown().equals("NONE"))
                .orElse(false);
    }
}
