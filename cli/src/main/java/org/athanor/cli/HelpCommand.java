package org.athanor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Help for a command or a topic. */
@Command(
        name = "help",
        description = "Shows help for a command, or for a topic: report, home, heater-file, job-file.",
        footer = {
            "",
            "Examples:",
            "  athanor help demo",
            "  athanor help report",
            "  athanor help home",
            "  athanor help heater-file",
            "  athanor help job-file"
        },
        helpCommand = true)
final class HelpCommand implements Callable<Integer> {
    private static final List<String> TOPICS = List.of("report", "home", "heater-file", "job-file");

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND|TOPIC",
            description = "A command, or a topic: report, home, heater-file, job-file.")
    private String subject;

    @Override
    public Integer call() throws IOException {
        CommandLine parent = spec.parent().commandLine();
        var out = spec.commandLine().getOut();
        if (subject == null) {
            parent.usage(out);
        } else if (TOPICS.contains(subject)) {
            var text = subject + ".txt";
            try (var in = HelpCommand.class.getResourceAsStream(text)) {
                out.print(new String(Objects.requireNonNull(in, text).readAllBytes(), StandardCharsets.UTF_8));
                out.flush();
            }
        } else if (parent.getSubcommands().containsKey(subject)) {
            parent.getSubcommands().get(subject).usage(out);
        } else {
            throw new ParameterException(
                    spec.commandLine(),
                    "No help on \"" + subject + "\": "
                            + String.join(", ", shown(parent)) + " or a topic, "
                            + String.join(" or ", TOPICS) + ", is accepted.");
        }
        return 0;
    }

    private static List<String> shown(CommandLine parent) {
        return parent.getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }
}
