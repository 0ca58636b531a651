package org.athanor.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.training.mailbox.FolderLock;

/** Folders of jobs. */
final class Folders {
    private Folders() {}

    /** @throws UserMistake when the folder holds something else than a job: nothing is deleted then */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var inside = Files.list(folder)) {
            var others = inside.filter(each -> !each.endsWith(FolderLock.FILE));
            if (others.findAny().isPresent() && !Files.exists(folder.resolve("job.json"))) {
                throw new UserMistake(folder + " holds no training job, so --fresh does not delete it");
            }
        }
        deleteAll(folder);
    }

    /** Whatever is in it. */
    static void deleteAll(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
