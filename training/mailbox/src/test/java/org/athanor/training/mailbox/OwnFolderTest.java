package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFolderTest {
    @TempDir
    private Path place;

    private static String rights(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }

    private Path folder(String name, String rights, String file) throws IOException {
        var folder = Files.createDirectory(place.resolve(name));
        Files.writeString(folder.resolve(file), "");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
        return folder;
    }

    @Test
    void aFreshFolderIsOurs() throws IOException {
        OwnFolder.make(place.resolve("job/workers/1"));
        assertEquals("rwx------", rights(place.resolve("job/workers/1")));
        assertEquals("rwx------", rights(place.resolve("job")));
    }

    @Test
    void anOldOneIsClosedAndSomebodysIsNot() throws IOException {
        var old = folder("old", "rwxr-xr-x", "job.json");
        OwnFolder.make(old, "membership.json", "job.json");
        assertEquals("rwx------", rights(old));
        var empty = folder("empty", "rwxr-xr-x", "x");
        Files.delete(empty.resolve("x"));
        OwnFolder.make(empty, "job.json");
        assertEquals("rwx------", rights(empty));
        var somebodys = folder("somebodys", "rwxr-xr-x", "thesis.txt");
        OwnFolder.make(somebodys, "job.json");
        assertEquals("rwxr-xr-x", rights(somebodys));
        var everybodys = folder("everybodys", "rwxrwxrwx", "job.json");
        OwnFolder.make(everybodys, "job.json");
        assertEquals("rwxrwxrwx", rights(everybodys));
    }
}
