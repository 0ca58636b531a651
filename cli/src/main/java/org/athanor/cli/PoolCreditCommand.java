package org.athanor.cli;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.CreditsLog;
import org.athanor.network.ShareLogException;
import org.athanor.network.UpstreamCredit;
import org.athanor.units.Millisatoshis;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Enters what an upstream pool paid. */
@Command(
        name = "credit",
        mixinStandardHelpOptions = true,
        description = "Enters what an upstream pool paid, to be divided by the work done for it in that time.",
        footer = {
            "",
            "Stratum never tells what a pool pays: take amount and time from its page or its payout. The pool may be",
            "running; credits go to " + CreditsLog.FILE_NAME + " beside the share log. The times of two credits of one",
            "upstream must not overlap. athanor pool account shows who gets what.",
            "",
            "Examples:",
            "  athanor pool credit --share-log pool-data --upstream pool.example.com:3333 \\",
            "      --from 2026-01-01T00:00:00Z --to 2026-01-02T00:00:00Z --msat 1250000"
        })
final class PoolCreditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--share-log",
            required = true,
            paramLabel = "DIR",
            description = "The folder given to athanor pool, or the log itself.")
    private Path shareLog;

    @Option(
            names = "--upstream",
            required = true,
            paramLabel = "NAME",
            description = "Who paid, by the name that athanor pool account shows.")
    private String upstream;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            converter = Time.class,
            description = "Start of the time that was paid for, ISO 8601 with a zone, such as 2026-01-01T00:00:00Z.")
    private Instant from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            converter = Time.class,
            description = "Its end; shares at this very moment are not in it.")
    private Instant to;

    @Option(names = "--msat", required = true, paramLabel = "N", description = "What was paid, in millisatoshis.")
    private long msat;

    @Option(
            names = "--amend",
            description = "Takes the place of what was entered before for exactly this time of this upstream.")
    private boolean amend;

    @Override
    public Integer call() {
        if (msat < 0) throw new ParameterException(spec.commandLine(), "--msat " + msat + ": zero or more is accepted");
        if (!from.isBefore(to))
            throw new ParameterException(
                    spec.commandLine(),
                    "--to " + to + " is not after --from " + from + ": a time in order is accepted");
        if (upstream.isBlank())
            throw new ParameterException(
                    spec.commandLine(), "--upstream \"" + upstream + "\": the name of an upstream is accepted");
        var folder = PoolAccountCommand.file(shareLog).toAbsolutePath().getParent();
        var out = spec.commandLine().getOut();
        switch (enter(folder)) {
            case CreditsLog.Entry.Refused(var reason) -> throw new UserMistake("not entered: " + reason);
            case CreditsLog.Entry.Entered(var credit, var window, var torn) -> {
                torn.ifPresent(what -> out.println("cut off: " + what));
                out.println(String.format(
                        Locale.ROOT,
                        "entered %s, for the work of %d %s",
                        credit,
                        window.work().size(),
                        window.work().size() == 1 ? "user" : "users"));
                out.flush();
            }
        }
        return 0;
    }

    private CreditsLog.Entry enter(Path folder) {
        try {
            var now = InstantSource.system().instant();
            return CreditsLog.enter(
                    folder, new UpstreamCredit(upstream, from, to, new Millisatoshis(msat), now), amend);
        } catch (ShareLogException e) {
            throw new UserMistake(e.getMessage(), e);
        }
    }

    /** ISO 8601 with a zone: an amount must not depend on where it is entered. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return OffsetDateTime.parse(text.strip()).toInstant();
            } catch (DateTimeException e) {
                throw new TypeConversionException("\"" + text
                        + "\" is not a time with a zone (such as 2026-01-01T00:00:00Z" + " or 2026-01-01T01:00+01:00)");
            }
        }
    }
}
