package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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

    /** Whoever asks in vain in one program must not let another program in. */
    @Test
    void anotherProgramStaysOutAlsoWhenThisOneAskedTwice(@TempDir Path folder) throws Exception {
        var held = FolderLock.take(folder, Duration.ZERO);
        assertThrows(IOException.class, () -> FolderLock.take(folder, Duration.ZERO));
        assertEquals(1, otherProgram(folder));
        held.close();
        assertEquals(0, otherProgram(folder));
        try (var again = FolderLock.take(folder, Duration.ZERO)) {
            held.close(); // a second time is none, and not that of whoever has it now
            assertThrows(IOException.class, () -> FolderLock.take(folder, Duration.ZERO));
            assertNotNull(again);
        }
    }

    /** Its exit value: 0 when it took the lock. */
    private static int otherProgram(Path folder) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Taker.class.getName(),
                        folder.toString())
                .start()
                .waitFor();
    }

    /** Takes a lock, or ends with 1. */
    static final class Taker {
        public static void main(String[] arguments) throws Exception {
            try (var lock = FolderLock.take(Path.of(arguments[0]), Duration.ZERO)) {
                assertNotNull(lock);
            }
        }
    }

    @Test
    void whoIsJustLeavingIsWaitedFor(@TempDir Path folder) throws Exception {
        var first = FolderLock.take(folder, Duration.ZERO);
        Thread.ofVirtual().start(first::close);
        FolderLock.take(folder, Duration.ofSeconds(20)).close();
    }
}
