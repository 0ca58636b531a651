package org.athanor.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.athanor.network.Replay;
import org.athanor.network.ShareLog;
import org.athanor.network.ShareLogException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            "equal shares. The keys of --json are in the cli module's README.",
            "",
            "Examples:",
            "  athanor pool account --share-log pool-data",
            "  athanor pool account --share-log pool-data --json"
        })
final class PoolAccountCommand implements Callable<Integer> {
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

    @Override
    public Integer call() throws JsonProcessingException {
        var replay = replay();
        var out = spec.commandLine().getOut();
        if (json)
            out.println(JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(PoolBooks.json(replay)));
        else PoolBooks.lines(replay).forEach(out::println);
        out.flush();
        if (!replay.agrees())
            throw new UserMistake("share log " + replay.file() + " does not add up: " + replay.differenceCount()
                    + (replay.differenceCount() == 1 ? " difference, " : " differences, first ")
                    + replay.differences().getFirst());
        return 0;
    }

    private Replay replay() {
        var file = Files.isDirectory(shareLog) ? shareLog.resolve(ShareLog.FILE_NAME) : shareLog;
        if (!Files.exists(file))
            throw new UserMistake("--share-log " + shareLog + ": there is no share log (" + ShareLog.FILE_NAME
                    + " in the folder that was given to athanor pool)");
        Replay replay;
        try {
            replay = ShareLog.replay(file);
        } catch (ShareLogException e) {
            throw new UserMistake(e.getMessage(), e);
        }
        if (replay.records() == 0) throw new UserMistake("share log " + file + " holds no whole record");
        return replay;
    }
}
