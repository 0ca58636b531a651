package org.athanor.edge.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.athanor.training.mailbox.Messages;
import org.athanor.training.receipts.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoiningKeysTest {
    @TempDir
    Path folder;

    @Test
    void whoeverAsksAgainAsksWithTheSameKeysUntilItIsAMember() throws Exception {
        var keys = JoiningKeys.in(folder);
        assertEquals(keys, JoiningKeys.in(folder));
        var rights = Files.getPosixFilePermissions(folder.resolve("joining.json"));
        assertEquals(PosixFilePermissions.fromString("rw-------"), rights);
        assertFalse(keys.toString().contains(keys.privateKey()), keys.toString());
        var join = Messages.Join.proving("secret", "name", keys.publicKey(), Ed25519.privateKey(keys.privateKey()), "");
        assertTrue(join.proven("secret"));
        assertFalse(join.proven("another"));
        JoiningKeys.forget(folder);
        assertNotEquals(keys, JoiningKeys.in(folder));
    }

    @Test
    void damagedKeysAreOneClearReason() throws Exception {
        for (var damaged : new String[] {"{", "null", "{}", "{\"publicKey\": \"a\", \"privateKey\": \"b\"}"}) {
            Files.writeString(folder.resolve("joining.json"), damaged);
            var failed = assertThrows(IOException.class, () -> JoiningKeys.in(folder), damaged);
            assertTrue(failed.getMessage().contains("joining.json is damaged: delete it"), failed.getMessage());
        }
    }
}
