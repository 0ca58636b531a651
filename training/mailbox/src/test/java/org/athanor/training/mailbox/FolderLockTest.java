package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @Test
    void aFolderIsOneProgramsAtATime(@TempDir Path folder) throws Exception {
        var first = FolderLock.take(folder, Duration.ZERO);
        var refused = assertThrows(IOException.class, () -> FolderLock.take(folder, Duration.ofMillis(120)));
        assertTrue(refused.getMessage().contains("another program works in " + folder), refused.getMessage());
        first.close();
        FolderLock.take(folder, Duration.ZERO).close();
    }

    @Test
    void whoIsJustLeavingIsWaitedFor(@TempDir Path folder) throws Exception {
        var first = FolderLock.take(folder, Duration.ZERO);
        Thread.ofVirtual().start(first::close);
        FolderLock.take(folder, Duration.ofSeconds(20)).close();
    }
}
