package org.athanor.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    /** Would turn the terminal's title, clear it and write from right to left. */
    private static final String EVIL = "died: \u001b]0;owned\u0007 \u001b[2J\u202e\u009b1A at 21 °C";

    private static final String HARMLESS = "died: ?]0;owned? ?[2J??1A at 21 °C";

    private static String shown(boolean live, boolean status) {
        var bytes = new ByteArrayOutputStream();
        try (var screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), live)) {
            if (status) screen.status(EVIL);
            else screen.show(List.of(EVIL), EVIL);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wordsOfStrangersMoveNoCursor() {
        for (var live : new boolean[] {true, false}) {
            for (var status : new boolean[] {true, false}) {
                var shown = shown(live, status);
                assertTrue(shown.contains(HARMLESS), shown);
                assertFalse(shown.contains("owned\u0007") || shown.contains("\u202e"), shown);
            }
        }
        assertEquals(HARMLESS + "\n", shown(false, true).replace("\r", ""));
    }

    @Test
    void aMistakeMayHaveLinesAndNothingElse() {
        assertEquals("a\n" + HARMLESS, new UserMistake("a\n" + EVIL).getMessage());
        assertEquals(HARMLESS, new UserMistake(EVIL, new IllegalStateException()).getMessage());
    }
}
