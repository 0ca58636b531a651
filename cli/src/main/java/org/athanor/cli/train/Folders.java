package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.mailbox.FolderLock;

/** Folders of jobs. */
final class Folders {
    private static final String JOB = "job.json";
    private static final String HASH = "[0-9a-f]{64}";
    private static final String FILES =
            "((job|asked|state)\\.json|deliveries\\.jsonl|rounds\\.jsonl|data\\.key|draws\\.secret"
                    + "|identity\\.(p12|password)|members\\.(jsonl|secret)|receipts\\.(jsonl|key|pub)|traffic|validation\\.tokens"
                    + "|lock)(\\.new)?|identity\\.new";
    private static final String OBJECTS = "objects(/([0-9a-f]{2}(/" + HASH + "[^/]*)?|parts(/" + HASH + "[^/]*)?))?";
    private static final String CHECKPOINTS = "checkpoints(/(new|round-\\d+\\.safetensors))?";
    private static final String IN_ENGINE =
            "(/((weights|moments|shard|validation\\.tokens|" + HASH + ")[^/]*|hs_err_pid\\d+\\.log))?";
    private static final String WORKERS =
            "workers(/\\d+(/((lock|(membership|joining)\\.json)(\\.new)?|engine\\.part|engine" + IN_ENGINE + "))?)?";
    /** What a job writes into its folder, from there, with / between names. */
    private static final Pattern OWN = Pattern.compile(String.join(
            "|", FILES, OBJECTS, CHECKPOINTS, "(engine|examiner)" + IN_ENGINE, WORKERS, "requests(/\\d{8}-[^/]+)?"));

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
     * Deletes a job, but nothing that is not a job's; links are not followed.
     *
     * @return what is left, from the folder; empty when the folder is gone
     * @throws UserMistake when the folder holds something else than a job: nothing is deleted then
     */
    static List<Path> delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var inside = Files.list(folder)) {
            var others = inside.filter(each -> !each.endsWith(FolderLock.FILE));
            if (others.findAny().isPresent() && !holdsJob(folder)) {
                throw new UserMistake(folder + " holds no training job, so --fresh does not delete it");
            }
        }
        for (var path : deepestFirst(folder)) {
            if (isOwn(folder.relativize(path))) {
                try {
                    Files.delete(path);
                } catch (DirectoryNotEmptyException _) {
                    // it holds something else: see below
                }
            }
        }
        try (var left = Files.walk(folder)) {
            var kept = left.map(folder::relativize)
                    .filter(path -> !isOwn(path) && !path.toString().isEmpty())
                    .toList();
            if (kept.isEmpty()) {
                Files.delete(folder);
            }
            return kept;
        }
    }

    /** A file of that name alone may be anybody's. */
    private static boolean holdsJob(Path folder) {
        return Files.isRegularFile(folder.resolve("job.json"), LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder.resolve("objects"), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOwn(Path inFolder) {
        var names = new StringBuilder();
        inFolder.forEach(name -> names.append(names.isEmpty() ? "" : "/").append(name));
        return OWN.matcher(names).matches();
    }

    /** Whatever is in it. */
    static void deleteAll(Path folder) throws IOException {
        for (var path : deepestFirst(folder)) {
            Files.delete(path);
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
