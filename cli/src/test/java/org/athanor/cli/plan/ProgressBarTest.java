package org.athanor.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter out = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();

    private ProgressBar bar(ProgressBar.Style style, int units, int parts) {
        return new ProgressBar(new PrintWriter(out), style, "home-years", units, parts, nanos::get);
    }

    private void live(ProgressBar bar, int steps, double secondsEach) {
        for (int i = 0; i < steps; i++) {
            nanos.addAndGet((long) (secondsEach * 1e9));
            bar.step();
        }
    }

    @Test
    void aBarSaysHowMuchHowFastAndHowLong() {
        try (var bar = bar(ProgressBar.Style.BAR, 4, 10)) {
            live(bar, 20, 0.5);
            assertTrue(
                    out.toString()
                            .endsWith("\r[############            ] 2.0 of 4 home-years, 0.20 a second, 10 s left"),
                    out.toString());
        }
        assertTrue(out.toString().matches("(?s).*\r +\r"), "the bar is taken away");
    }

    @Test
    void whatTakesASecondShowsNothing() {
        try (var bar = bar(ProgressBar.Style.BAR, 1, 365)) {
            live(bar, 365, 0.002);
        }
        assertEquals("", out.toString());
    }

    @Test
    void whereOutputIsKeptThereIsALineAtEachTenth() {
        try (var bar = bar(ProgressBar.Style.LINES, 1000, 1)) {
            live(bar, 1000, 1);
        }
        assertEquals(10, out.toString().lines().count(), out.toString());
        assertTrue(
                out.toString()
                        .startsWith("[##                      ] 100 of 1000 home-years, 1.0 a second, 15 min left"),
                out.toString());
    }

    @Test
    void nothingIsShownWhereNobodyLooks() {
        try (var bar = bar(ProgressBar.Style.NONE, 10, 10)) {
            live(bar, 100, 1);
        }
        assertEquals("", out.toString());
    }

    @Test
    void nothingToDoIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> bar(ProgressBar.Style.BAR, 0, 1));
    }
}
