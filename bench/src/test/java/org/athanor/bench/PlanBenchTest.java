package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.athanor.comfort.planning.GridSize;
import org.junit.jupiter.api.Test;

/** Tiny, so that the program does not rot; its figures mean nothing here. */
class PlanBenchTest {
    @Test
    void gridsAreMeasuredBesideRules() {
        var out = new ByteArrayOutputStream();
        var progress = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        new PlanBench(2, 1, 3, List.of(new GridSize(9, 4)), new GridSize(61, 17))
                .run(new PrintStream(out, true, StandardCharsets.UTF_8), progress);
        var text = out.toString(StandardCharsets.UTF_8);
        assertEquals(2, text.lines().filter(line -> line.startsWith("9x4")).count(), text);
        assertEquals(
                2, text.lines().filter(line -> line.startsWith("hysteresis")).count(), text);
        assertTrue(text.contains("a million every 15 minutes take"), text);
    }
}
