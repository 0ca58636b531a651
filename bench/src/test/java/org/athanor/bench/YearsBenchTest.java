package org.athanor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.athanor.cli.plan.HomeFile;
import org.junit.jupiter.api.Test;

/** Tiny, so that the program does not rot; its figures mean nothing here. */
class YearsBenchTest {
    @Test
    void everyHomeIsLivedAndCounted() throws Exception {
        var out = new ByteArrayOutputStream();
        var progress = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        new YearsBench(2, 3, 2).run(new PrintStream(out, true, StandardCharsets.UTF_8), progress);
        var text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("2 home-years (seed 3) in "), text);
        assertTrue(text.contains("home-years a second"), text);
        int verdicts = text.lines()
                .filter(line -> line.matches(" +\\d+  (do|rather not|don't)"))
                .mapToInt(line -> Integer.parseInt(line.strip().split(" ", 2)[0]))
                .sum();
        assertEquals(2, verdicts, text);
    }

    @Test
    void everyHomeThatIsMadeUpIsAHomeFile() {
        for (int i = 1; i <= 300; i++) HomeFile.parse("home " + i, YearsHomes.text(5, i), Path.of("."));
        assertEquals(YearsHomes.text(5, 1), YearsHomes.text(5, 1));
        assertNotEquals(YearsHomes.text(5, 1), YearsHomes.text(5, 2));
    }
}
