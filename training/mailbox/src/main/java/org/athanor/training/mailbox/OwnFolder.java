package org.athanor.training.mailbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Folders into which no other user of the computer looks: they hold keys, and the text of jobs whose data is encrypted elsewhere. */
public final class OwnFolder {
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    private OwnFolder() {}

    /**
     * Makes a folder, and those that lead to it. One that is there already is closed to others if nothing or only a lock is in it, or one of {@code marks};
     * somebody's folder that holds other things stays as it is, and so does one into which everybody may write.
     *
     * @param marks names of files by which this program knows what it made
     * @throws IOException when it cannot be made
     */
    public static void make(Path folder, String... marks) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWN));
            return;
        }
        try {
            var rights = Files.getPosixFilePermissions(folder);
            if (!OWN.containsAll(rights)
                    && !rights.contains(PosixFilePermission.OTHERS_WRITE)
                    && isOurs(folder, marks)) {
                Files.setPosixFilePermissions(folder, OWN);
            }
        } catch (FileSystemException _) {
            // another user's, into which we may only look: whether that will do is seen when it is used
        }
    }

    private static boolean isOurs(Path folder, String... marks) throws IOException {
        if (Arrays.stream(marks).anyMatch(mark -> Files.exists(folder.resolve(mark)))) {
            return true;
        }
        try (var inside = Files.newDirectoryStream(folder, each -> !each.endsWith(FolderLock.FILE))) {
            return !inside.iterator().hasNext();
        }
    }
}
