package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.athanor.cli.terminal.Printable;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Roster;
import org.athanor.training.mailbox.FolderLock;
import org.athanor.training.trust.Standing;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The operator wants nothing more of a worker, or has changed their mind. */
@Command(
        name = "exclude",
        mixinStandardHelpOptions = true,
        header = "Excludes a worker from a job, or takes that back.",
        description = {
            "Nothing more of the worker counts, not even what it has sent for the round that is open; it is told the reason"
                    + " when it asks next, and ends. What counted before still does, and keeps its receipts. The job may be"
                    + " running, in another program: then it holds within a second. Otherwise it holds as soon as the job"
                    + " goes on.",
            "--undo takes back what was said with this command, not what a worker's own rounds brought about (a replay that"
                    + " differed, say). Whoever was excluded may join with a new token as a worker of whom nothing is known."
        },
        footer = {
            "",
            "Examples:",
            "  athanor train exclude job.yaml worker-3 --reason \"its owner asked for it\"",
            "  athanor train exclude job.training worker-3 --undo"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it holds, or will as soon as the job goes on: a line says which",
            "1:it does not, and a line says why",
            "2:wrong usage"
        })
final class ExcludeCommand implements Callable<Integer> {
    private static final int LONGEST_REASON = 300;
    private static final int MOST_NAMES = 20;
    /** A coordinator looks twice a second. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofSeconds(15);
    private static final long GLANCE_MILLIS = 50;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "JOB.yaml|FOLDER", description = "The job, by its file or its folder.")
    private Path job;

    @Parameters(index = "1", paramLabel = "WORKER", description = "As the job's page calls it, such as worker-3.")
    private String worker;

    @ArgGroup(multiplicity = "1")
    private What what;

    /** One of them. */
    private static final class What {
        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "Why: the worker is told, and the job's page says it. At most " + LONGEST_REASON
                        + " characters.")
        private String reason;

        @Option(names = "--undo", description = "Lets it work again.")
        private boolean undo;
    }

    @Override
    public Integer call() throws InterruptedException {
        var reason = what.undo ? null : reason();
        var folder = Folders.ofJob(job);
        try {
            var roster = Roster.of(folder);
            requireKnown(roster);
            return what.undo ? undo(folder, roster) : exclude(folder, roster, reason);
        } catch (IOException failed) {
            throw new UserMistake("nothing was asked of the job: " + failed.getMessage(), failed);
        }
    }

    private String reason() {
        var text = Printable.text(what.reason.strip());
        if (text.isEmpty() || text.length() > LONGEST_REASON) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reason has " + text.length() + " characters: a reason of 1 to " + LONGEST_REASON
                            + " is accepted");
        }
        return text;
    }

    private void requireKnown(Roster roster) {
        if (roster.names().containsKey(worker)) {
            return;
        }
        var names = roster.names();
        var some = names.entrySet().stream()
                .limit(MOST_NAMES)
                .map(ExcludeCommand::called)
                .collect(Collectors.joining(", "));
        var known = names.isEmpty()
                ? "nobody has joined it yet"
                : "known are " + some
                        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
        throw new UserMistake("WORKER " + Printable.text(worker) + " is not a worker of this job: " + known);
    }

    private static String called(Map.Entry<String, String> worker) {
        return Printable.text(
                worker.getValue().isBlank() ? worker.getKey() : worker.getKey() + " (" + worker.getValue() + ")");
    }

    private int exclude(Path folder, Roster roster, String reason) throws IOException, InterruptedException {
        var proven = roster.standings().getOrDefault(worker, Standing.NEW).excluded();
        if (proven != null) {
            return say(worker + " is excluded already, by its own rounds: " + proven);
        }
        if (reason.equals(roster.barred().get(worker))) {
            return say(worker + " is excluded already: " + reason);
        }
        var request = Roster.exclude(folder, worker, reason);
        return switch (outcome(folder, request)) {
            case DONE -> {
                requireDone(reason.equals(Roster.of(folder).barred().get(worker)));
                yield say(worker + " is excluded: " + reason + ". It is told when it asks next.");
            }
            case NOBODY_WORKS ->
                say("Nobody works on the job now. " + worker + " is excluded as soon as it goes on: " + reason);
            case WAITS -> say(waits(folder) + worker + " is excluded: " + reason);
        };
    }

    private int undo(Path folder, Roster roster) throws IOException, InterruptedException {
        if (!roster.barred().containsKey(worker)) {
            var proven = roster.standings().getOrDefault(worker, Standing.NEW).excluded();
            throw new UserMistake(
                    proven == null
                            ? "WORKER " + worker + " is not excluded"
                            : "WORKER " + worker + " was excluded by its own rounds, which is not taken back: "
                                    + proven);
        }
        var request = Roster.readmit(folder, worker);
        return switch (outcome(folder, request)) {
            case DONE -> {
                requireDone(!Roster.of(folder).barred().containsKey(worker));
                yield say(worker + " may work again. If it has ended, the command that started it lets it go on.");
            }
            case NOBODY_WORKS -> say("Nobody works on the job now. " + worker + " may work as soon as it goes on.");
            case WAITS -> say(waits(folder) + worker + " may work again");
        };
    }

    private static String waits(Path folder) {
        return "A program works in " + folder + " and has not looked at it yet. As soon as it does, ";
    }

    private static void requireDone(boolean done) {
        if (!done) {
            throw new UserMistake("the coordinator did otherwise: somebody else asked for it, or its log says why");
        }
    }

    private int say(String line) {
        spec.commandLine().getOut().println(Printable.text(line));
        return 0;
    }

    private enum Outcome {
        DONE,
        NOBODY_WORKS,
        WAITS
    }

    private static Outcome outcome(Path folder, Path request) throws IOException, InterruptedException {
        if (isGone(request, SOON)) {
            return Outcome.DONE;
        }
        try (var _ = FolderLock.take(folder, Duration.ZERO)) {
            return Files.exists(request) ? Outcome.NOBODY_WORKS : Outcome.DONE;
        } catch (IOException _) {
            return isGone(request, LONG) ? Outcome.DONE : Outcome.WAITS; // as while it fetches libtorch
        }
    }

    private static boolean isGone(Path request, Duration patience) throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (Files.exists(request)) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(GLANCE_MILLIS);
        }
        return true;
    }
}
