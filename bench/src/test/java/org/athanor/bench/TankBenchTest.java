package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tiny, so that the program does not rot; its figures mean nothing here. */
class TankBenchTest {
    @Test
    void everyRuleLivesEverySeason() {
        var bytes = new ByteArrayOutputStream();
        TankBench.run(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), "--learn", "2", "--test", "1", "--seed", "3");
        var lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1 + 4 * 8, lines.size(), lines.toString());
        assertEquals(
                20,
                lines.stream()
                        .filter(line -> line.matches("  \\S.*( +-?[0-9.]+){9}"))
                        .count(),
                lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("NaN")), lines.toString());
        assertThrows(IllegalArgumentException.class, () -> TankBench.run(System.out, "--weeks", "2"));
        assertThrows(IllegalArgumentException.class, () -> TankBench.run(System.out, "--learn"));
    }
}
