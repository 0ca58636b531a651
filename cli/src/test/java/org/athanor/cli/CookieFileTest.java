package org.athanor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.athanor.stratum.NodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CookieFileTest {
    @TempDir
    Path folder;

    @Test
    void theFileIsReadEachTime() throws IOException {
        var file = folder.resolve(".cookie");
        var cookie = new CookieFile(file);
        var missing = assertThrows(NodeException.class, cookie::userAndPassword);
        assertTrue(missing.getMessage().contains("no such file"), missing.getMessage());
        Files.writeString(file, "__cookie__:one");
        assertEquals("__cookie__:one", cookie.userAndPassword());
        Files.writeString(file, "__cookie__:two\n");
        assertEquals("__cookie__:two", cookie.userAndPassword());
        assertTrue(cookie.mayChange());
    }

    @Test
    void whatIsNoCookieIsNotRepeated() throws IOException {
        for (var text : new String[] {"", "s3cret", "a:s3cret\nb:s3cret\n", "s3cret".repeat(1000)}) {
            var file = Files.writeString(folder.resolve("wallet.txt"), text);
            var refused = assertThrows(NodeException.class, () -> new CookieFile(file).userAndPassword());
            assertFalse(refused.getMessage().contains("s3cret"), refused.getMessage());
        }
    }
}
