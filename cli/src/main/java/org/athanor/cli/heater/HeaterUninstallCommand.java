package org.athanor.cli.heater;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.edge.homeassistant.HomeAssistant;
import org.athanor.edge.homeassistant.HomeAssistantException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a home out of Home Assistant. */
@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        header = "Removes from Home Assistant whatever this home has announced there.",
        description = {
            "Every room and heater that this home has ever had goes, by the MQTT broker and the homeId of the file. End",
            "athanor heater run before: it would announce them again. The state folder and the service stay."
        },
        footer = {"", "Example:", "  athanor heater uninstall --config /etc/athanor/heater.yaml"})
final class HeaterUninstallCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "heater.yaml",
            description = "Default: ${DEFAULT-VALUE}.")
    private Path config;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var setup = HeaterCheckCommand.read(config);
        var home = setup.announced()
                .orElseThrow(() -> new UserMistake(
                        config + ": homeAssistant is missing, or says discovery: false: nothing was announced"));
        try {
            int removed = HomeAssistant.uninstall(home, note -> out.println("! " + note));
            out.println(removed == 0 ? "nothing of this home was there" : removed + " devices removed");
            out.flush();
            return 0;
        } catch (HomeAssistantException e) {
            throw new UserMistake(e.getMessage(), e);
        }
    }
}
