package org.athanor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.logging.LogManager;
import org.athanor.cli.heater.HeaterCommand;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.cli.train.SampleCommand;
import org.athanor.cli.train.TrainCommand;
import org.athanor.cli.train.WorkerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point. Exit codes: 0 done, 1 could not be done (one line says why), 2 wrong usage. */
@Command(
        name = "athanor",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        description = "Heats a home with computation, and keeps honest books about it.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  athanor demo                     heat a simulated home with real work, page on http://127.0.0.1:8642",
            "  athanor demo --for 60s --report out.json",
            "  athanor plan HOME.yaml           what a compute heater would cost in your home, before you buy it",
            "  athanor pool --local-chain       a Stratum pool on this computer",
            "  athanor mine --pool stratum+tcp://127.0.0.1:3333 --user me",
            "  athanor train examples/jobs/quick.yaml    train a model with two workers on this computer",
            "  athanor help report              what the keys of the report mean",
            "  athanor help home                how to describe your home in a file"
        },
        subcommands = {
            DemoCommand.class,
            HeaterCommand.class,
            MineCommand.class,
            PlanCommand.class,
            PoolCommand.class,
            SampleCommand.class,
            SimulateDeviceCommand.class,
            TrainCommand.class,
            WorkerCommand.class,
            RehearseCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        quietLogging();
        int code = commandLine().execute(args);
        if (!ShutdownSignal.everythingSaid()) System.exit(code);
    }

    /** Runs a command in this process, for programs that measure it. */
    public static int run(String... args) {
        quietLogging();
        return commandLine().execute(args);
    }

    /** All commands, with their converters and errors. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Spans::parse)
                .setParameterExceptionHandler(Main::correct)
                .setExecutionExceptionHandler(Main::explain);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A command is missing: demo, heater, mine, plan, pool, sample, simulate-device, train, worker or help.");
    }

    /** The mistake and where to read on: a page of usage would push it off the screen. */
    private static int correct(ParameterException mistake, String[] args) {
        var command = mistake.getCommandLine();
        var error = command.getErr();
        var message = WrongValue.message(mistake).orElseGet(mistake::getMessage);
        error.println(command.getColorScheme().errorText(message));
        CommandLine.UnmatchedArgumentException.printSuggestions(mistake, error);
        error.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int explain(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof UserMistake) {
            commandLine.getErr().println(commandLine.getColorScheme().errorText("athanor: " + failure.getMessage()));
            return 1;
        }
        throw failure;
    }

    /** Libraries log through java.util.logging: warnings and worse only, so that they never spoil the screen. */
    private static void quietLogging() {
        try (InputStream settings = Main.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(Objects.requireNonNull(settings, "logging.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String version() {
        var version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "athanor " + version(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
            };
        }
    }
}
