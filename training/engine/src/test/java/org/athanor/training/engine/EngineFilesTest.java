package org.athanor.training.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder in which somebody's module has planted links. */
class EngineFilesTest {
    /** Of "new". */
    private static final String HASH = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437";

    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void nothingIsWrittenThroughAPlantedLink() throws Exception {
        var outside = Files.writeString(folder.resolve("outside"), "old");
        var engine = Files.createDirectory(folder.resolve("engine"));
        var file = engine.resolve("object");
        Files.createSymbolicLink(file, outside);
        Files.createSymbolicLink(engine.resolve("object.part"), outside);
        EngineFiles.put(file, NEW);
        assertEquals("old", Files.readString(outside));
        assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
        assertArrayEquals(NEW, Files.readAllBytes(file));
        assertFalse(EngineFiles.part(file).startsWith(engine), "an engine must not meet what grows");
    }

    @Test
    void whatALinkLeadsToIsNotHeld() throws Exception {
        var outside = Files.write(folder.resolve("outside"), NEW);
        var engine = Files.createDirectory(folder.resolve("engine"));
        var file = engine.resolve("object");
        assertFalse(EngineFiles.holds(file, NEW.length, HASH), "it is not there");
        Files.createSymbolicLink(file, outside);
        assertFalse(EngineFiles.holds(file, NEW.length, HASH));
        EngineFiles.put(file, NEW);
        assertTrue(EngineFiles.holds(file, NEW.length, HASH));
        assertFalse(EngineFiles.holds(file, NEW.length + 1, HASH));
        EngineFiles.put(file, "odd".getBytes(StandardCharsets.UTF_8));
        assertFalse(EngineFiles.holds(file, NEW.length, HASH), "it has another content");
    }
}
