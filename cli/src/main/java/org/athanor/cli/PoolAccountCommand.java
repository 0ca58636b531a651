package org.athanor.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.ledger.PayScheme;
import org.athanor.ledger.PerShare;
import org.athanor.ledger.PoolFee;
import org.athanor.ledger.WindowPay;
import org.athanor.network.Recount;
import org.athanor.network.ShareLog;
import org.athanor.network.ShareLogException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The books of a pool, computed again from its share log. */
@Command(
        name = "account",
        mixinStandardHelpOptions = true,
        description = "Computes work and credit per user again from a pool's share log alone.",
        footer = {
            "",
            "Reads and never writes; the pool may be running. Ends with 1 if there is no log, if it is damaged, or",
            "if its own figures do not follow from its shares. An unfinished last line is left out and reported.",
            "The hash rate is over the time in which the pool ran; +- is one standard deviation, 1/sqrt(n) for n",
            "equal shares. Behind an upstream pool, what it paid (athanor pool credit) is divided by the work of",
            "the heaters in that time; what it has not paid yet is shown as expected, and never added to that.",
            "--scheme computes in addition what a pay scheme would owe each user, from shares and blocks alone:",
            "pps and fpps pay every hash its part of the expected subsidy (fpps: and of the average fees of the",
            "last 144 blocks), pplns and tides divide each block by the last shares before it. A block that left",
            "the best chain pays nothing. The keys of --json are in the cli module's README.",
            "",
            "Examples:",
            "  athanor pool account --share-log pool-data",
            "  athanor pool account --share-log pool-data --json",
            "  athanor pool account --share-log pool-data --scheme pplns --window 3 --fee 0.01"
        })
final class PoolAccountCommand implements Callable<Integer> {
    private static final WindowPay DEFAULT_PPLNS = new WindowPay(BigDecimal.TWO);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--share-log",
            required = true,
            paramLabel = "DIR",
            description = "The folder given to athanor pool, or the log itself.")
    private Path shareLog;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** What the option takes, in the order in which help shows them. */
    enum Scheme {
        PPS,
        FPPS,
        PPLNS,
        TIDES
    }

    @Option(
            names = "--scheme",
            paramLabel = "SCHEME",
            description = "Adds what this scheme owes each user: pps, fpps, pplns or tides.")
    private Scheme scheme;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "With pplns: shares count back to N times the network's work (default: 2).")
    private BigDecimal window;

    @Option(
            names = "--fee",
            paramLabel = "FRACTION",
            description = "What the pool keeps of blocks and of upstreams' credits, 0 to 1"
                    + " (default: as the log's last start says, 0 where it does not).")
    private BigDecimal fee;

    @Override
    public Integer call() throws JsonProcessingException {
        var chosen = scheme();
        var given = fee == null ? null : poolFee();
        var recount = recount(chosen != null);
        var replay = recount.replay();
        var books = PoolBooks.of(recount, given == null ? replay.poolFee().orElse(PoolFee.NONE) : given, chosen);
        var out = spec.commandLine().getOut();
        if (json)
            out.println(JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(PoolBooksJson.of(books)));
        else PoolBooksText.lines(books).forEach(out::println);
        out.flush();
        if (!replay.agrees())
            throw new UserMistake("share log " + replay.file() + " does not add up: " + replay.differenceCount()
                    + (replay.differenceCount() == 1 ? " difference, " : " differences, first ")
                    + replay.differences().getFirst());
        return 0;
    }

    /** Null when nobody asked for one. */
    private PayScheme scheme() {
        if (window != null && scheme != Scheme.PPLNS)
            throw new ParameterException(
                    spec.commandLine(), "--window " + window.toPlainString() + ": only --scheme pplns has a window");
        if (scheme == null) return null;
        return switch (scheme) {
            case PPS -> PerShare.PPS;
            case FPPS -> PerShare.FPPS;
            case TIDES -> WindowPay.TIDES;
            case PPLNS -> pplns();
        };
    }

    private PayScheme pplns() {
        if (window == null) return DEFAULT_PPLNS;
        if (window.signum() <= 0)
            throw new ParameterException(
                    spec.commandLine(), "--window " + window.toPlainString() + ": any positive number is accepted");
        return new WindowPay(window);
    }

    private PoolFee poolFee() {
        try {
            return new PoolFee(fee);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--fee: " + e.getMessage(), e);
        }
    }

    private Recount recount(boolean forScheme) {
        var file = file(shareLog);
        Recount recount;
        try {
            recount = forScheme ? ShareLog.recount(file) : new Recount(ShareLog.replay(file), null);
        } catch (ShareLogException e) {
            throw new UserMistake(e.getMessage(), e);
        }
        if (recount.replay().records() == 0) throw new UserMistake("share log " + file + " holds no whole record");
        return recount;
    }

    /** @throws UserMistake if there is none */
    static Path file(Path shareLog) {
        var file = Files.isDirectory(shareLog) ? shareLog.resolve(ShareLog.FILE_NAME) : shareLog;
        if (!Files.exists(file))
            throw new UserMistake("--share-log " + shareLog + ": there is no share log (" + ShareLog.FILE_NAME
                    + " in the folder that was given to athanor pool)");
        return file;
    }
}
