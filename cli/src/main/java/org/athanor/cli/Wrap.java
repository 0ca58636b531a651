package org.athanor.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines no longer than a terminal. */
final class Wrap {
    static final int WIDTH = 100;

    private Wrap() {}

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
