package org.athanor.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One screen redrawn in place on a terminal; elsewhere (a pipe, a log) a single line now and then. What it is given moves no cursor. */
public final class Screen implements AutoCloseable {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR = "\u001b[2J";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out;
    private final boolean live;

    public Screen(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
        if (live) out.print(HIDE_CURSOR + CLEAR);
    }

    /** Standard output, live when it is a terminal that understands cursor movements. */
    @SuppressWarnings("SystemConsoleNull") // it is null when output is piped, unless jdk.console says otherwise
    public static Screen standard() {
        var console = System.console();
        var term = System.getenv("TERM");
        boolean live = console != null && console.isTerminal() && term != null && !term.equals("dumb");
        return new Screen(standardOutput(), live);
    }

    /** Standard output in UTF-8 whatever the locale: the screen and the statement contain degree signs. */
    public static PrintStream standardOutput() {
        return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    }

    public boolean live() {
        return live;
    }

    /** Shows {@code lines} when live, {@code summary} otherwise. */
    public void show(List<String> lines, String summary) {
        if (!live) {
            out.println(Printable.lines(summary));
            return;
        }
        var text = new StringBuilder(HOME);
        for (var line : lines)
            text.append(Printable.text(line)).append(CLEAR_LINE).append('\n');
        out.print(text.append(CLEAR_BELOW));
        out.flush();
    }

    /** A status of one line: rewritten in place when live, a line of its own otherwise. */
    public void status(String line) {
        if (live) out.print(HOME + Printable.lines(line) + CLEAR_LINE + CLEAR_BELOW + "\n");
        else out.println(Printable.lines(line));
        out.flush();
    }

    @Override
    public void close() {
        if (live) out.print(SHOW_CURSOR);
        out.flush();
    }
}
