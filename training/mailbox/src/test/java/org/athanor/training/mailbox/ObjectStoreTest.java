package org.athanor.training.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    private static final byte[] OBJECT = new byte[10_000];
    private static final String HASH;

    static {
        new Random(1).nextBytes(OBJECT);
        HASH = ObjectStore.hash(OBJECT);
    }

    @TempDir
    Path folder;

    private ObjectStore store;

    @BeforeEach
    void open() throws IOException {
        store = new ObjectStore(folder);
    }

    private static InputStream part(int from, int to) {
        return new ByteArrayInputStream(OBJECT, from, to - from);
    }

    @Test
    void anUploadGoesOnWhereItBrokeOff() throws IOException {
        assertFalse(store.append(HASH, 0, OBJECT.length, part(0, 4_000)));
        assertFalse(store.has(HASH));
        assertEquals(4_000, new ObjectStore(folder).received(HASH));
        assertTrue(new ObjectStore(folder).append(HASH, 4_000, OBJECT.length, part(4_000, OBJECT.length)));
        assertArrayEquals(OBJECT, store.read(HASH));
        assertEquals(OBJECT.length, store.received(HASH));
    }

    @Test
    void aSenderThatLostAnAnswerMaySendAgain() throws IOException {
        store.append(HASH, 0, OBJECT.length, part(0, 4_000));
        assertFalse(store.append(HASH, 0, OBJECT.length, part(0, 3_000)));
        assertEquals(3_000, store.received(HASH));
        assertTrue(store.append(HASH, 3_000, OBJECT.length, part(3_000, OBJECT.length)));
        assertTrue(store.append(HASH, 3_000, OBJECT.length, part(3_000, OBJECT.length)), "is whole already");
        assertArrayEquals(OBJECT, store.read(HASH));
    }

    @Test
    void whatIsRefusedOrDeletedLeavesNoFile() throws IOException {
        var other = "0".repeat(64);
        assertThrows(DamagedObjectException.class, () -> store.append(other, 1, 10, part(1, 2)));
        store.append(HASH, 0, OBJECT.length, part(0, 4_000));
        store.delete(HASH);
        assertEquals(0, store.received(HASH));
        try (var files = Files.walk(folder)) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList(), "of nothing a disk gets full, too");
        }
    }

    @Test
    void aGapIsRefusedAndWhatCameIsKept() throws IOException {
        store.append(HASH, 0, OBJECT.length, part(0, 4_000));
        var gap = assertThrows(
                DamagedObjectException.class, () -> store.append(HASH, 5_000, OBJECT.length, part(5_000, 6_000)));
        assertTrue(gap.getMessage().contains("number 4000, but 5000"), gap.getMessage());
        assertEquals(4_000, store.received(HASH));
    }

    @Test
    void anotherContentIsNeverSeen() throws IOException {
        var other = Arrays.copyOf(OBJECT, OBJECT.length);
        other[7]++;
        assertThrows(
                DamagedObjectException.class,
                () -> store.append(HASH, 0, OBJECT.length, new ByteArrayInputStream(other)));
        var longer = Arrays.copyOf(OBJECT, OBJECT.length + 1);
        assertThrows(
                DamagedObjectException.class,
                () -> store.append(HASH, 0, OBJECT.length, new ByteArrayInputStream(longer)));
        assertFalse(store.has(HASH));
        assertEquals(0, store.received(HASH), "nothing of it is kept");
    }

    @Test
    void aStreamThatBreaksLeavesWhatCameBefore() throws IOException {
        store.append(HASH, 0, OBJECT.length, part(0, 4_000));
        var breaking = new SequenceInputStream(part(4_000, 4_100), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line broke");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        });
        assertThrows(IOException.class, () -> store.append(HASH, 4_000, OBJECT.length, breaking));
        assertEquals(4_000, store.received(HASH));
        assertTrue(store.append(HASH, 4_000, OBJECT.length, part(4_000, OBJECT.length)));
    }

    @Test
    void aFullDiskPublishesNothing() throws IOException {
        // where the parts belong there is no folder any more: whatever is written fails, as on a full disk
        Files.delete(folder.resolve("parts"));
        assertThrows(IOException.class, () -> store.put(OBJECT));
        assertThrows(IOException.class, () -> store.append(HASH, 0, OBJECT.length, part(0, OBJECT.length)));
        assertFalse(store.has(HASH));
        Files.createDirectory(folder.resolve("parts"));
        assertEquals(HASH, store.put(OBJECT));
        assertArrayEquals(OBJECT, store.read(HASH));
    }

    @Test
    void whatADiskHasChangedIsNotRead() throws IOException {
        store.put(OBJECT);
        var bytes = Files.readAllBytes(store.file(HASH));
        bytes[5_000]++;
        Files.write(store.file(HASH), bytes);
        var damaged = assertThrows(DamagedObjectException.class, () -> store.read(HASH));
        assertTrue(damaged.getMessage().contains(HASH), damaged.getMessage());
    }

    @Test
    void namesThatAreNoHashesReachNoFile() {
        assertThrows(IllegalArgumentException.class, () -> store.file("../../etc/passwd"));
        assertThrows(IllegalArgumentException.class, () -> store.has(HASH.toUpperCase(java.util.Locale.ROOT)));
    }

    @Test
    void leftoversGoWhenTheyAreOld() throws IOException {
        var needed = store.put("needed".getBytes(StandardCharsets.UTF_8));
        var useless = store.put("useless".getBytes(StandardCharsets.UTF_8));
        store.append(HASH, 0, OBJECT.length, part(0, 4_000));
        var now = Instant.now();
        store.sweep(Set.of(needed), now.minusSeconds(60));
        assertTrue(store.has(useless), "it has only just come");
        assertEquals(4_000, store.received(HASH));
        store.sweep(Set.of(needed), now.plusSeconds(60));
        assertTrue(store.has(needed));
        assertFalse(store.has(useless));
        assertEquals(0, store.received(HASH));
        assertTrue(store.append(HASH, 0, OBJECT.length, part(0, OBJECT.length)), "it may come anew");
    }
}
