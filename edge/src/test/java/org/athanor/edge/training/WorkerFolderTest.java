package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.athanor.training.engine.EngineLimits;
import org.athanor.training.mailbox.JoinToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerFolderTest {
    @TempDir
    private Path place;

    private void begin(Path folder) throws InterruptedException {
        var config = new WorkerConfig(
                URI.create("https://127.0.0.1:1"), // nobody is there
                JoinToken.fresh("00".repeat(32)),
                folder,
                "worker",
                new EngineLimits(1L << 30, 1, EngineLimits.Isolation.WHERE_POSSIBLE),
                null,
                0,
                0);
        Thread running;
        try (var worker = new TrainingWorker(config)) {
            running = Thread.ofVirtual().start(() -> {
                try {
                    worker.run();
                } catch (WorkerStopped | InterruptedException _) {
                    // it is closed below
                }
            });
            for (var waited = 0; worker.status().note() == null; waited++) {
                assertTrue(waited < 3000, "it tries to join");
                Thread.sleep(10);
            }
        }
        running.join();
    }

    @Test
    void noOtherUserLooksIntoAWorkersFolder() throws Exception {
        var folder = place.resolve("worker");
        begin(folder);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        begin(folder);
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)), "one made before");
    }
}
