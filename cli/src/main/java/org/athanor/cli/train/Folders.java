package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Unfinished;
import org.athanor.training.mailbox.FolderLock;

/** Folders of jobs. */
final class Folders {
    private static final String JOB = "job.json";
    private static final String STATE = "state.json";
    private static final String HASH = "[0-9a-f]{64}";
    private static final String FILES =
            "(job\\.unfinished|(job|asked|state)\\.json|deliveries\\.jsonl|rounds\\.jsonl|data\\.key|draws\\.secret"
                    + "|identity\\.(p12|password)|members\\.(jsonl|secret)|receipts\\.(jsonl|key|pub)|withdrawn\\.jsonl|traffic|validation\\.tokens"
                    + "|lock)(\\.new)?|identity\\.new";
    private static final String OBJECTS = "objects(/([0-9a-f]{2}(/" + HASH + "[^/]*)?|parts(/" + HASH + "[^/]*)?))?";
    private static final String CHECKPOINTS = "checkpoints(/(new|round-\\d+\\.safetensors))?";
    private static final String IN_ENGINE =
            "(/((weights|moments|shard|validation\\.tokens|" + HASH + ")[^/]*|hs_err_pid\\d+\\.log))?";
    private static final String WORKERS =
            "workers(/\\d+(/((lock|(membership|joining)\\.json)(\\.new)?|engine\\.part|engine" + IN_ENGINE + "))?)?";
    /** What a job writes into its folder, from there, with / between names. */
    private static final Pattern OWN = Pattern.compile(String.join(
            "|",
            FILES,
            OBJECTS,
            CHECKPOINTS,
            "(engine|examiner)(\\.part|" + IN_ENGINE + ")",
            WORKERS,
            "requests(/\\d{8}-[^/]+)?"));

    private Folders() {}

    /** Of a job whose file is {@code job}, where nothing else is said. */
    static Path besides(Path job) {
        var name = job.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return job.toAbsolutePath().resolveSibling(name + ".training");
    }

    /**
     * The folder of a job that has begun.
     *
     * @param job its file or its folder
     * @throws UserMistake when there is none
     */
    static Path ofJob(Path job) {
        var folder = Files.isDirectory(job) ? job : besides(job);
        if (Files.exists(folder.resolve(JOB))) {
            return folder;
        }
        throw new UserMistake(
                Files.isDirectory(job)
                        ? job + " holds no training job"
                        : Files.exists(job)
                                ? folder + " holds no training job: " + job + " was not trained yet, or with --folder,"
                                        + " whose folder is accepted here"
                                : job + " is neither a job file nor the folder of a job");
    }

    /**
     * Deletes a job, or what is left of one, but nothing that is not a job's; links in it are not followed. Who is killed at it leaves no job.
     *
     * @return what is left, from the folder; empty when the folder is gone, or is reached by a link and empty
     * @throws UserMistake when the folder holds something else than a job: nothing is deleted then
     */
    static List<Path> delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        if (!holdsNothing(folder) && !holdsJob(folder) && !Unfinished.is(folder) && !isRest(folder)) {
            throw new UserMistake(folder + " holds no training job, so --fresh does not delete it");
        }
        Unfinished.begin(folder);
        delete(inTurn(folder));
        Unfinished.end(folder);
        var kept = others(folder);
        if (kept.isEmpty() && !Files.isSymbolicLink(folder)) {
            Files.delete(folder);
        }
        return kept;
    }

    /**
     * Deletes what whoever made or deleted a job there and was killed at it has left, but nothing that is not a job's.
     *
     * @param folder whose lock is held, and stays
     * @return whether there was any
     */
    static boolean deleteUnfinished(Path folder) throws IOException {
        var unfinished = Unfinished.is(folder);
        var lock = folder.toRealPath().resolve(FolderLock.FILE);
        if (unfinished) {
            delete(inTurn(folder).stream().filter(path -> !path.equals(lock)).toList());
        }
        Unfinished.end(folder); // where a job is whole, whoever made it was killed before he could
        return unfinished;
    }

    private static void delete(List<Path> inTurn) throws IOException {
        for (var path : inTurn) {
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException _) {
                // it holds something else
            }
        }
    }

    /** A job's own, but for the mark: its state first, since without it there is no job, and folders after what is in them. */
    static List<Path> inTurn(Path place) throws IOException {
        var folder = place.toRealPath();
        var state = folder.resolve(STATE);
        var rest = deepestFirst(folder).stream()
                .filter(path -> isOwn(folder.relativize(path)))
                .filter(path -> !path.equals(state) && !path.equals(folder.resolve(Unfinished.FILE)));
        return Stream.concat(Stream.of(state), rest).toList();
    }

    private static List<Path> others(Path place) throws IOException {
        var folder = place.toRealPath();
        try (var all = Files.walk(folder)) {
            return all.map(folder::relativize)
                    .filter(path -> !isOwn(path) && !path.toString().isEmpty())
                    .toList();
        }
    }

    /** But for the lock. */
    private static boolean holdsNothing(Path folder) throws IOException {
        try (var inside = Files.list(folder)) {
            return inside.allMatch(each -> each.endsWith(FolderLock.FILE));
        }
    }

    /** A file of that name alone may be anybody's. */
    private static boolean holdsJob(Path folder) {
        return Files.isRegularFile(folder.resolve(JOB), LinkOption.NOFOLLOW_LINKS) && isFolder(folder, "objects");
    }

    /** What older versions left without a mark when they were killed, with nothing else beside it. */
    private static boolean isRest(Path folder) throws IOException {
        return (isFolder(folder, "objects") || isFolder(folder, "checkpoints"))
                && others(folder).isEmpty();
    }

    private static boolean isFolder(Path folder, String name) {
        return Files.isDirectory(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOwn(Path inFolder) {
        var names = new StringBuilder();
        inFolder.forEach(name -> names.append(names.isEmpty() ? "" : "/").append(name));
        return OWN.matcher(names).matches();
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
