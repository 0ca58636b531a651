package org.athanor.network.training;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The mark of a folder in which a job is being made, or deleted. A job is one from the instant on at which its state is there, and none
 * any more as soon as that is gone: where whoever was at work died, what lies beside the mark is no job, and nobody needs it.
 */
public final class Unfinished {
    /** In the folder; empty. */
    public static final String FILE = "job.unfinished";

    private Unfinished() {}

    /** Whether what a folder holds of a job is no whole one. */
    public static boolean is(Path folder) {
        return isMarked(folder) && !Files.exists(folder.resolve(JobFolder.STATE), LinkOption.NOFOLLOW_LINKS);
    }

    /** Before a job's first file is written, or its state is deleted. */
    public static void begin(Path folder) throws IOException {
        try (var mark = FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            mark.force(true);
        }
    }

    /** After its state was written, or its last file was deleted. */
    public static void end(Path folder) throws IOException {
        if (isMarked(folder)) {
            Files.delete(folder.resolve(FILE));
        }
    }

    private static boolean isMarked(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
    }
}
