package org.athanor.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.athanor.cli.terminal.UserMistake;
import org.athanor.network.training.Unfinished;
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
                "withdrawn.jsonl",
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

    /** As older versions left it, killed before there was a job. */
    @Test
    void whatIsLeftOfAJobIsDeletedWhereNothingElseLies() throws IOException {
        var rest = place.resolve("rest");
        for (var name : List.of("lock", "objects/0f/" + HASH, "validation.tokens", "engine/weights", "engine.part")) {
            write(rest, name);
        }
        write(rest, "thesis.txt");
        var refused = assertThrows(UserMistake.class, () -> Folders.delete(rest));
        assertTrue(refused.getMessage().contains("holds no training job"), refused.getMessage());
        assertTrue(Files.exists(rest.resolve("engine/weights")));
        Files.delete(rest.resolve("thesis.txt"));
        assertEquals(List.of(), Folders.delete(rest));
        assertFalse(Files.exists(rest));
    }

    @Test
    void whoIsKilledWhileHeDeletesAJobLeavesWhatTheNextOneTakesAway() throws IOException {
        var job = job("thesis.txt", "members.jsonl", Unfinished.FILE);
        assertFalse(Folders.deleteUnfinished(job), "its state is there, so it is a whole job");
        assertTrue(Files.exists(job.resolve("members.jsonl")));
        assertFalse(Files.exists(job.resolve(Unfinished.FILE)), "from now on it is a job until it is deleted");

        var turn = Folders.inTurn(job);
        assertEquals(job.resolve("state.json"), turn.getFirst(), "without it there is no job");
        Unfinished.begin(job);
        for (var path : turn.subList(0, turn.size() / 2)) {
            Files.deleteIfExists(path);
        }
        assertTrue(Folders.deleteUnfinished(job));
        try (var left = Files.list(job)) {
            assertEquals(
                    Set.of("lock", "thesis.txt"),
                    left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
        }
        assertFalse(Folders.deleteUnfinished(job));
    }

    @Test
    void aFolderBehindALinkIsEmptiedAndTheLinkStays() throws IOException {
        var job = job();
        var link = Files.createSymbolicLink(place.resolve("link"), job);
        assertEquals(List.of(), Folders.delete(link));
        try (var left = Files.list(link)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
