package org.athanor.edge.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.athanor.edge.mining.KernelMemory.Choice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelMemoryTest {
    private static final Choice FAST = new Choice("vector512", 25_000_000);
    private static final Choice SLOW = new Choice("digest", 8_000_000);

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();
    private Path file;
    private KernelMemory memory;

    @BeforeEach
    void aFileInAFolderThatIsNotThereYet() {
        file = folder.resolve("cache/athanor/kernels");
        memory = new KernelMemory(file, notes::add);
    }

    @Test
    void remembersOneChoiceForEachKey() {
        assertEquals(Optional.empty(), memory.recall("a processor"));
        memory.remember("a processor", FAST);
        memory.remember("another", SLOW);
        var again = new KernelMemory(file, notes::add);
        assertEquals(Optional.of(FAST), again.recall("a processor"));
        assertEquals(Optional.of(SLOW), again.recall("another"));
        again.remember("a processor", SLOW);
        assertEquals(Optional.of(SLOW), memory.recall("a processor"));
        assertEquals(List.of(), notes);
    }

    @Test
    void aKeyMayHoldAnyCharacters() {
        var key = "AMD EPYC\t\"9B14\"\n(ü); 25.0.3";
        memory.remember(key, FAST);
        assertEquals(Optional.of(FAST), memory.recall(key));
        assertEquals(List.of(), notes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "athanor kernels 1\nvector512 25", "athanor kernels 2\n", "\u0000\u0001"})
    void aDamagedFileIsIgnoredWithAMessageAndMadeAnew(String content) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        assertEquals(Optional.empty(), memory.recall("a processor"));
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().contains(file.toString()), notes.getFirst());
        memory.remember("a processor", FAST);
        notes.clear();
        assertEquals(Optional.of(FAST), memory.recall("a processor"));
        assertEquals(List.of(), notes);
    }

    @Test
    void bytesThatAreNoTextAreDamageToo() throws Exception {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 10, 13});
        assertEquals(Optional.empty(), memory.recall("a processor"));
        assertEquals(1, notes.size());
    }

    @Test
    void aFileThatCannotBeReadOrWrittenIsToldAndNothingFails() throws Exception {
        Files.createDirectories(file); // a folder in its place
        Files.createFile(file.resolve("occupied"));
        assertEquals(Optional.empty(), memory.recall("a processor"));
        memory.remember("a processor", FAST);
        assertTrue(notes.getLast().contains("cannot be kept in " + file), notes.getLast());
        try (var left = Files.list(file.getParent())) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void oldChoicesAreForgottenSoThatTheFileStaysSmall() throws Exception {
        for (int i = 0; i < 200; i++) memory.remember("machine " + i, FAST);
        assertEquals(51, Files.readAllLines(file).size());
        assertEquals(Optional.of(FAST), memory.recall("machine 199"));
        assertEquals(Optional.of(FAST), memory.recall("machine 150"));
        assertEquals(Optional.empty(), memory.recall("machine 149"));
    }
}
