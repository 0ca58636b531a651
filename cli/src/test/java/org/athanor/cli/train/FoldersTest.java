package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.athanor.cli.terminal.UserMistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    private static final String HASH = "0f".repeat(32);

    @TempDir
    Path place;

    private Path job(String... more) throws IOException {
        var job = place.resolve("job.training");
        for (var name : List.of(
                "job.json",
                "state.json",
                "state.json.new",
                "lock",
                "identity.p12",
                "objects/0f/" + HASH,
                "objects/parts/" + HASH,
                "checkpoints/round-000002.safetensors",
                "engine/weights",
                "engine/" + HASH,
                "examiner/shard-" + HASH,
                "workers/1/membership.json",
                "workers/1/engine/moments-0f-40")) {
            write(job, name);
        }
        for (var name : more) {
            write(job, name);
        }
        return job;
    }

    private static void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), name);
    }

    @Test
    void aJobIsDeletedWithItsFolder() throws IOException {
        var job = job();
        assertEquals(List.of(), Folders.delete(job));
        assertFalse(Files.exists(job));
    }

    @Test
    void whatIsNotTheJobsStaysAndIsNamed() throws IOException {
        var job = job("thesis.txt", "workers/staff.ods", "objects/0f/cup.obj");
        var outside = Files.createDirectory(place.resolve("outside"));
        write(outside, "weights");
        Files.createSymbolicLink(job.resolve("workers/2"), outside);
        var kept =
                new TreeSet<>(Folders.delete(job).stream().map(Path::toString).toList());
        assertEquals(new TreeSet<>(List.of("thesis.txt", "workers/staff.ods", "objects/0f/cup.obj")), kept);
        assertEquals("thesis.txt", Files.readString(job.resolve("thesis.txt")));
        assertFalse(Files.exists(job.resolve("job.json")));
        assertTrue(Files.exists(outside.resolve("weights")), "links are not followed");
    }

    @Test
    void aFileNamedAsAJobsMakesNoJob() throws IOException {
        var folder = Files.createDirectory(place.resolve("work"));
        Files.writeString(folder.resolve("job.json"), "{}");
        Files.writeString(folder.resolve("thesis.txt"), "all of it");
        var refused = assertThrows(UserMistake.class, () -> Folders.delete(folder));
        assertTrue(refused.getMessage().contains("holds no training job"), refused.getMessage());
        assertTrue(Files.exists(folder.resolve("job.json")) && Files.exists(folder.resolve("thesis.txt")));
    }
}
