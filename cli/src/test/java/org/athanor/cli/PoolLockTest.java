package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two programs, for within one program Java itself remembers what is locked. */
class PoolLockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private String[] pool() {
        return new String[] {"pool", "--local-chain", "--listen", "127.0.0.1:0", "--share-log", folder.toString()};
    }

    @Test
    void aShareLogHasOnePoolOfAllPrograms() throws Exception {
        try (var first = Child.start(Main.class, pool())) {
            first.awaitPrefix("pool on ", PATIENCE);
            var error = new StringWriter();
            assertEquals(1, Main.commandLine().setErr(new PrintWriter(error)).execute(pool()));
            assertTrue(error.toString().contains("is in use by another program"), error.toString());
        }
    }
}
