package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** So that the measurement still measures when it is wanted. */
class PoolBenchTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the measurement reads /proc and pins with taskset")
    void aTinyRunFillsTheWholeTable() throws Exception {
        var bytes = new ByteArrayOutputStream();
        PoolBench.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), 1, 0.01);
        var lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(21, lines.size(), lines.toString());
        assertTrue(lines.get(1).startsWith("       10    8  all"), lines.get(1));
        assertTrue(lines.getLast().matches(".*: -?[0-9.]+ kB each"), lines.getLast());
    }
}
