package org.athanor.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.athanor.cli.terminal.ReportFile;
import org.athanor.cli.terminal.Screen;
import org.athanor.cli.terminal.ShutdownSignal;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.engine.EngineException;
import org.athanor.units.Celsius;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Heats a simulated home with real work. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Heats a simulated home with real work.",
        description = {
            "Heats a simulated home in real winter weather with two compute heaters, at real electricity prices:",
            "a simulated Avalon Mini 3 that speaks its real protocol, and this computer. Both really mine, by Stratum,",
            "for a pool in this process. The heater has learned its room and plans a day ahead by forecasts that err and",
            "day-ahead prices. Time in the home runs faster than yours; the speed is shown.",
            "With --train three homes train one model instead, each where and when its room wants heat."
        },
        footer = {
            "",
            "Examples:",
            "  athanor demo                                 until Ctrl-C; page on http://127.0.0.1:8642",
            "  athanor demo --for 60s --seed 1 --report out.json",
            "  athanor demo --weather my.epw --setpoint 19",
            "  athanor demo --speed 60                      a minute of the home in a second",
            "  athanor demo --fresh                         from the first day, when nothing is known of the room",
            "  athanor demo --train                         90 s, three days in three homes; fetches libtorch once",
            "  athanor demo --train --for 30s --start 01-26 --report out.json"
        })
final class DemoCommand implements Callable<Integer> {
    /** Beyond it a control cycle of 60 s would have less than half a millisecond. */
    private static final double MOST_SPEED = 100_000;

    private static final double SPEED = 1440;
    private static final String START = "01-26";
    private static final double TRAIN_SPEED = 3600;
    private static final String TRAIN_START = "11-12";
    private static final Duration TRAIN_SPAN = Duration.ofSeconds(90);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            description = "Ends after this wall time, such as 60s or 2m (default: Ctrl-C).")
    private Duration span;

    @Option(
            names = "--train",
            description = {
                "Three homes, in Denver, in Chicago and in Chicago half a year ahead, train one model with real engines, a",
                "thread each; their rooms decide who trains. Goes with --for (default then: 90s), --speed, --seed, --report,",
                "--setpoint, --start and --data alone."
            })
    private boolean train;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "Most virtual seconds per second (default: 1440, a day a minute; with --train 3600).")
    private Double asked;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Makes the simulated part repeatable (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8642",
            description = "Port of the page on 127.0.0.1 (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes the statement as JSON (see: athanor help report).")
    private Path report;

    @Option(
            names = "--setpoint",
            paramLabel = "C",
            defaultValue = "20.5",
            description = "Temperature to keep, in °C (default: ${DEFAULT-VALUE}).")
    private double setpoint;

    @Option(
            names = "--start",
            paramLabel = "MM-DD",
            description =
                    "Day of the typical year to begin with (default: 01-26, in a cold spell; with --train 11-12, when the"
                            + " cold moves).")
    private String begin;

    @Option(
            names = "--fresh",
            description = {
                "The heater is new in the home, and its thermostat decides until it knows the room, which takes two to",
                "three days (default: it has lived there for ten days)."
            })
    private boolean fresh;

    @Option(
            names = "--weather",
            paramLabel = "FILE",
            description = "Weather of a year, .epw or .mos (default: Chicago O'Hare, TMY3).")
    private Path weather;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = {
                "Hourly prices of a year as CSV with the columns time (seconds), electricity and gas",
                "(EUR/kWh; default: Belgium 2019)."
            })
    private Path prices;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = {
                "What mining pays, as lines key = value: name, date, difficulty, subsidy (3.125 BTC), fees,",
                "bitcoinPrice (EUR), poolFee (0.02; default: Bitcoin in July 2025)."
            })
    private Path scenario;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keeps journal and share log in this empty folder (default: a temporary one, deleted at the end).")
    private Path data;

    @Mixin
    private KernelOptions kernels;

    @Override
    public Integer call() throws Exception {
        if (train) return train();
        var out = Screen.standardOutput();
        var options = options();
        if (report != null) ReportFile.requireWritable("--report", report);
        var stop = new CountDownLatch(1);
        // held until the statement is out: Ctrl-C is how most demos end
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(data, "demo", "--data").requireEmpty()) {
            var result = new Demo(options, DemoData.load(weather, prices), ScenarioFile.read(scenario), kernels, stop)
                    .run(folder, out);
            Statement.lines(result).forEach(out::println);
            if (report != null) {
                ReportFile.write(report, result);
                out.println("Report written to " + report);
            }
        }
        return 0;
    }

    private int train() throws Exception {
        for (var option : List.of("--fresh", "--port", "--weather", "--prices", "--scenario", "--kernel", "--cache"))
            if (spec.commandLine().getParseResult().hasMatchedOption(option))
                throw wrong(option + " does not go with --train");
        var options = options(TRAIN_SPEED, TRAIN_START);
        if (report != null) ReportFile.requireWritable("--report", report);
        var out = Screen.standardOutput();
        var stop = new CountDownLatch(1);
        try (var _ = ShutdownSignal.onStop(stop::countDown);
                var folder = DataFolder.of(data, "demo", "--data").requireEmpty()) {
            var statement = new DemoTrain(
                            new DemoTrain.Options(
                                    span == null ? TRAIN_SPAN : span,
                                    options.speed(),
                                    seed,
                                    options.setpoint(),
                                    options.start()),
                            stop)
                    .run(folder);
            statement.lines().forEach(out::println);
            if (report != null) {
                statement.write(report);
                out.println("Report written to " + report);
            }
            return 0;
        } catch (EngineException e) {
            throw new UserMistake(e.getMessage(), e);
        }
    }

    private Demo.Options options() {
        return options(SPEED, START);
    }

    private Demo.Options options(double usualSpeed, String usualStart) {
        double speed = asked == null ? usualSpeed : asked;
        if (!(speed > 0 && speed <= MOST_SPEED))
            throw wrong("--speed " + speed + ": more than 0 and at most 100000 is accepted");
        if (port < 0 || port > 65_535) throw wrong("--port " + port + ": 0 to 65535 is accepted; 0 takes a free one");
        if (!(setpoint >= 5 && setpoint <= 26)) throw wrong("--setpoint " + setpoint + ": 5 to 26 °C is accepted");
        return new Demo.Options(
                span, speed, seed, port, new Celsius(setpoint), day(begin == null ? usualStart : begin), fresh);
    }

    /** In 2019, the year of the shipped prices; weather is of a typical year without a date. */
    private LocalDate day(String start) {
        try {
            return LocalDate.parse(DemoData.YEAR + "-" + start);
        } catch (DateTimeParseException e) {
            throw wrong("--start " + start + ": a month and day such as 01-26 is accepted");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
