package org.athanor.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines no longer than the terminal, whose size the launcher tells in ATHANOR_COLUMNS and ATHANOR_ROWS. */
final class Wrap {
    static final int WIDTH = Math.min(100, size("ATHANOR_COLUMNS", 100));
    static final int HEIGHT = size("ATHANOR_ROWS", 50);

    private Wrap() {}

    private static int size(String variable, int otherwise) {
        var text = System.getenv(variable);
        return text != null && text.matches("[1-9]\\d{1,3}") ? Integer.parseInt(text) : otherwise;
    }

    /** Breaks {@code text} at spaces; lines after the first begin with {@code indent} spaces. */
    static List<String> at(int width, int indent, String text) {
        var lines = new ArrayList<String>();
        var rest = text;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            if (space <= indent) break; // one long word
            lines.add(rest.substring(0, space).stripTrailing());
            rest = " ".repeat(indent) + rest.substring(space + 1).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
