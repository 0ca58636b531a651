package org.athanor.cli.plan;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How much of a long work is done, at which rate, and how long the rest will take: a bar that is redrawn on a terminal, or a
 * line at each tenth where the output is kept. Nothing is shown of work that takes no longer than a second. Any thread may
 * report.
 */
public final class ProgressBar implements AutoCloseable {
    /** Where it is shown. */
    public enum Style {
        BAR,
        LINES,
        NONE;

        /** A bar on a terminal, otherwise {@code elsewhere}. */
        @SuppressWarnings("SystemConsoleNull") // it is null when output is piped, unless jdk.console says otherwise
        public static Style onTerminal(Style elsewhere) {
            var console = System.console();
            return console != null && console.isTerminal() ? BAR : elsewhere;
        }
    }

    private static final long QUIET_NANOS = 1_000_000_000L;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int BAR_WIDTH = 24;
    private static final int TENTHS = 10;

    private final PrintWriter out;
    private final Style style;
    private final String unit;
    private final int units;
    private final long total;
    private final LongSupplier nanoTime;
    private final long start;
    private long done;
    private long drawn;
    private int longest;
    private long tenths;

    /**
     * @param unit what is counted, such as home-years
     * @param partsOfUnit what is reported of each
     */
    public ProgressBar(PrintWriter out, Style style, String unit, int units, int partsOfUnit) {
        this(out, style, unit, units, partsOfUnit, System::nanoTime);
    }

    ProgressBar(PrintWriter out, Style style, String unit, int units, int partsOfUnit, LongSupplier nanoTime) {
        if (units < 1 || partsOfUnit < 1)
            throw new IllegalArgumentException(units + " " + unit + " of " + partsOfUnit + " parts (each at least 1)");
        this.out = out;
        this.style = style;
        this.unit = unit;
        this.units = units;
        this.nanoTime = nanoTime;
        total = (long) units * partsOfUnit;
        start = nanoTime.getAsLong();
        drawn = start;
    }

    /** One part more is done. */
    public synchronized void step() {
        done++;
        if (style == Style.NONE) return;
        long now = nanoTime.getAsLong();
        if (now - start < QUIET_NANOS) return;
        if (style == Style.BAR && (now - drawn >= REDRAW_NANOS || done == total)) {
            var line = line(now);
            out.print("\r" + line + " ".repeat(Math.max(0, longest - line.length())));
            out.flush();
            longest = Math.max(longest, line.length());
            drawn = now;
        }
        if (style == Style.LINES && done * TENTHS / total > tenths) {
            tenths = done * TENTHS / total;
            out.println(line(now));
            out.flush();
        }
    }

    private String line(long now) {
        double seconds = (now - start) / 1e9;
        double finished = units * (double) done / total;
        double rate = finished / seconds;
        int filled = (int) (BAR_WIDTH * done / total);
        return String.format(
                Locale.ROOT,
                "[%s%s] %s of %d %s, %.2g a second, %s left",
                "#".repeat(filled),
                " ".repeat(BAR_WIDTH - filled),
                units < 100 ? String.format(Locale.ROOT, "%.1f", finished) : Long.toString((long) finished),
                units,
                unit,
                rate,
                span((units - finished) / rate));
    }

    private static String span(double seconds) {
        long whole = Math.round(seconds);
        return whole < 120 ? whole + " s" : Math.round(seconds / 60) + " min";
    }

    /** Takes the bar away. */
    @Override
    public synchronized void close() {
        if (longest == 0) return;
        out.print("\r" + " ".repeat(longest) + "\r");
        out.flush();
    }
}
